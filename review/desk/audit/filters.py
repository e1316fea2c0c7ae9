"""What of the audit log is shown; lives in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from review.acts import KINDS
from review.desk import words


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of the log. `person` is an id, 0 for all; the days are in the reader's zone, both included."""

    person: int = 0
    kind: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered out."""
        return self != Filters()

    @property
    def values(self) -> dict[str, str]:
        """As an address or a form holds them."""
        days = {"since": self.since.isoformat() if self.since else "", "until": self.until.isoformat() if self.until else ""}
        return {"person": str(self.person or ""), "kind": self.kind, **days, "q": self.text}


def read(values: Mapping[str, str]) -> Filters:
    """Filters out of an address; what makes no sense is no filter."""
    return Filters(
        person=words.said_id(values.get("person", "")),
        kind=values.get("kind", "") if values.get("kind") in KINDS else "",
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
        text=values.get("q", "").replace("\0", "").strip()[:100],
    )


def told(filters: Filters) -> str:
    """The filters in words."""
    said = [f"{name} {value}" for name, value in filters.values.items() if value]
    return f"Filtered by {words.listed(said)}." if said else "All of it."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
