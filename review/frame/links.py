"""The rail: where a person may go."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from review import permissions
from review.desk import version_history
from review.frame.counts import Counts

ON_A_PHONE = 5
"""So many entries have room side by side on a phone, with their names."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the rail. `count` is what waits there, None where nothing is counted.

    On a phone those that are `is_rest` stand in a menu.
    """

    name: str
    icon: str
    url: str
    is_here: bool
    count: int | None = None
    tone: str = ""
    is_rest: bool = False


def links(request: HttpRequest, user: User, found: Counts) -> list[Link]:
    """The entries for `user`, with what waits behind them."""
    stuck = sum(found.get(about, (0, ""))[0] for about in ("failed", "maybe_sent", "bounced"))
    waiting = found.get("open", (0, ""))[0] - found.get("snoozed", (0, ""))[0]
    wanted = [
        ("Queue", "queue", permissions.may_review, waiting, ""),
        ("Conversations", "conversations", permissions.may_read, None, ""),
        ("Outgoing", "outgoing", permissions.may_review, stuck, "red"),
        ("Automation", "automation", permissions.may_see_evidence, None, ""),
        ("Rules", "rules", permissions.may_administer, None, ""),
        ("Connectors", "connectors", permissions.may_administer, None, ""),
        ("Knowledge", "knowledge", permissions.may_administer, None, ""),
        ("Setup", "setup", permissions.may_administer, None, ""),
        ("Mailboxes", "mailboxes", permissions.may_administer, None, ""),
        ("People", "people", permissions.may_manage_people, None, ""),
        ("Reports", "reports", permissions.may_report, None, ""),
        ("Audit log", "audit_log", permissions.may_audit, None, ""),
    ]
    mine = [one for one in wanted if one[2](user)]
    at_once = len(mine) if len(mine) <= ON_A_PHONE else ON_A_PHONE - 1
    return [
        Link(name, target, reverse(target), _place(request).startswith(reverse(target)), count, tone, is_rest=number >= at_once)
        for number, (name, target, _, count, tone) in enumerate(mine)
    ]


def admin_links(user: User) -> list[tuple[str, str]]:
    """Only for superusers: nothing of daily work is left on the admin site."""
    return [("All tables", reverse("admin:index"))] if user.is_superuser and user.is_staff else []


def _place(request: HttpRequest) -> str:
    """The address by which the rail knows where the person is: versions belong to the list of their kind."""
    match = request.resolver_match
    kind = match.kwargs.get("thing_kind") if match and match.url_name == "versions" else None
    return reverse(version_history.LISTS[kind][1]) if kind in version_history.LISTS else request.path
