"""The page of a decision dossier: the key facts, and what the reply changed in the draft. All of it is in the files."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from drafting.models import Draft
from inbox.models import OutgoingMail
from review.desk import erased, fate, words
from review.desk.changes import Change, changes
from review.exports import replies
from review.exports.replies import Reply
from review.models import Decision

CALLED_OFF = (OutgoingMail.State.CANCELLED, OutgoingMail.State.FAILED)
"""Mails that did not leave have no dossier: their drafts may wait for a decision again, and another text be planted in them."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the page shows."""

    subject: str
    conversation: str
    conversation_url: str
    facts: list[tuple[str, str]]
    changes: list[Change]
    text: str
    pdf_url: str
    json_url: str


def dossier(reply: Reply) -> Dossier:
    """The page of a reply."""
    mail, gone = reply.mail, erased.said(reply.mail)
    return Dossier(
        subject=mail.subject,
        conversation=str(mail.conversation),
        conversation_url=f"{reverse('conversation', args=[mail.conversation_id])}#outgoing-{mail.pk}",
        facts=[(name, value) for name, value in (*_of_mail(reply), *_of_draft(reply)) if value],
        changes=[] if gone else _changes(reply),
        text=gone or mail.body,
        pdf_url=reverse("dossier_pdf", args=[mail.pk]),
        json_url=reverse("dossier_json", args=[mail.pk]),
    )


def url(mail: OutgoingMail) -> str:
    """Where the dossier of a mail is; "" where it has none."""
    return "" if mail.state in CALLED_OFF else reverse("dossier", args=[mail.pk])


def urls(message_ids: Collection[int]) -> dict[int, str]:
    """Where the dossier of the reply to each message is, of those that have one; of several replies the last one's."""
    mails = OutgoingMail.objects.filter(in_reply_to__in=message_ids).exclude(state__in=CALLED_OFF).order_by("pk")
    return {message: reverse("dossier", args=[pk]) for message, pk in mails.values_list("in_reply_to", "pk") if message}


def _of_mail(reply: Reply) -> list[tuple[str, str]]:
    mail, decision = reply.mail, reply.decision
    return [
        ("To", mail.recipient),
        ("From", f"{mail.mailbox.name} ({mail.mailbox.address})"),
        ("Sent", words.moment(mail.sent_at).exact if mail.sent_at else mail.get_state_display()),
        ("Decided", f"{fate.sentence(decision)}, {words.moment(decision.decided_at).exact}" if decision else "Written without a draft"),
        ("Open before deciding", f"{decision.seconds_open} s" if decision and decision.seconds_open is not None else ""),
        ("Why it was edited", decision.get_edit_reason_display() if decision and decision.edit_reason else ""),
        ("Facts looked up again", fate.checked(mail)),
        ("Flagged later", ", ".join(flag.get_kind_display() for flag in replies.flags(reply) if not flag.cleared_at)),
    ]


def _of_draft(reply: Reply) -> list[tuple[str, str]]:
    draft = reply.draft
    if draft is None:
        return []
    return [
        ("Category", draft.category.name if draft.category else ""),
        ("Evidence", words.count(len(draft.evidence.all()), "lookup")),
        ("Checks", _checks(draft)),
        ("Drafts before", str(len(reply.earlier)) if reply.earlier else ""),
        ("Setup", f"{draft.setup} · {draft.setup.model}" if draft.setup else ""),
        ("Fingerprint", draft.setup.fingerprint if draft.setup else ""),
    ]


def _checks(draft: Draft) -> str:
    failed = [words.humanised(check.code) for check in draft.checks.all() if not check.passed]
    return f"failed: {words.listed(failed)}" if failed else f"all {len(draft.checks.all())} passed"


def _changes(reply: Reply) -> list[Change]:
    """What left, with what it lost and gained since the draft; nothing where no draft was edited."""
    if reply.draft is None or reply.decision is None or reply.decision.kind != Decision.Kind.EDITED:
        return []
    return changes(reply.draft.body, reply.decision.final_text)
