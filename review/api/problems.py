"""Errors as problem details (RFC 9457): `detail` is a sentence that says what to do."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

logger = logging.getLogger(__name__)


class Problem(Exception):
    """Why a request is not answered as asked. `errors` name parts of it, each as {"where", "words"}."""

    def __init__(
        self, status: int, detail: str, *, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers or {}


def response(problem: Problem) -> HttpResponse:
    """The answer that tells it."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        said["errors"] = list(problem.errors)
    return HttpResponse(json.dumps(said), status=problem.status, content_type="application/problem+json", headers=dict(problem.headers))


def not_here(_request: HttpRequest) -> HttpResponse:
    """The answer at an address that the API does not have."""
    return response(Problem(404, "The API has nothing at this address. /api/v1/openapi.json lists what it has."))


def not_allowed(methods: str) -> HttpResponse:
    """The answer to a method that an address does not take. `methods` lists those it takes."""
    return response(Problem(405, f"This address takes {methods} only.", headers={"Allow": methods}))


def handle_all(api: NinjaAPI) -> None:
    """Have every error of `api` answered as a problem."""
    api.add_exception_handler(Problem, lambda _request, error: response(error))  # type: ignore[arg-type]
    api.add_exception_handler(Http404, lambda _request, _error: response(_MISSING))
    api.add_exception_handler(ValidationError, lambda _request, error: response(_not_understood(error)))  # type: ignore[arg-type]
    api.add_exception_handler(HttpError, lambda _request, error: response(_said(error)))  # type: ignore[arg-type]
    api.add_exception_handler(Exception, _fault)


_MISSING = Problem(404, "There is nothing with this id that this token may see. List what there is, and use an id from there.")


def invalid(errors: Sequence[Mapping[str, Any]], *, within: Sequence[str] = ()) -> Problem:
    """The problem of values that are not as described, from pydantic's errors."""
    told = [{"where": ".".join(map(str, (*within, *error["loc"]))), "words": str(error["msg"])} for error in errors[:20]]
    words = "; ".join(f"{one['where']}: {one['words']}" for one in told[:3])
    return Problem(422, f"The request is not as /api/v1/openapi.json describes it. Correct this and ask again: {words}.", errors=told)


def _not_understood(error: ValidationError) -> Problem:
    return invalid(error.errors)


def _said(error: HttpError) -> Problem:
    return Problem(error.status_code, str(error))


def _fault(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error if isinstance(error, Exception) else None)
    words = "The fault is on our side and is in the log. Ask again later; a POST can be repeated with the same Idempotency-Key."
    return response(Problem(500, words))
