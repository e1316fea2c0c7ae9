"""The demo's data files, with their dates brought to today."""

import csv
import json
import re
from datetime import date, timedelta
from typing import Any

from deploy.demo import places

_DAY = re.compile(r"today([+-]\d+)?")


def rows(name: str, *, today: date | None = None) -> list[dict[str, str]]:
    """The rows of data/<name>.csv. A cell such as `today-12` becomes a date, written as ISO 8601 has it."""
    now = today or date.today()
    with (places.DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: _resolve(cell, now) for column, cell in row.items()} for row in csv.DictReader(file)]


def document(name: str) -> Any:
    """The value in data/<name>.json."""
    return json.loads((places.DATA / f"{name}.json").read_text(encoding="utf-8"))


def _resolve(cell: str, now: date) -> str:
    day = _DAY.fullmatch(cell)
    return (now + timedelta(days=int(day[1] or 0))).isoformat() if day else cell
