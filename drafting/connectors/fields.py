"""What is kept of a connector's answer: the declared fields of each record, in the spelling that the built-in tools use. Nothing else."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.utils import timezone

from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import ConnectorTool
from drafting.tools.base import FieldType, ToolField

Record: TypeAlias = dict[str, Any]

MOST_RECORDS = 20
LONGEST_TEXT = 1000
LARGEST_ANSWER = 12_000
"""Characters of what is kept, as JSON; the model has to read it."""
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Control characters but tab and line feed, what is invisible or turns the direction of writing, and halves of surrogate pairs."""
PATH = re.compile(r"[^.\s](?:[^.\n]*[^.\s])?(?:\.[^.\s](?:[^.\n]*[^.\s])?)*")
GROUPED = re.compile(r"-?\d{1,3}(?:[.,' \u00a0\u202f’]\d{3})+(?:[.,]\d+)?")
PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?")
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
YES = {"true", "t", "yes", "y", "1"}
NO = {"false", "f", "no", "n", "0"}
FOREIGN = "What was found belongs to another customer, so nothing of it may be used."


def read_fields(tool: ConnectorTool) -> tuple[ToolField, ...]:
    """The declared fields of a row."""
    return tuple(
        ToolField(each["name"], each.get("path") or each["name"], FieldType(each["type"]), each.get("about", "")) for each in tool.fields
    )


def keep(answer: Any, *, rows: str, fields: Sequence[ToolField], customer_number: str | None, source: str) -> Record | list[Record]:
    """The fields of the record or records at the path `rows` of `answer`: an object, or a list where there are several.

    Raises NotFound where there are none or too many, Refused where a field does not hold what it should, or where a customer number is
    another than `customer_number`.
    """
    records = _records(answer, rows)
    if not records:
        raise NotFound(f"{source} found nothing.")
    if len(records) > MOST_RECORDS:
        raise NotFound(f"{source} found more than {MOST_RECORDS} records; ask for something more exact.")
    kept = [{field.name: _typed(record, field, source) for field in fields} for record in records]
    own = [each.name for each in fields if each.type is FieldType.CUSTOMER_NUMBER]
    if any(record[name] != customer_number for record in kept for name in own):
        raise Refused(FOREIGN)
    if len(json.dumps(kept, ensure_ascii=False)) > LARGEST_ANSWER:
        raise NotFound(f"{source} found more than fits; ask for something more exact.")
    return kept[0] if len(kept) == 1 else kept


def read_json(body: str, name: str) -> Any:
    """A JSON text as it was meant: numbers with a point stay exact. Raises Unavailable."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Unavailable(f"{name} answered something that is no JSON.") from error


def at(value: Any, path: str) -> Any:
    """What stands at a path such as "events.0.place", or None."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def clean(text: str) -> str:
    """`text` without what nobody can see, and with its length bounded."""
    plain = UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def _records(answer: Any, rows: str) -> list[Any]:
    found = at(answer, rows) if rows else answer
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _typed(record: Any, field: ToolField, source: str) -> Any:
    value = at(record, field.path)
    if value is None or value == "":
        return None
    try:
        return READERS[field.type](value)
    except (ValueError, InvalidOperation, OverflowError) as error:
        shown = clean(str(value))[:60] if isinstance(value, str | int | float | Decimal) else f"a {type(value).__name__}"
        kind = field.type.replace("_", " ")
        raise Refused(f"{source} answered {shown!r} in the field {field.name}, which is no {kind}, so nothing of it is used.") from error


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str | int | float | Decimal) for item in value):
        return clean(", ".join(str(item) for item in value))
    if isinstance(value, dict | list):
        raise ValueError("not one text")
    return clean(str(value))


def _decimal(value: Any) -> Decimal:
    """A number out of JSON, or written as people write it. "1.234" could be either of two numbers, and is refused."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("not a number")
    if isinstance(value, str):
        value = _unformatted(value.strip())
    number = Decimal(str(value))
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise ValueError("out of range")
    return number


def _unformatted(text: str) -> str:
    marks = [mark for mark in text if mark in ".,"]
    if PLAIN.fullmatch(text) and not re.search(r"[1-9]\d{0,2}[.,]\d{3}$", text):
        return text.replace(",", ".")
    if not GROUPED.fullmatch(text) or len(marks) == 1 == len(re.findall(r"\D", text.lstrip("-"))):
        raise ValueError("not a number, or one of two")
    if len(set(marks)) == 1 and len(marks) > 1:
        return re.sub(r"[^\d-]", "", text)
    whole, mark, cents = text.rpartition(marks[-1]) if marks else (text, "", "")
    return re.sub(r"[^\d-]", "", whole) + ("." + cents if mark else "")


def _number(value: Any) -> int | str:
    number = _decimal(value)
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"


def _amount(value: Any) -> str:
    number = _decimal(value)
    cents = number.quantize(Decimal("0.01"))
    return f"{cents if cents == number else number.normalize():f}"


def _date(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a date")
    if written := DAY.fullmatch(value.strip()):
        return date(int(written[3]), int(written[2]), int(written[1])).isoformat()
    at = datetime.fromisoformat(value.strip())
    return (timezone.localtime(at) if at.tzinfo else at).date().isoformat()


def _yes_no(value: Any) -> bool:
    said = str(value).strip().lower()
    if isinstance(value, dict | list) or said not in YES | NO:
        raise ValueError("neither yes nor no")
    return said in YES


READERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.AMOUNT: _amount,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.CUSTOMER_NUMBER: _text,
}
