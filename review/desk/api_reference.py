"""The API's description as a page: what can be asked for, with what, and what comes back."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or a field of a shape. `shape` names the shape that it holds, "" for none."""

    name: str
    place: str
    kind: str
    shape: str
    is_required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: the status, and the shape, if it has one. `kind` is what of that shape, "" for one of it."""

    status: str
    words: str
    kind: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for."""

    id: str
    method: str
    path: str
    title: str
    words: list[str]
    scope: str
    values: list[Value]
    takes: list[tuple[str, str]]
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is taken or comes back, field by field."""

    name: str
    words: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    words: str
    sections: list[tuple[str, list[Operation]]]
    problems: list[Answer]
    shapes: list[Shape]


def reference(document: dict[str, Any]) -> Reference:
    """The description (OpenAPI 3.1) for reading. Answers that every operation gives are said once."""
    operations = [_operation(path, method, about) for path, each in document["paths"].items() for method, about in each.items()]
    everywhere = set.intersection(*({(each.status, each.words) for each in one.answers} for one in operations))
    sections: dict[str, list[Operation]] = {}
    for one, about in zip(operations, (about for each in document["paths"].values() for about in each.values()), strict=True):
        own = sorted((each for each in one.answers if (each.status, each.words) not in everywhere), key=lambda each: each.status)
        sections.setdefault(about["tags"][0], []).append(_with(one, own))
    problems = sorted((Answer(status, words, "", "") for status, words in everywhere), key=lambda answer: answer.status)
    shapes = [_shape(name, about) for name, about in sorted(document["components"]["schemas"].items()) if not name.startswith("Page_")]
    return Reference(document["info"]["description"], list(sections.items()), problems, shapes)


def _with(operation: Operation, answers: list[Answer]) -> Operation:
    about = {name: getattr(operation, name) for name in Operation.__slots__} | {"answers": answers}
    return Operation(**about)


def _operation(path: str, method: str, about: dict[str, Any]) -> Operation:
    return Operation(
        id=about["operationId"],
        method=method.upper(),
        path=path,
        title=about["summary"],
        words=[part for part in about["description"].split("\n\n") if not part.startswith("Scope:")],
        scope=", ".join(about["security"][0]["token"]),
        values=[_parameter(one) for one in about["parameters"]],
        takes=[(kind, _kind(one["schema"])[1]) for kind, one in about.get("requestBody", {}).get("content", {}).items()],
        answers=[_answer(str(status), one) for status, one in about["responses"].items()],
    )


def _parameter(about: dict[str, Any]) -> Value:
    kind, shape = _kind(about["schema"])
    return Value(about["name"], about["in"], kind, shape, about["required"], about.get("description", ""))


def _answer(status: str, about: dict[str, Any]) -> Answer:
    content: dict[str, Any] = next(iter(about.get("content", {}).values()), {})
    kind, shape = ("", "") if status >= "400" else _kind(content.get("schema", {}))
    return Answer(status, about["description"], kind if shape else "", shape)


def _shape(name: str, about: dict[str, Any]) -> Shape:
    required = about.get("required", [])
    values = [_field(field, one, is_required=field in required) for field, one in about["properties"].items()]
    return Shape(name, about.get("description", ""), values)


def _field(name: str, about: dict[str, Any], *, is_required: bool) -> Value:
    kind, shape = _kind(about)
    return Value(name, "", kind, shape, is_required, about.get("description", ""))


def _kind(schema: dict[str, Any]) -> tuple[str, str]:
    """How a person calls what a schema describes, and the shape in it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        page = re.fullmatch(r"Page_(\w+)_", name)
        return ("part of a list of", page[1]) if page else ("", name)
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"]]
        return " or ".join(kind for kind, _ in kinds if kind), next((shape for _, shape in kinds if shape), "")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])), ""
    if schema.get("type") == "array":
        kind, shape = _kind(schema.get("items", {}))
        return f"list of {kind}".strip(), shape
    return {"date-time": "time"}.get(schema.get("format", ""), str(schema.get("type", "any JSON"))), ""
