"""Noting what was done about a cause, in the transaction in which it is done."""

from django.contrib.auth.models import User
from django.db import transaction

from drafting.models import TableImport, Version
from review import audit_log
from review.kept_forms import KeptForm
from review.models import Miss, Remedy
from review.next_nine import named


def known(cause: str) -> str:
    """`cause` if mails had it or something was done about it, else "": what comes out of an address may be anything."""
    cause = cause.replace("\0", "")
    is_known = cause and (Miss.objects.filter(cause=cause).exists() or Remedy.objects.filter(cause=cause).exists())
    return cause if is_known else ""


@transaction.atomic
def keep(*, form: KeptForm, cause: str, by: User) -> Version:
    """As `form.keep`; what was changed is noted as a remedy for `cause`, unless that is "", nothing changed, or it is switched off."""
    version = form.keep(by=by)
    if cause and version != form.newest and getattr(form.instance, "is_active", True):
        _note(Remedy(cause=cause, kind=version.kind, of=version.of, number=version.number, about=str(form.instance)[:200], by=by))
    return version


def note_table(*, taken: TableImport, cause: str, by: User) -> None:
    """That a file was taken into a table."""
    if cause:
        _note(Remedy(cause=cause, kind=Remedy.Kind.TABLE, of=taken.pk, about=f"{taken.file_name} into {taken.table}"[:200], by=by))


def note_elsewhere(*, cause: str, words: str, by: User) -> Remedy:
    """That somebody did something that no editor here knows of. Raises ValueError, in words, where they do not say what."""
    if not (said := words.strip()):
        raise ValueError("Say in a few words what you did, so that the others know what the line shows.")
    return _note(Remedy(cause=cause, kind=Remedy.Kind.ELSEWHERE, words=said[:2000], by=by))


@transaction.atomic
def _note(remedy: Remedy) -> Remedy:
    remedy.save()
    title = named.title(remedy.cause, named.names([remedy.cause]))
    said = remedy.words or f"{remedy.get_kind_display()}: {remedy.about}"
    audit_log.record(act="remedy.noted", by=remedy.by, about=title[:200], words=said, remedy=remedy.pk)
    return remedy
