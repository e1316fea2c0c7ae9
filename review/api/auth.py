"""Who asks: a program with a token, as `Authorization: Bearer cs_…`, and whether it may, and not too often."""

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from ninja.security import HttpBearer

from review import tokens
from review.api.problems import Problem
from review.models import ApiToken

WINDOW = 60
"""Seconds over which requests are counted."""


class ApiRequest(HttpRequest):
    """A request of the API, as operations see it: `auth` is the token that it came with."""

    auth: ApiToken


class Token(HttpBearer):
    """Lets a request through whose token has `scope` ("": any) and has not asked too often. Raises Problem."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> ApiToken:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != self.openapi_scheme or not secret:
            raise _unauthorized("Send a token in the header “Authorization: Bearer cs_…”. An admin makes one on Connectors, API tokens.")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """The token with this secret."""
        try:
            found = tokens.verify(secret=token)
        except tokens.NotAccepted as error:
            raise _unauthorized(str(error)) from error
        _count(found)
        if self.scope and self.scope not in found.scopes:
            label = ApiToken.Scope(self.scope).label.lower()
            raise Problem(403, f"This token lacks the scope {self.scope} ({label}). Make one that has it on Connectors, API tokens.")
        tokens.note_use(token=found)
        return found


def may(scope: str) -> list[Token]:
    """What an operation is guarded with."""
    return [Token(scope)]


def _unauthorized(words: str) -> Problem:
    return Problem(401, words, headers={"WWW-Authenticate": 'Bearer realm="Countersign"'})


def _count(token: ApiToken) -> None:
    """One request more in this window. Raises Problem beyond the limit, which each web process counts by itself: that costs no write."""
    window, passed = divmod(int(time.time()), WINDOW)
    key = f"api:{token.pk}:{window}"
    cache = caches["process"]
    if cache.add(key, 1, WINDOW * 2):
        return
    try:
        asked = cache.incr(key)
    except ValueError:  # the cache dropped it meanwhile
        return
    if asked > settings.API_REQUESTS_PER_MINUTE:
        wait = WINDOW - passed
        words = f"This token asked more than {settings.API_REQUESTS_PER_MINUTE} times in a minute. Ask again in {wait} s (Retry-After)."
        raise Problem(429, words, headers={"Retry-After": str(wait)})
