"""The description of the API (OpenAPI 3.1): what django-ninja finds in the code, with what it cannot know."""

import inspect
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from review.api import shapes
from review.api.auth import Token
from review.api.messages import JSON, RAW
from review.api.operations import api
from review.models import ApiToken

_REF = "#/components/schemas/{model}"
_PROBLEM = {"application/problem+json": {"schema": {"$ref": _REF.format(model="ProblemDetails")}}}
_EVERY = {
    401: "No token, or one that opens nothing (any more)",
    403: "The token lacks the scope",
    422: "The request is not as described here",
    429: "The token asked too often; Retry-After says in how many seconds it may again",
}
_CHOOSING = {"/reports/figures": "No such mailbox, category or setup that the token may see"}
"""Operations that choose by ids which are not in their address."""
_CREATING = {
    409: "The Idempotency-Key was used for another message",
    413: "The message is too large",
    415: "Neither message/rfc822 nor application/json",
    503: "The storage takes nothing now; Retry-After says when to ask again",
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A UUID or the like: asking again with it gives the same message.",
    "schema": {"type": "string", "maxLength": 190},
}


@cache
def document() -> dict[str, Any]:
    """The whole description."""
    said: dict[str, Any] = dict(api.get_openapi_schema())
    said["components"] = {
        "schemas": said["components"]["schemas"] | _schemas(),
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A token, as cs_…"}},
    }
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    _complete(said["paths"][f"/api/v1{path}"][method.lower()], operation.auth_callbacks, path)
    _complete_creation(said["paths"]["/api/v1/messages"]["post"])
    for name, schema in said["components"]["schemas"].items():
        if name.startswith("Page_"):
            schema["description"] = inspect.getdoc(shapes.Page)
    said["paths"]["/api/v1/attachments/{attachment_id}"]["get"]["responses"][200]["content"] = {"application/octet-stream": {}}
    del said["servers"]
    return said


def _schemas() -> dict[str, Any]:
    wanted = [(shapes.NewMessage, "validation"), (shapes.ProblemDetails, "serialization")]
    return dict(models_json_schema(wanted, ref_template=_REF)[1]["$defs"])  # type: ignore[arg-type]


def _complete(operation: dict[str, Any], guards: Any, path: str) -> None:
    operation["operationId"] = operation["operationId"].rpartition("review_api_")[2].partition("_")[2]
    scopes = [guard.scope for guard in guards if isinstance(guard, Token)]
    operation["security"] = [{"token": scopes}]
    labels = "; ".join(f"{scope} ({ApiToken.Scope(scope).label.lower()})" for scope in scopes)
    operation["description"] = f"{operation.get('description', '')}\n\nScope: {labels}.".strip()
    missing = _CHOOSING.get(path) or ("Nothing with this id that the token may see" if "{" in path else "")
    errors = _EVERY | ({404: missing} if missing else {})
    operation["responses"] |= {status: {"description": words, "content": _PROBLEM} for status, words in errors.items()}


def _complete_creation(operation: dict[str, Any]) -> None:
    operation["parameters"].append(_KEY)
    operation["requestBody"] = {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": _REF.format(model="NewMessage")}},
            RAW: {"schema": {"type": "string", "description": "The mail, byte for byte."}},
        },
    }
    described = {201: "A new message", 200: "The message was there already"}
    for status, words in described.items():
        operation["responses"][status]["description"] = words
    missing = {404: "No such mailbox that the token may see"}
    operation["responses"] |= {status: {"description": words, "content": _PROBLEM} for status, words in (_CREATING | missing).items()}
