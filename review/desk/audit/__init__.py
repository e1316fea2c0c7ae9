"""The audit log for reading: what people did, decisions and outgoing mails as sentences in one list, newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from string import Formatter
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from inbox.models import OutgoingMail
from review import csv_files
from review.acts import ACTS, KINDS
from review.desk import words
from review.desk.audit.filters import Filters, read, told
from review.desk.audit.finding import Place, find

STEP = 50
EXPORTED_AT_ONCE = 1000
SENTENCES = ACTS | {
    "decision.approved": "{who} approved the draft in {about}",
    "decision.edited": "{who} edited and approved the draft in {about}",
    "decision.rejected": "{who} rejected the draft in {about}",
    "decision.taken_over": "{who} took {about} over",
    "decision.no_reply": "{who} decided that {about} needs no reply",
    "decision.auto_sent": "The draft in {about} was sent automatically",
    **{f"outgoing.{state}": "A mail by {who}: {about}" for state in OutgoingMail.State.values},
}
HEADINGS = ("Time", "Person", "User name", "Act", "What happened", "About", "More", "Conversation")

__all__ = ["lines", "listing", "read", "told"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence: plain, or a `name`; one with a `url` leads to what it is about."""

    text: str
    is_name: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One act: its sentence, and what else is known of it."""

    at: words.Moment
    sentence: list[Fragment]
    more: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the log with the choices above it; a choice is value, name and whether it is chosen."""

    rows: list[Row]
    filters: Filters
    people: list[tuple[int, str, bool]]
    kinds: list[tuple[str, str, bool]]
    older_url: str
    newest_url: str


def listing(values: Mapping[str, str], *, user: User) -> Listing:
    """The page that an address names, of what `user` may see."""
    filters, place = read(values), _place(values)
    found = find(filters, user, place, STEP + 1)
    people = User.objects.order_by("first_name", "last_name", "username").only("first_name", "last_name", "username")
    return Listing(
        rows=[_row(one) for one in found[:STEP]],
        filters=filters,
        people=[(one.pk, words.person(one), one.pk == filters.person) for one in people],
        kinds=[(kind, name, kind == filters.kind) for kind, (name, _) in KINDS.items()],
        older_url=_address(filters, found[STEP - 1]) if len(found) > STEP else "",
        newest_url=_address(filters) if place else "",
    )


def lines(filters: Filters, *, user: User, zone: tzinfo) -> Iterator[str]:
    """The log as CSV, a line at a time, newest first, with times in `zone`."""
    yield csv_files.heads(HEADINGS)
    place: Place | None = None
    while found := find(filters, user, place, EXPORTED_AT_ONCE):
        yield from (csv_files.line(_cells(one, zone)) for one in found)
        place = Place(found[-1]["when"], found[-1]["source"], found[-1]["pk"])


def _row(found: dict[str, Any]) -> Row:
    return Row(words.moment(found["when"]), list(_fragments(found)), _more(found))


def _fragments(found: dict[str, Any]) -> Iterator[Fragment]:
    names = {"who": Fragment(_who(found), is_name=True), "about": Fragment(_thing(found), is_name=True, url=_url(found))}
    for text, name, _, _ in Formatter().parse(SENTENCES.get(found["did"], "{who}: " + found["did"] + " {about}")):
        yield from [Fragment(text)] if text else []
        yield from [names[name]] if name else []


def _who(found: dict[str, Any]) -> str:
    full = f"{found['first'] or ''} {found['last'] or ''}".strip()
    return full or found["username"] or "The system"


def _thing(found: dict[str, Any]) -> str:
    return found["thing"] or ("(no subject)" if found["talk"] else "")


def _url(found: dict[str, Any]) -> str:
    return reverse("conversation", args=[found["talk"]]) if found["talk"] else ""


def _more(found: dict[str, Any]) -> str:
    subject, _, end = found["did"].partition(".")
    if subject == "outgoing":
        return f"To {found['said']}. {OutgoingMail.State(end).label}."
    taken_back = "Taken back later." if found["undone"] else ""
    return " ".join(filter(None, (found["said"], taken_back)))


def _cells(found: dict[str, Any], zone: tzinfo) -> list[str]:
    at = found["when"].astimezone(zone).isoformat(timespec="seconds")
    sentence = "".join(fragment.text for fragment in _fragments(found))
    talk = str(found["talk"] or "")
    return [at, _who(found), found["username"] or "", found["did"], sentence, _thing(found), _more(found), talk]


def _place(values: Mapping[str, str]) -> Place | None:
    when, pk = words.said_moment(values.get("before", "")), words.said_id(values.get("id", ""))
    return Place(when, words.said_id(values.get("source", "")), pk) if when and pk else None


def _address(filters: Filters, last: dict[str, Any] | None = None) -> str:
    place = {"before": last["when"].astimezone(UTC).isoformat(), "source": last["source"], "id": last["pk"]} if last else {}
    said = urlencode({name: value for name, value in (filters.values | place).items() if value != ""})
    return f"{reverse('audit_log')}?{said}" if said else reverse("audit_log")
