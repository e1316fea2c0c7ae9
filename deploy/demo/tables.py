"""The demo's data files, with their dates brought to today."""

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

from deploy.demo import places

_DAY = re.compile(r"today(?:([+-]\d+))?\b")


def rows(name: str, *, today: date | None = None) -> list[dict[str, str]]:
    """The rows of data/<name>.csv. A cell such as `today-12` becomes a date."""
    return list(csv.DictReader(io.StringIO(text(f"{name}.csv", today=today))))


def document(name: str, *, today: date | None = None) -> Any:
    """The value in data/<name>.json, dates resolved likewise."""
    return json.loads(text(f"{name}.json", today=today))


def text(file_name: str, *, today: date | None = None) -> str:
    """The file with every `today±n` written as an ISO date."""
    now = today or date.today()
    content = (places.DATA / file_name).read_text(encoding="utf-8")
    return _DAY.sub(lambda match: (now + timedelta(days=int(match[1] or 0))).isoformat(), content)
