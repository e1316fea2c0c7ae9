"""The ledger of an attempt for others, with everything that it takes to recompute the evidence.

The JSON file, version 1; later versions only add names. Times are ISO 8601 in UTC, null where there is none.

    {"format": "countersign.ledger", "version": 1, "exported_at": time,
     "category": {"slug", "name"}, "setup": {"name", "fingerprint"}, "chooser": {"name", "fingerprint"},
     "attempt": {"id", "number", "state", "began_at", "unlocked_at", "ended_at"},
     "terms": [{"epsilon", "alpha", "audit_share", "ramp_sends", "daily_cap", "in_force_at"}],
     "reviewers": {"planted", "caught"},
     "result": {"n", "k", "catch_rate", "tested_epsilon", "tested_alpha", "threshold", "log_e", "bound", "is_proven"},
     "transitions": [{"at", "before", "after", "cause", "n", "k", "by"}],
     "entries": [{"position", "arrived_at", "route", "why", "draft", "opened_at",
                  "verdicts": [{"at", "reason", "unsafe", "counts", "seconds", "by"}]}]}

Of several terms the last one is in force, of several verdicts of a draft the last one stands. Verdicts count up to the first draft that has
none. "reviewers" are those whose decisions count: the planted errors that they met, and caught, in the last 12 months. People go by number,
and what they wrote stays here. The CSV file has a line for each verdict, and one for each draft that has none.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from drafting.models import Setup
from review import confidence, csv_files
from review.ledger import counting, evidence
from review.models import Attempt, Terms, Verdict

COLUMNS = ("position", "arrived_at", "route", "why", "draft", "verdict_at", "reason", "unsafe", "counts", "seconds", "by")
_OF_VERDICT = ("at", *COLUMNS[6:])
_COMMA = ",\n"
SCRIPT = Path(__file__).with_name("recompute.py")
README = """\
The ledger of a category: every draft that would have left by itself, in order of arrival, and what became of it.

ledger.json    everything that it takes to recompute the evidence
ledger.csv     the same verdicts for a spreadsheet
recompute.py   recomputes it, with Python 3.10 or newer and nothing else: python3 recompute.py
confidence.py  the arithmetic
"""


@transaction.atomic
def as_json(attempt: Attempt) -> str:
    """The ledger as JSON, of one moment: nothing is counted meanwhile."""
    attempt = counting.lock(attempt.pk)
    return _json(attempt, _entries(attempt))


@transaction.atomic
def as_csv(attempt: Attempt) -> str:
    """The ledger as CSV, a line for each verdict."""
    return _csv(_entries(counting.lock(attempt.pk)))


@transaction.atomic
def archive(attempt: Attempt) -> bytes:
    """Both in a ZIP archive, with a script that recomputes the evidence by the standard library alone."""
    attempt = counting.lock(attempt.pk)
    entries = _entries(attempt)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", README)
        packed.writestr("ledger.json", _json(attempt, entries))
        packed.writestr("ledger.csv", _csv(entries))
        packed.writestr("recompute.py", SCRIPT.read_text(encoding="utf-8"))
        packed.writestr("confidence.py", Path(confidence.__file__).read_text(encoding="utf-8"))
    return file.getvalue()


def _json(attempt: Attempt, entries: list[dict[str, Any]]) -> str:
    standing = evidence.standing(attempt)
    terms = Terms.objects.filter(category=attempt.category_id, in_force_at__isnull=False).order_by("pk")
    head = {
        "format": "countersign.ledger",
        "version": 1,
        "exported_at": _time(timezone.now()),
        "category": {"slug": attempt.category.slug, "name": attempt.category.name},
        "setup": _setup(attempt.setup),
        "chooser": _setup(attempt.chooser),
        "attempt": _attempt(attempt),
        "terms": [_terms(one) for one in terms or [Terms()]],
        "reviewers": {"planted": standing.planted, "caught": standing.caught},
        "result": _result(standing),
        "transitions": list(_transitions(attempt)),
    }
    written = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{written},\n "entries": [\n{_COMMA.join(map(json.dumps, entries))}\n ]\n}}\n'


def _csv(entries: list[dict[str, Any]]) -> str:
    return csv_files.heads(COLUMNS) + "".join(line for entry in entries for line in _lines(entry))


def _lines(entry: dict[str, Any]) -> Iterator[str]:
    place = [_cell(entry[name]) for name in COLUMNS[:5]]
    for verdict in entry["verdicts"] or [{}]:
        yield csv_files.line([*place, *(_cell(verdict.get(name)) for name in _OF_VERDICT)])


def _entries(attempt: Attempt) -> list[dict[str, Any]]:
    """The drafts in order of arrival, each with its verdicts; rows without models, for there may be many."""
    rows = attempt.entries.order_by("position").values("position", "at", "route", "why", "draft", "opened_at", "pk")
    verdicts = _verdicts(attempt)
    return [
        {
            "position": row["position"],
            "arrived_at": _time(row["at"]),
            "route": row["route"],
            "why": row["why"],
            "draft": row["draft"],
            "opened_at": _time(row["opened_at"]),
            "verdicts": verdicts.get(row["pk"], []),
        }
        for row in rows
    ]


def _verdicts(attempt: Attempt) -> dict[int, list[dict[str, Any]]]:
    """By the id of the entry, oldest first."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in Verdict.objects.filter(entry__attempt=attempt).order_by("pk").values("entry", *_OF_VERDICT):
        found.setdefault(row.pop("entry"), []).append(row | {"at": _time(row["at"])})
    return found


def _cell(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _setup(setup: Setup) -> dict[str, Any]:
    return {"name": str(setup), "fingerprint": setup.fingerprint}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    times = {name: _time(getattr(attempt, name)) for name in ("began_at", "unlocked_at", "ended_at")}
    return {"id": attempt.pk, "number": attempt.number, "state": attempt.state, **times}


def _terms(terms: Terms) -> dict[str, Any]:
    names = ("epsilon", "alpha", "audit_share", "ramp_sends", "daily_cap")
    return {name: getattr(terms, name) for name in names} | {"in_force_at": _time(terms.in_force_at)}


def _result(standing: evidence.Evidence) -> dict[str, Any]:
    names = ("n", "k", "catch_rate", "tested_epsilon", "tested_alpha", "threshold", "log_e", "bound", "is_proven")
    return {name: getattr(standing, name) for name in names}


def _transitions(attempt: Attempt) -> Iterator[dict[str, Any]]:
    for step in attempt.transitions.order_by("pk"):
        about = {name: getattr(step, name) for name in ("before", "after", "cause", "n", "k")}
        yield {"at": _time(step.at), **about, "by": step.by_id}


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
