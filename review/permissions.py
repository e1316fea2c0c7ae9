"""Who may do what: three roles, kept as groups. Views ask here, nobody else decides."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from review import people

P = ParamSpec("P")


class Role(StrEnum):
    """The groups that the desk knows. Superusers have every role."""

    REVIEWER = "reviewer"
    ADMIN = "admin"
    MANAGER = "manager"


class DeskRequest(HttpRequest):
    """A request of somebody who signed in, as views see it behind `needs`."""

    user: User
    htmx: HtmxDetails


Permission = Callable[[User], bool]
GuardedView = Callable[Concatenate[DeskRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def roles(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles of `user`."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(Role)
    names = people.standing(user).groups
    return frozenset(role for role in Role if role.value in names)


def may_read(user: User | AnonymousUser) -> bool:
    """Conversations, without deciding anything."""
    return bool(roles(user))


def may_review(user: User | AnonymousUser) -> bool:
    """The queue, every decision, and outgoing mail."""
    return bool(roles(user) & {Role.REVIEWER, Role.ADMIN})


def may_administer(user: User | AnonymousUser) -> bool:
    """The setup, and what the admin site offers."""
    return Role.ADMIN in roles(user)


def may_manage_people(user: User | AnonymousUser) -> bool:
    """Who works at the desk, and as what. Not for admins who are limited to mailboxes: they could give themselves the others."""
    return isinstance(user, User) and may_administer(user) and people.standing(user).mailbox_ids is None


def may_erase(user: User | AnonymousUser) -> bool:
    """What there is about a person, in whatever mailbox, to take away and to erase; and how long what is kept."""
    return may_manage_people(user)


def may_audit(user: User | AnonymousUser) -> bool:
    """The audit log."""
    return bool(roles(user) & {Role.ADMIN, Role.MANAGER})


def may_report(user: User | AnonymousUser) -> bool:
    """The reports, and what they take for granted."""
    return bool(roles(user) & {Role.ADMIN, Role.MANAGER})


def may_see_evidence(user: User | AnonymousUser) -> bool:
    """How far auto-send is proven. Not for who reviews and is no admin: knowing how close the proof is would bend their verdicts."""
    return may_administer(user) or roles(user) == {Role.MANAGER}


def may_allow_auto_send(user: User | AnonymousUser) -> bool:
    """What lets replies leave by themselves, or changes what that takes: a category is of all mailboxes, so it is not for admins who are
    limited to some. They may suspend a category and stop everything."""
    return may_manage_people(user)


def is_somebody(user: User | AnonymousUser) -> bool:
    """What is a person's own, whatever their role."""
    return user.is_active


def needs(permission: Permission) -> Callable[[GuardedView[P]], View[P]]:
    """Guards a view: sends strangers to the sign-in page, refuses who may not.

    A part of a page that is asked for without a session gets a bare 401, so that what the person typed stays on the screen.
    """

    def guard(view: GuardedView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            desk_request = cast(DeskRequest, request)
            if not request.user.is_authenticated:
                return HttpResponse(status=401) if desk_request.htmx else redirect_to_login(request.get_full_path())
            if not permission(request.user):
                raise PermissionDenied
            return view(desk_request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(View[P], guarded)

    return guard
