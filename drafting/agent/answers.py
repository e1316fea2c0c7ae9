"""From the text of a model's answer to something that holds: JSON, then the schema, then what makes sense here. Never a guess."""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from drafting.errors import NoAnswer
from drafting.protocol import Action, CategoryChoice

Answer = TypeVar("Answer", bound=BaseModel)
FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters other than tab and line feed, and halves of surrogate pairs; PostgreSQL does not take all of them."""


def read_category(text: str, *, slugs: list[str]) -> CategoryChoice:
    """The category that was chosen among `slugs`. Raises NoAnswer with what is wrong, in words that the model can act on."""
    choice = _read(text, CategoryChoice)
    if choice.category not in slugs:
        raise NoAnswer(f'"category" is {choice.category[:80]!r}, which is not one of: {", ".join(slugs)}.')
    return choice


def read_action(text: str, *, tools: list[str]) -> Action:
    """The step to take next, of `tools`, reply and hand_over. Raises NoAnswer likewise."""
    action = _read(text, Action)
    if action.action not in {*tools, "reply", "hand_over"}:
        raise NoAnswer(f'"action" is {action.action[:80]!r}, which is not one of: {", ".join([*tools, "reply", "hand_over"])}.')
    if action.action == "reply" and not action.body.strip():
        raise NoAnswer('"action" is "reply", but "body" is empty.')
    if action.action == "hand_over" and not action.reason:
        raise NoAnswer('"action" is "hand_over", but "reason" is empty.')
    return action


def storable(text: str) -> str:
    """`text` without what no database and no mail should hold."""
    return UNSTORABLE.sub("", text)


def _read(text: str, kind: type[Answer]) -> Answer:
    fenced = FENCE.match(text)
    try:
        value = json.loads(fenced.group(1) if fenced else text, strict=False)
    except (ValueError, RecursionError) as error:
        raise NoAnswer(f"The answer is no JSON: {str(error)[:200]}.") from error
    try:
        return kind.model_validate(_storable(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the answer"
        raise NoAnswer(f'"{place[:100]}" does not match the schema: {first["msg"][:200]}.') from error


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return value
