"""Where and how a model is asked; what asks it is `model_client`, which alone loads the openai client."""

from dataclasses import dataclass
from typing import Any

DIALECTS = ("json_schema", "json_object_schema", "json_object", "text")
"""The ways to hand a server a schema, the strictest first."""

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Endpoint:
    """Where and how a setup asks. `sampling` holds temperature, seed and max_tokens; `context_length` is in tokens.

    `answers_as` is the name under which the server answered when it was pinned; "" where it told none.
    """

    base_url: str
    model: str
    dialect: str
    sampling: dict[str, Any]
    context_length: int
    answers_as: str = ""
