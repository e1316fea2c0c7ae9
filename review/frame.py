"""What the frame around every page shows: where the person may go, what needs somebody, and what this place is."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import CharField, Count, F, Max, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse

from drafting import setups
from drafting.models import Draft
from inbox import mailboxes, oauth
from inbox.models import Conversation
from review import access, people, permissions, second_looks
from review.decisions import LIVE
from review.desk import version_history, words
from review.desk.automation import standing
from review.desk.automation.standing import Standing
from review.models import Profile, Webhook

ON_A_PHONE = 5
"""So many entries have room side by side on a phone, with their names."""
SETUP_SECONDS = 15
"""How long what is known of the setup may be old; reading it and the rules anew costs several queries."""
_SETUP = "setup-in-use"
THEMES = {"light": "Light", "dark": "Dark", "": "As the system"}


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the rail. On a phone those that are `is_rest` stand in a menu."""

    name: str
    icon: str
    url: str
    is_here: bool
    count: int = 0
    tone: str = ""
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a person, and where to go about it."""

    words: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class SetupInUse:
    """The default setup by name ("" for none), in which parts what runs differs from which setup in use, and those whose model changed.

    `used` are the ids of the setups in use by category, the default one under None.
    """

    name: str
    is_standin: bool
    differing: list[tuple[str, list[str]]]
    changed: list[str]
    used: dict[int | None, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame for one person."""

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
        context["frame"] = _frame(request, user, theme)
    return context


def _frame(request: HttpRequest, user: User, theme: str) -> Frame:
    setup = setup_in_use()
    found = _look(user) if permissions.may_review(user) else {}
    auto_send = standing.standing(setup.used)
    problems = (
        [*_setup_problems(setup, user), *_suspended(auto_send, user), *_problems(found, user)] if permissions.may_review(user) else []
    )
    name = words.person(user)
    links = _links(request, user, found)
    return Frame(
        links=links,
        rest=[link for link in links if link.is_rest],
        admin_links=_admin_links(user),
        problems=problems,
        can_write=permissions.may_review(user),
        second_looks=found.get("second_looks", (0, ""))[0],
        auto_send=auto_send,
        auto_send_url=reverse("automation") if permissions.may_see_evidence(user) else "",
        can_stop=permissions.may_administer(user),
        can_allow=permissions.may_allow_auto_send(user),
        problem_words="problem needs somebody" if len(problems) == 1 else "problems need somebody",
        standin=f"Stand-in model: {setup.name} writes by fixed rules, no language model is in use." if setup.is_standin else "",
        alarm=_alarm(setup),
        name=name,
        initials="".join(part[0] for part in name.split()[:2]).upper(),
        role=words.listed(sorted(role.value for role in permissions.roles(user))).capitalize() if permissions.roles(user) else "No role",
        privacy_url=reverse("privacy") if permissions.may_erase(user) else "",
        theme=theme,
        themes=[(value, label, value == theme) for value, label in THEMES.items()],
    )


def setup_in_use() -> SetupInUse:
    """What is known of the setups in use, a few seconds old at most."""
    return cast(SetupInUse, caches["process"].get_or_set(_SETUP, _setup_in_use, SETUP_SECONDS))


def forget_setup() -> None:
    """Look anew at what runs: a rule or something else that is pinned was saved."""
    caches["process"].delete(_SETUP)


def _setup_in_use() -> SetupInUse:
    by_category = setups.by_category()
    setup = by_category.get(None)
    if setup is None:
        return SetupInUse("", False, [], [], {})
    found = [(str(used), setups.differences(used)) for used in setups.in_use()]
    differing = [(name, [words.humanised(part).lower() for part in parts if part != "canaries"]) for name, parts in found]
    changed = [name for name, parts in found if "canaries" in parts]
    used = {category: each.pk for category, each in by_category.items()}
    return SetupInUse(str(setup), setups.is_standin(setup), [each for each in differing if each[1]], changed, used)


def _alarm(setup: SetupInUse) -> str:
    if not setup.changed:
        return ""
    return f"Another model answers than the one pinned as {words.listed(setup.changed)}. Drafting goes on; nothing is sent automatically."


def _setup_problems(setup: SetupInUse, user: User) -> list[Problem]:
    if not permissions.may_review(user):
        return []
    is_admin = permissions.may_administer(user)
    url = reverse("setup" if is_admin else "queue")
    if not setup.name and is_admin:
        return [Problem("No setup is active", "Nothing is drafted until a model server is pinned; add one on the Setup page.", url)]
    mend = "Start the pinned model again, or pin the one that runs." if is_admin else "Tell an admin; all drafts need people until then."
    act = "Pin what runs now on the Setup page." if is_admin else "Tell an admin; until then every draft fails that check."
    return [
        *(Problem("Another model answers than the pinned one", f"{name}: its canaries differ. {mend}", url) for name in setup.changed),
        *(
            Problem("What runs differs from the pinned setup", f"{name}, in {words.listed(parts)}. {act}", url)
            for name, parts in setup.differing
        ),
    ]


