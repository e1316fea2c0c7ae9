"""The ledger of an attempt as a table: a page at a time by position, newest first, each draft with all that was found out about it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from drafting.models import Category, Draft
from review import access, permissions
from review.desk import words
from review.desk.words import Moment
from review.models import Attempt, LedgerEntry, Verdict

PAGE = 50
ATTEMPTS = 20
LONGEST = 160
OTHERS_MAIL = "A mail of another mailbox"
ERASED = "Erased"
Route = LedgerEntry.Route


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict: what was found out, by whom and when. `effect` says what follows for the proof."""

    reason: str
    effect: str
    tone: str
    words: str
    by: str
    at: Moment
    seconds: str


@dataclass(frozen=True, slots=True)
class Row:
    """A draft of the ledger. `verdicts` are oldest first; more than one means that a later one flipped it."""

    position: int
    subject: str
    url: str
    route: str
    is_auto: bool
    why: str
    verdicts: list[Found]
    open: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Choice:
    """An attempt to look at."""

    pk: int
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the ledger of `attempt`; `attempts` to choose from."""

    attempt: Attempt
    attempts: list[Choice]
    rows: list[Row]
    older_url: str
    newest_url: str


def attempts(category: Category) -> list[Attempt]:
    """The newest attempts of a category, newest first."""
    return list(category.attempts.select_related("setup").defer("setup__parts").order_by("-pk")[:ATTEMPTS])


def table(found: list[Attempt], current: Attempt | None, values: Mapping[str, str], *, user: User) -> Table | None:
    """The page that `values` name (attempt, before) among a category's attempts, newest first; None where there is no attempt."""
    asked = words.said_id(values.get("attempt", ""))
    attempt = next((each for each in found if each.pk == asked), current or next(iter(found), None))
    if attempt is None:
        return None
    before = words.said_id(values.get("before", ""))
    rows = LedgerEntry.objects.filter(attempt=attempt, **({"position__lt": before} if before else {}))
    entries = list(rows.select_related("draft__message", "draft__conversation").only(*_COLUMNS).order_by("-position")[: PAGE + 1])
    url = f"{reverse('automation_ledger', args=[attempt.category_id])}?attempt={attempt.pk}"
    return Table(
        attempt=attempt,
        attempts=[Choice(each.pk, _name(each), each == attempt) for each in found],
        rows=_rows(entries[:PAGE], user),
        older_url=f"{url}&before={entries[PAGE - 1].position}" if len(entries) > PAGE else "",
        newest_url=url if before else "",
    )


_COLUMNS = (
    *("position", "route", "why", "unsafe", "counts", "settled_at", "at", "attempt"),
    *("draft__state", "draft__conversation__mailbox", "draft__message__subject"),
)


def _name(attempt: Attempt) -> str:
    began = words.moment(attempt.began_at).short
    return f"{attempt.setup}, since {began}: {attempt.get_state_display()}"


def _rows(entries: list[LedgerEntry], user: User) -> list[Row]:
    said: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in Verdict.objects.filter(entry__in=entries).select_related("by").order_by("pk"):
        said[verdict.entry_id].append(verdict)
    mailboxes, opens_items = access.mailbox_ids(user), permissions.may_review(user)
    return [_row(entry, said[entry.pk], mailboxes, opens_items=opens_items) for entry in entries]


def _row(entry: LedgerEntry, verdicts: list[Verdict], mailboxes: frozenset[int] | None, *, opens_items: bool) -> Row:
    draft = entry.draft
    is_seen = draft is not None and (mailboxes is None or draft.conversation.mailbox_id in mailboxes)
    return Row(
        position=entry.position,
        subject=(draft.message.subject or "(no subject)") if draft and is_seen else OTHERS_MAIL if draft else ERASED,
        url=_url(draft, opens_items) if draft and is_seen else "",
        route=entry.get_route_display(),
        is_auto=entry.route == Route.AUTO,
        why=entry.get_why_display(),
        verdicts=[_found(verdict, is_seen=is_seen) for verdict in verdicts],
        open="" if verdicts else "Left by itself" if entry.route == Route.AUTO else "No verdict yet",
        at=words.moment(entry.at),
    )


def _url(draft: Draft, opens_items: bool) -> str:
    """The draft with its evidence once it is decided; to open it before would claim it."""
    if opens_items and draft.state == Draft.State.DECIDED:
        return reverse("item", args=[draft.pk])
    return reverse("conversation", args=[draft.conversation_id])


def _found(verdict: Verdict, *, is_seen: bool) -> Found:
    effect, tone = ("Does not count", "quiet") if not verdict.counts else ("Unsafe", "red") if verdict.unsafe else ("Safe", "green")
    said = verdict.words if is_seen else ""
    return Found(
        reason=verdict.get_reason_display(),
        effect=effect,
        tone=tone,
        words=f"{said[:LONGEST]} …" if len(said) > LONGEST else said,
        by=words.person(verdict.by),
        at=words.moment(verdict.at),
        seconds=f"{verdict.seconds} s" if verdict.seconds is not None else "",
    )


def headers(attempt: Attempt, ending: str) -> dict[str, str]:
    """Headers for the ledger as a file."""
    name = f"ledger-{attempt.category.slug}-attempt-{attempt.pk}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
