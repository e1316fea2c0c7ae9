"""What the frame around every page shows: where the person may go, what needs somebody, and what this place is."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from review import people, permissions
from review.desk import words
from review.desk.automation import standing
from review.desk.automation.standing import Standing
from review.frame.counts import SWITCH, counts
from review.frame.links import Link, admin_links, links
from review.frame.pinned import SetupInUse, forget_setup, setup_in_use
from review.frame.problems import Problem, alarm, problems
from review.models import Profile

__all__ = ["THEMES", "Frame", "Link", "Problem", "SetupInUse", "forget_setup", "frame", "of", "setup_in_use"]
THEMES = {"light": "Light", "dark": "Dark", "": "As the system"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame for one person. `here` is the address to come back to from what is posted in it, `poll_url` tells what is new in it."""

    links: list[Link]
    rest: list[Link]
    admin_links: list[tuple[str, str]]
    problems: list[Problem]
    problem_words: str
    can_write: bool
    second_looks: int
    auto_send: Standing
    auto_send_url: str
    can_stop: bool
    can_allow: bool
    standin: str
    alarm: str
    here: str
    version: str
    poll_url: str
    name: str
    initials: str
    role: str
    privacy_url: str
    theme: str
    themes: list[tuple[str, str, bool]]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame. Strangers see only the banner."""
    user = getattr(request, "user", None)
    profile = people.standing(user).profile if isinstance(user, User) else Profile()
    # The cookie is for strangers, and for who has not chosen yet.
    theme = profile.theme if profile.pk else request.COOKIES.get("theme", "")
    context = {
        "banner": settings.BANNER,
        "theme": theme if theme in THEMES else "",
        "density": profile.density,
        "has_shortcuts": profile.has_shortcuts,
        "undo_seconds": settings.UNDO_SECONDS,
    }
    if isinstance(user, User) and not request.headers.get("HX-Request"):
        context["frame"] = of(request, user, theme=theme, here=request.get_full_path() if request.method == "GET" else "")
    return context


def of(request: HttpRequest, user: User, *, theme: str = "", here: str = "") -> Frame:
    """The frame around a page of `user`."""
    setup = setup_in_use()
    found = counts(user)
    auto_send = standing.standing(setup.used, told=found.get(SWITCH, (0, ""))[1])
    needing = problems(user, setup=setup, auto_send=auto_send, found=found)
    entries, second_looks, standin, said = links(request, user, found), found.get("second_looks", (0, ""))[0], _standin(setup), alarm(setup)
    version = _version(auto_send, needing, [link.count for link in entries], second_looks, standin, said)
    name = words.person(user)
    return Frame(
        links=entries,
        rest=[link for link in entries if link.is_rest],
        admin_links=admin_links(user),
        problems=needing,
        can_write=permissions.may_review(user),
        second_looks=second_looks,
        auto_send=auto_send,
        auto_send_url=reverse("automation") if permissions.may_see_evidence(user) else "",
        can_stop=permissions.may_administer(user),
        can_allow=permissions.may_allow_auto_send(user),
        problem_words="problem needs somebody" if len(needing) == 1 else "problems need somebody",
        standin=standin,
        alarm=said,
        here=here,
        version=version,
        poll_url=f"{reverse('frame')}?version={version}",
        name=name,
        initials="".join(part[0] for part in name.split()[:2]).upper(),
        role=words.listed(sorted(role.value for role in permissions.roles(user))).capitalize() if permissions.roles(user) else "No role",
        privacy_url=reverse("privacy") if permissions.may_erase(user) else "",
        theme=theme,
        themes=[(value, label, value == theme) for value, label in THEMES.items()],
    )


def _version(*shown: object) -> str:
    """Another one whenever something that changes by itself shows differently."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _standin(setup: SetupInUse) -> str:
    return f"Stand-in model: {setup.name} writes by fixed rules, no language model is in use." if setup.is_standin else ""
