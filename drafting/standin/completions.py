"""From a chat completion request to its answer: what is checked, what is read out of it, how the answer fits the schema."""

import hashlib
import json
import math
import re
from typing import Any

from drafting.standin import MODEL
from drafting.standin.acting import act
from drafting.standin.choosing import choose
from drafting.standin.material import Material

CONTEXT_TOKENS = 32_768
DEFAULT_MAX_TOKENS = 4096
BYTES_PER_TOKEN = 4
SYSTEM_FINGERPRINT = "standin-rules-1"
PLAIN_ANSWER = "I am a stand-in for a language model and only draft replies to customer mail."


class BadRequest(Exception):
    """The caller should change the request. The message says how; the rest is OpenAI's error shape."""

    def __init__(self, message: str, *, status: int = 400, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.param = status, code, param
        self.type = "invalid_request_error"


def complete(request: Any, *, now: int) -> dict[str, Any]:
    """The `chat.completion` object that answers `request`; `now` is in seconds since 1970. Raises BadRequest."""
    _check(request)
    content = _content(request["messages"], _schema(request))
    prompt = sum(tokens(_text(message)) + 4 for message in request["messages"])
    if prompt > CONTEXT_TOKENS:
        raise BadRequest(f"The messages have about {prompt} tokens; the context holds {CONTEXT_TOKENS}.", code="context_length_exceeded")
    content, finish_reason = _cut(content, _limit(request))
    used = tokens(content)
    return {
        "id": "chatcmpl-" + hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()[:24],
        "object": "chat.completion",
        "created": now,
        "model": MODEL,
        "system_fingerprint": SYSTEM_FINGERPRINT,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content}, "logprobs": None, "finish_reason": finish_reason},
        ],
        "usage": {"prompt_tokens": prompt, "completion_tokens": used, "total_tokens": prompt + used},
    }


def tokens(text: str) -> int:
    """About how many tokens a text has: four bytes each."""
    return math.ceil(len(text.encode(errors="replace")) / BYTES_PER_TOKEN)


def fit(value: Any, schema: Any) -> Any:
    """`value` bent into `schema`: known enum members, lengths, only the named properties, all required ones."""
    if not isinstance(schema, dict):
        return value
    if "enum" in schema or "const" in schema:
        allowed = schema.get("enum") or [schema.get("const")]
        return value if value in allowed else allowed[0]
    return _FITTERS.get(_kind(schema), lambda value, _: value)(value, schema)


def _check(request: Any) -> None:
    if not isinstance(request, dict):
        raise BadRequest("The request must be a JSON object.")
    if not isinstance(request.get("model"), str):
        raise BadRequest("Name a model; this server has " + MODEL + ".", param="model")
    if request["model"] != MODEL:
        words = f"The model `{request['model']}` does not exist; this server has `{MODEL}`."
        raise BadRequest(words, status=404, code="model_not_found", param="model")
    if request.get("stream"):
        raise BadRequest("Streaming is not supported; leave `stream` out.", param="stream")
    _check_messages(request.get("messages"))
    _check_number(request, "temperature", 0, 2)
    _check_number(request, "top_p", 0, 1)
    _check_number(request, "seed", -(2**63), 2**63)
    _check_number(request, "max_tokens", 1, 10**9)
    _check_number(request, "max_completion_tokens", 1, 10**9)


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise BadRequest("`messages` must be a list with at least one message.", param="messages")
    for position, message in enumerate(messages):
        known = isinstance(message, dict) and message.get("role") in {"system", "developer", "user", "assistant", "tool"}
        if not known or not isinstance(message.get("content"), str | list):
            raise BadRequest(f"Message {position} needs a known `role` and a text as `content`.", param=f"messages[{position}]")


def _check_number(request: dict[str, Any], name: str, low: float, high: float) -> None:
    value = request.get(name)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadRequest(f"`{name}` must be a number from {low:g} to {high:g}.", param=name)


def _limit(request: dict[str, Any]) -> int:
    return int(request.get("max_completion_tokens") or request.get("max_tokens") or DEFAULT_MAX_TOKENS)


def _schema(request: dict[str, Any]) -> dict[str, Any] | None:
    """The JSON schema of `response_format`, `{}` where any object will do, None for plain text."""
    wanted = request.get("response_format") or {"type": "text"}
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    if kind == "text":
        return None
    if kind == "json_object":
        schema = wanted.get("schema", {})
    elif kind == "json_schema":
        named = wanted.get("json_schema")
        schema = named.get("schema") if isinstance(named, dict) else None
    else:
        raise BadRequest("`response_format.type` must be text, json_object or json_schema.", param="response_format")
    if not isinstance(schema, dict):
        raise BadRequest("`response_format` must hold a JSON schema.", param="response_format")
    return schema


def _content(messages: list[dict[str, Any]], schema: dict[str, Any] | None) -> str:
    material = _material(messages)
    properties = (schema or {}).get("properties", {})
    if material is None:
        return PLAIN_ANSWER if schema is None else json.dumps(fit({}, schema))
    if "category" in properties or ("action" not in properties and "categories" in material):
        answer = choose(Material(material), slugs=_enum(properties.get("category")))
    else:
        answer = act(Material(material), actions=_enum(properties.get("action")))
    return json.dumps(fit(answer, schema), ensure_ascii=False)


def _material(messages: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The JSON object that a user message ends in: the newest that has one (a repair turn may come after it)."""
    for message in reversed(messages):
        if message["role"] == "user" and (found := _object_at_end(_text(message))) and "mail" in found:
            return found
    return None


def _object_at_end(text: str) -> dict[str, Any] | None:
    for start in re.finditer(r"(?m)^\s*\{|(?<=\s)\{", text):
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(text, start.end() - 1)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and not text[end:].strip(" \n`"):
            return value
    return None


def _text(message: dict[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _cut(content: str, limit: int) -> tuple[str, str]:
    if tokens(content) <= limit:
        return content, "stop"
    return content.encode(errors="replace")[: limit * BYTES_PER_TOKEN].decode(errors="ignore"), "length"


def _enum(schema: Any) -> list[str]:
    return [str(value) for value in schema.get("enum", [])] if isinstance(schema, dict) else []


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    return str(next((one for one in kind if one != "null"), "") if isinstance(kind, list) else kind)


def _fit_object(value: Any, schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    given = value if isinstance(value, dict) else {}
    if not properties:
        return given
    wanted = [name for name in properties if name in given or name in schema.get("required", [])]
    return {name: fit(given.get(name), properties[name]) for name in wanted}


def _fit_array(value: Any, schema: dict[str, Any]) -> list[Any]:
    items = [fit(one, schema.get("items")) for one in value] if isinstance(value, list) else []
    while len(items) < schema.get("minItems", 0):
        items.append(fit(None, schema.get("items")))
    return items[: schema.get("maxItems")]


def _fit_string(value: Any, schema: dict[str, Any]) -> str:
    return (value if isinstance(value, str) else "")[: schema.get("maxLength")]


def _fit_number(value: Any, schema: dict[str, Any]) -> Any:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return value if usable else schema.get("minimum", 0)


_FITTERS: dict[str, Any] = {
    "object": _fit_object,
    "array": _fit_array,
    "string": _fit_string,
    "integer": _fit_number,
    "number": _fit_number,
    "boolean": lambda value, _: value if isinstance(value, bool) else False,
    "null": lambda *_: None,
}