def _suspended(auto_send: Standing, user: User) -> list[Problem]:
    """For admins: only they can do anything about it, and reviewers never see how the proof goes."""
    if not permissions.may_administer(user):
        return []
    return [Problem(f"{each.name} is suspended", f"{each.cause}. Its drafts wait for people.", each.url) for each in auto_send.suspended]


def _admin_links(user: User) -> list[tuple[str, str]]:
    """Only for superusers: nothing of daily work is left on the admin site."""
    return [("All tables", reverse("admin:index"))] if user.is_superuser and user.is_staff else []


def _links(request: HttpRequest, user: User, found: dict[str, tuple[int, str]]) -> list[Link]:
    stuck = found.get("failed", (0, ""))[0] + found.get("maybe_sent", (0, ""))[0]
    waiting = found.get("open", (0, ""))[0] - found.get("snoozed", (0, ""))[0]
    wanted = [
        ("Queue", "queue", permissions.may_review, waiting, ""),
        ("Conversations", "conversations", permissions.may_read, 0, ""),
        ("Outgoing", "outgoing", permissions.may_review, stuck, "red"),
        ("Automation", "automation", permissions.may_see_evidence, 0, ""),
        ("Rules", "rules", permissions.may_administer, 0, ""),
        ("Connectors", "connectors", permissions.may_administer, 0, ""),
        ("Knowledge", "knowledge", permissions.may_administer, 0, ""),
        ("Setup", "setup", permissions.may_administer, 0, ""),
        ("Mailboxes", "mailboxes", permissions.may_administer, 0, ""),
        ("People", "people", permissions.may_manage_people, 0, ""),
        ("Reports", "reports", permissions.may_report, 0, ""),
        ("Audit log", "audit_log", permissions.may_audit, 0, ""),
    ]
    mine = [one for one in wanted if one[2](user)]
    at_once = len(mine) if len(mine) <= ON_A_PHONE else ON_A_PHONE - 1
    return [
        Link(name, target, reverse(target), _place(request).startswith(reverse(target)), count, tone, is_rest=number >= at_once)
        for number, (name, target, _, count, tone) in enumerate(mine)
    ]


def _place(request: HttpRequest) -> str:
    """The address by which the rail knows where the person is: versions belong to the list of their kind."""
    match = request.resolver_match
    kind = match.kwargs.get("thing_kind") if match and match.url_name == "versions" else None
    return reverse(version_history.LISTS[kind][1]) if kind in version_history.LISTS else request.path


def _look(user: User) -> dict[str, tuple[int, str]]:
    """Counts and words by what they are about, of what `user` may see, in one query whatever the volume."""
    looks = [
        _about(access.drafts(user).filter(state__in=LIVE), Value("open")),
        _about(access.drafts(user).filter(state__in=LIVE, conversation__state=Conversation.State.SNOOZED), Value("snoozed")),
        _about(access.drafts(user).filter(state=Draft.State.QUEUED).exclude(last_error=""), Value("model"), "last_error"),
        _about(second_looks.waiting(user), Value("second_looks")),
        _about(access.outgoing(user).filter(state__in=["failed", "maybe_sent"]), F("state")),
        _about(Webhook.objects.exclude(problem=""), Value("webhook"), "problem"),
        _about(access.mailboxes(user).filter(is_active=True).exclude(fetch_error=""), Value("mailbox"), "fetch_error"),
        _about(access.mailboxes(user).filter(mailboxes.unreached(), fetch_error=""), Value("unreached"), "name"),
        _about(access.mailboxes(user).filter(oauth.expiring(), is_active=True), Value("expiring"), "name"),
    ]
    rows = looks[0].union(*looks[1:], all=True)
    return {about: (n, said or "") for about, n, said in rows if n}


def _about(rows: QuerySet[Any], about: Combinable, said: str = "") -> Any:
    words = Cast(Max(said), CharField()) if said else Value("")
    return rows.annotate(about=about).order_by().values("about").annotate(n=Count("pk"), said=words).values_list("about", "n", "said")


def _problems(found: dict[str, tuple[int, str]], user: User) -> list[Problem]:
    place = "mailboxes" if permissions.may_administer(user) else "queue"
    worded = {
        "mailbox": ("mailbox cannot be read", "mailboxes cannot be read", place),
        "unreached": ("mailbox was not reached for 15 minutes", "mailboxes were not reached for 15 minutes", place),
        "model": ("mail waits for the assistant", "mails wait for the assistant", "queue"),
        "failed": ("reply could not be sent", "replies could not be sent", "outgoing"),
        "maybe_sent": ("reply was maybe sent: decide what happened", "replies were maybe sent: decide what happened", "outgoing"),
    }
    if permissions.may_administer(user):
        worded["expiring"] = ("mailbox loses its sign-in soon", "mailboxes lose their sign-in soon", "mailboxes")
        worded["webhook"] = ("webhook needs somebody", "webhooks need somebody", "webhooks")
    return [
        Problem(words.count(found[about][0], one, many), found[about][1][:300], reverse(target))
        for about, (one, many, target) in worded.items()
        if about in found
    ]
