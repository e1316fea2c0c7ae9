"""Pages for what went wrong: what happened, that nothing is lost, and what to do. In the frame for who is signed in."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from review.authentication import second_factor
from review.frame import THEMES


@dataclass(frozen=True, slots=True)
class Problem:
    """What the page says."""

    code: int
    title: str
    words: str


PROBLEMS = {
    problem.code: problem
    for problem in (
        Problem(400, "That could not be read", "What was sent makes no sense here. Nothing was changed. Go back and try again."),
        Problem(403, "You may not open this", "Your role does not include this page. Ask an admin if you need it."),
        Problem(
            404,
            "There is nothing here",
            "The address is wrong, what it showed is gone, or it is in a mailbox that you may not see. Look for it in the conversations.",
        ),
        Problem(405, "Nothing was done", "This address only takes what a button on a page sends. Go back there and press the button."),
        Problem(413, "That is too much at once", "What was sent is larger than anything that can be sent here. Nothing was kept."),
        Problem(
            429,
            "Too many requests",
            "There were too many from your address, or by you, in a short time. Wait a minute and try again. Nothing was changed.",
        ),
    )
}
TOO_OLD = Problem(
    403,
    "Please send it again",
    "The page was too old to be trusted, or cookies are switched off. Nothing was changed. Go back, reload the page, and send it again.",
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's page for what it could not read."""
    return _show(request, PROBLEMS[400])


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's page for who may not."""
    return _show(request, PROBLEMS[403])


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's page for what is not there."""
    return _show(request, PROBLEMS[404])


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's page for who asks too often."""
    return _show(request, PROBLEMS[429])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page for a form whose secret does not fit."""
    return _show(request, TOO_OLD)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own failure. It needs neither the database nor the session, which may be what failed."""
    theme = request.COOKIES.get("theme", "")
    return HttpResponse(render_to_string("500.html", {"theme": theme if theme in THEMES else ""}), status=500)


def said(request: HttpRequest, code: int, words: str) -> HttpResponse:
    """A refusal that a view put in plain words, as a page."""
    problem = PROBLEMS[code]
    return _show(request, Problem(code, problem.title, words or problem.words))


def _show(request: HttpRequest, problem: Problem) -> HttpResponse:
    # Who has not shown a second factor yet sees nothing of the desk, also not what the frame tells. A request for another host has no user.
    hidden = {"frame": None} if hasattr(request, "user") and second_factor.is_missing(request.user) else {}
    return render(request, "problem.html", {"problem": problem, **hidden}, status=problem.code)
