"""The demo's data files, with their dates brought to today."""

import csv
import json
import re
from datetime import date, timedelta
from typing import Any

from deploy.demo import places

_DAY = re.compile(r"today([+-]\d+)?")


def rows(name: str, *, today: date | None = None) -> list[dict[str, str]]:
    """The rows of data/<name>.csv. A cell such as `today-12` becomes a working day, written as ISO 8601 has it."""
    now = today or date.today()
    with (places.DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: _resolve(cell, now) for column, cell in row.items()} for row in csv.DictReader(file)]


def document(name: str) -> Any:
    """The value in data/<name>.json."""
    return json.loads((places.DATA / f"{name}.json").read_text(encoding="utf-8"))


def working_day(today: date, offset: int) -> date:
    """The day so many days from today. Where that is a weekend: the Friday before for past days, the Monday after for days to come."""
    day = today + timedelta(days=offset)
    beyond_friday = max(0, day.weekday() - 4)
    return day if not beyond_friday else day + timedelta(days=3 - beyond_friday if offset > 0 else -beyond_friday)


def _resolve(cell: str, today: date) -> str:
    day = _DAY.fullmatch(cell)
    return working_day(today, int(day[1] or 0)).isoformat() if day else cell
