"""Sessions: how long one lasts without and with activity, which a person has, and how they end.

The absolute limit is the session's own expiry, which Django enforces. When somebody last did something is kept in the session.
"""

import time
from collections.abc import Callable, Iterable
from typing import cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from review.desk import words

ACTIVE_AT = "active_at"
"""The session's key for the time (POSIX) of the last activity."""
GRAIN = 60
"""Activity is noted at most so often (seconds): each note is a write."""
UNATTENDED = "X-Unattended"
"""The header by which the desk's scripts mark what a page asks by itself (static/review/unattended.js); it keeps no session alive."""


def begin(request: HttpRequest) -> None:
    """Start the clocks of a session in which somebody has just signed in."""
    request.session.set_expiry(timezone.now() + settings.SESSION_LIFETIME)
    request.session[ACTIVE_AT] = time.time()


class SessionLimitsMiddleware:
    """Ends a session that was idle for too long, and notes activity."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _watch(request)
        return self.get_response(request)


def _watch(request: HttpRequest) -> None:
    active_at = request.session.get(ACTIVE_AT)
    if active_at is None:
        begin(request)
        return
    idle = time.time() - active_at
    if idle > settings.SESSION_IDLE.total_seconds():
        end_own(request)
        messages.info(request, f"You were signed out after {words.span(settings.SESSION_IDLE)} without activity. Please sign in again.")
    elif idle > GRAIN and UNATTENDED not in request.headers:
        request.session[ACTIVE_AT] = time.time()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def of(user: User) -> list[UserSession]:
    """The sessions in which `user` is signed in, the latest used first."""
    open_ones = cast(list[UserSession], UserSession.objects.purge_and_list(user))
    return sorted(open_ones, key=lambda session: session.last_seen_at, reverse=True)


def end(sessions: Iterable[UserSession]) -> int:
    """End sessions at once; says how many there were."""
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended


def end_all(user: User) -> int:
    """Sign `user` out everywhere; says how many sessions that ended."""
    return end(UserSession.objects.filter(user=user))


def end_own(request: HttpRequest) -> None:
    """End the session of `request`."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
