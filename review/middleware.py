"""Headers that every page carries."""

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
    ]
)
PERSON_COOKIE = "countersign_person"
CHUNK = 1 << 16
READ_AWAY = 500_000_000


class ContentSecurityPolicyMiddleware:
    """Sets the Content-Security-Policy, unless a view (such as the frame for a customer's HTML) has set a stricter one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


class TimeZoneMiddleware:
    """Shows times in the zone that the person chose, else in the one that their browser told (the cookie `zone`), else in the server's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = _chosen_zone(request) or unquote(request.COOKIES.get("zone", ""))
        with timezone.override(ZoneInfo(zone) if zone in _known_zones() else None):
            return self.get_response(request)


class RequestSizeMiddleware:
    """Refuses what is larger than anything that may be uploaded, by what its header says, before any of it is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = request.META.get("CONTENT_LENGTH") or ""
        if not size.isdecimal() or int(size) <= settings.REQUEST_MOST_BYTES:
            return self.get_response(request)
        _read_away(request, int(size))
        had, most = int(size) // 1_000_000, settings.REQUEST_MOST_BYTES // 1_000_000
        words = f"What was sent has {had} MB; at most {most} MB can be sent at once. Nothing was kept: send less at a time."
        return HttpResponse(words, status=413)


class PersonMiddleware:
    """Names in a cookie who is signed in: so a page knows when it is somebody else than who opened it (see tokens.js)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Asking a session that nobody asked would make every page depend on it.
        person = request.session.get(SESSION_KEY, "") if request.session.accessed else ""
        if person and request.COOKIES.get(PERSON_COOKIE) != person:
            response.set_cookie(PERSON_COOKIE, person, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
        return response


class WaitedMiddleware:
    """Names in a cookie the request that a page waits for (`waits` in its address): so the page knows that its file came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = request.GET.get("waits", "")
        if re.fullmatch("[a-z0-9]{1,16}", name):
            response.set_cookie("waited", name, max_age=60, secure=settings.SECURE_COOKIES, samesite="Lax")
        return response


class ProblemPagesMiddleware:
    """A refusal in plain words becomes a page in our look. Parts of pages (htmx) and programs (the API) get it as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in {400, 405, 413} or not _is_page(request, response):
            return response
        # The demo's postbox takes the policy from here, and has no pages of the desk.
        from review.views import problems

        page = problems.said(request, response.status_code, response.content.decode())
        if allowed := response.headers.get("Allow"):
            page["Allow"] = allowed
        return page


def _read_away(request: HttpRequest, size: int) -> None:
    """A browser that is still sending when the line is cut never shows the answer; what is far too large is cut all the same."""
    left = min(size, READ_AWAY)
    while left > 0 and (chunk := request.read(min(left, CHUNK))):
        left -= len(chunk)


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a person will see this answer, and it is no page yet."""
    if request.headers.get("HX-Request") or request.path.startswith("/api/v") or response.streaming:
        return False
    return response.headers.get("Content-Type", "").startswith("text/html") and not response.content.lstrip().startswith(b"<")


@cache
def _known_zones() -> set[str]:
    """Looked up once: these are hundreds of files."""
    return available_timezones()


def _chosen_zone(request: HttpRequest) -> str:
    # The demo's postbox takes the policy from here, and has no models.
    from review import people

    return people.standing(request.user).profile.zone if request.user.is_authenticated else ""
