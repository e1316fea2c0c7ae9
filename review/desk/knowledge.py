"""The lists of articles, templates and guidance, by keyset, and which drafts had one of them as evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from drafting.models import Article, Category, Evidence, ReplyTemplate, Version
from drafting.versions import DELETED, Thing
from review import access
from review.desk import words
from review.desk.knowledge_kinds import Kind, searched

STEP = 50
USES = 8
STATES = {"": "Active and inactive", "active": "Active", "inactive": "Inactive", "deleted": "Deleted"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `saved` says who kept its newest version and when."""

    url: str
    title: str
    about: str
    state: str
    version: str
    by: str
    at: words.Moment | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list with what it is filtered by; `states` are (value, words, whether chosen)."""

    rows: list[Row]
    text: str
    states: list[tuple[str, str, bool]]
    is_filtered: bool
    next_url: str
    first_url: str


@dataclass(frozen=True, slots=True)
class Use:
    """A draft that had the thing as evidence; `version` is the one it saw."""

    url: str
    subject: str
    version: str
    is_quoted: bool
    at: words.Moment


def listing(kind: Kind, values: Mapping[str, str]) -> Listing:
    """A page of `kind`: those that have the words `q` in the `state`, from the pair (`after`, `id`) on."""
    text = values.get("q", "").replace("\0", "").strip()[:100]
    state = values.get("state", "") if values.get("state", "") in STATES else ""
    rows = _deleted(kind, text) if state == "deleted" else list(_found(kind, text, state, values)[: STEP + 1])
    query = {"q": text, "state": state}
    last = rows[STEP - 1] if len(rows) > STEP else None
    return Listing(
        rows=[_row(kind, one) for one in rows[:STEP]] if state != "deleted" else [_deleted_row(one) for one in rows],
        text=text,
        states=[(value, label, value == state) for value, label in STATES.items()],
        is_filtered=bool(text or state),
        next_url=_address(kind, query | {"after": getattr(last, kind.titled), "id": last.pk}) if last else "",
        first_url=_address(kind, query) if values.get("after") else "",
    )


def uses(thing: Thing, *, user: User) -> list[Use]:
    """The newest drafts that had `thing` as evidence, of those that `user` may see. Guidance goes into every draft: nothing is listed."""
    if isinstance(thing, Article):
        wanted: dict[str, Any] = {"id": thing.slug, "language": thing.language}
        found = Evidence.objects.filter(tool="articles", answer__contains=[wanted])
    elif isinstance(thing, ReplyTemplate):
        wanted = {"id": thing.pk}
        found = Evidence.objects.filter(tool="templates", answer__contains=[wanted])
    else:
        return []
    if access.mailbox_ids(user) is not None:
        found = found.filter(draft__in=access.drafts(user))
    newest = found.select_related("draft__message").order_by("-pk")[:USES]
    return [_use(one, wanted) for one in newest.only("answer", "at", "draft__atoms", "draft__conversation_id", "draft__message__subject")]


def _found(kind: Kind, text: str, state: str, values: Mapping[str, str]) -> QuerySet[Any]:
    wanted = Q(is_active=state == "active") if state else Q()
    if text:
        wanted &= searched(kind, text)
    after, pk = values.get("after", "").replace("\0", ""), words.said_id(values.get("id", ""))
    if after and pk:
        wanted &= Q(**{f"{kind.titled}__gt": after}) | Q(**{kind.titled: after, "pk__gt": pk})
    newest = Version.objects.filter(kind=kind.name, of=OuterRef("pk")).order_by("-number")
    saved = JSONObject(number="number", at="at", first="by__first_name", last="by__last_name", username="by__username")
    rows: QuerySet[Any] = kind.model.objects.filter(wanted).annotate(saved=Subquery(newest.values(saved=saved)[:1]))
    rows = rows.select_related("category") if kind.model is ReplyTemplate else rows
    return rows.defer(kind.text, *(["search"] if kind.model is Article else [])).order_by(kind.titled, "pk")


def _row(kind: Kind, one: Any) -> Row:
    saved = one.saved or {}
    at = parse_datetime(saved["at"]) if saved else None
    return Row(
        url=reverse("knowledge_thing", args=[kind.name, one.pk]),
        title=str(one),
        about=about(one),
        state="" if one.is_active else "Inactive",
        version=f"Version {saved['number']}" if saved else "",
        by=f"{saved['first']} {saved['last']}".strip() or saved["username"] if saved.get("username") else "",
        at=words.moment(at) if at else None,
    )


def about(one: Any) -> str:
    """What stands beside the title in a list: its category, language and short name."""
    if isinstance(one, Article):
        return f"{words.language(one.language)} · {one.slug}"
    if isinstance(one, Category):
        return f"{one.slug} · position {one.position}"
    return f"{one.category.name} · {words.language(one.language)}" if isinstance(one, ReplyTemplate) else ""


def _deleted(kind: Kind, text: str) -> list[Version]:
    """The newest deletions that were not taken back, each with what it was called."""
    before = Version.objects.filter(kind=kind.name, of=OuterRef("of"), number=OuterRef("number") - 1)
    later = Version.objects.filter(kind=kind.name, of=OuterRef("of"), number__gt=OuterRef("number"))
    gone: QuerySet[Any] = Version.objects.filter(~Exists(later), kind=kind.name, content=DELETED)
    gone = gone.annotate(title=Subquery(before.values(title=F(f"content__{kind.titled}"))[:1])).select_related("by")
    return list((gone.filter(title__icontains=text) if text else gone).order_by("-pk")[:STEP])


def _deleted_row(gone: Any) -> Row:
    return Row(
        url=reverse("versions", args=[gone.kind, gone.of]),
        title=str(gone.title or "(no title)"),
        about="",
        state="Deleted",
        version=f"Version {gone.number}",
        by=words.person(gone.by) if gone.by else "",
        at=words.moment(gone.at),
    )


def _use(evidence: Evidence, wanted: dict[str, Any]) -> Use:
    answers = [one for one in evidence.answer or [] if all(one.get(name) == value for name, value in wanted.items())]
    sources = {f"evidence:{evidence.pk}", f"template:{wanted['id']}"}
    return Use(
        url=reverse("conversation", args=[evidence.draft.conversation_id]),
        subject=evidence.draft.message.subject or "(no subject)",
        version=str(answers[0].get("version", "")).removeprefix("v") if answers else "",
        is_quoted=any(atom.get("source") in sources for atom in evidence.draft.atoms),
        at=words.moment(evidence.at),
    )


def _address(kind: Kind, values: Mapping[str, Any]) -> str:
    said = urlencode({name: value for name, value in values.items() if value})
    return f"{reverse(kind.page)}?{said}" if said else reverse(kind.page)
