"""Single sign-on: whom of those that the OpenID Connect provider knows we let in, and as what."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialLogin
from allauth.utils import generate_unique_username
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inbox.models import Mailbox
from review import audit_log, invitations, people, permissions, team
from review.authentication.accounts import record_failure
from review.authentication.openid_connect import Claims
from review.desk import words
from review.models import Invitation
from review.permissions import Role

log = logging.getLogger(__name__)


class NotAdmitted(Exception):
    """The provider knows this person, and we do not let them in. The words say what to do."""


@transaction.atomic
def admit(login: SocialLogin) -> User:
    """Whom `login` lets in: who came before, who has the verified address, who was invited, and, where the settings say so, anybody.

    Ties the provider's account to the person, and gives the roles of their groups. Raises NotAdmitted.
    """
    claims: Claims = login.claims
    user: User = login.user if login.is_existing else _known(claims) or _new(claims)
    login.user = login.account.user = user
    login.account.save()
    if settings.OIDC_ROLES:
        follow_groups(user, claims)
    return user


def follow_groups(user: User, claims: Claims) -> None:
    """Give `user` those of the mapped roles that their groups at the provider stand for, and no other of them.

    Superusers, and the last who may manage people, keep what they have: a mistake at the provider must not lock everybody out.
    """
    groups = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    told = {Role(settings.OIDC_ROLES[group]) for group in ([groups] if isinstance(groups, str) else groups) if group in settings.OIDC_ROLES}
    had = permissions.roles(user)
    wanted = told | {role for role in had if role not in settings.OIDC_ROLES.values()}
    is_last = Role.ADMIN in had - wanted and not team.managers().exclude(pk=user.pk).exists()
    if user.is_superuser or is_last or wanted == had:
        return
    seen = people.standing(user).mailbox_ids
    with audit_log.recording(act="person.roles_changed", by=None, about=user.get_username()) as entry:
        entry.words = f"By the groups of single sign-on: {words.listed(sorted(wanted)) if wanted else 'no role'}."
        team.give(person=user, roles=wanted, mailboxes=None if seen is None else list(Mailbox.objects.filter(pk__in=seen)))
        team.let_go(person=user, by=user)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Our answers to django-allauth."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The provider of the settings; those in the database, which anybody with the admin site could add, do not count."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: `admit` has already made the person, or refused."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Lets somebody in, or shows them why not."""
        try:
            admit(sociallogin)
        except NotAdmitted as refusal:
            record_failure(
                request, meant=None, why=f"Single sign-on of {sociallogin.claims.get('email') or sociallogin.account.uid}: {refusal}"
            )
            raise ImmediateHttpResponse(refused(request, str(refusal))) from refusal

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **_: Any) -> None:
        """Notes what went wrong for the operator; the person sees a page that says whom to ask."""
        log.warning("Single sign-on failed: %s", exception or error)
        if exception:
            record_failure(request, meant=None, why=f"Single sign-on: {exception}"[:500])


def refused(request: HttpRequest, why: str) -> HttpResponse:
    """The page for somebody whom single sign-on did not let in."""
    return render(request, "socialaccount/refused.html", {"why": why}, status=403)


def _known(claims: Claims) -> User | None:
    users = list(User.objects.filter(email__iexact=_verified_address(claims)))
    if len(users) > 1:
        raise NotAdmitted("More than one person here has your email address. Ask an admin to mend that on the People page.")
    return users[0] if users else None


def _new(claims: Claims) -> User:
    address = _verified_address(claims)
    invitation = _open_invitation(address)
    if invitation is None and not settings.OIDC_ADMIT_UNKNOWN:
        raise NotAdmitted(f"Nobody has invited {address} to this desk yet. Ask an admin for an invitation.")
    user = User(
        username=_free_name(claims, address), email=address, first_name=_part(claims, "given_name"), last_name=_part(claims, "family_name")
    )
    user.set_unusable_password()
    user.save()
    if invitation:
        _take(invitation, user)
    audit_log.record(act="person.joined", by=user, about=user.get_username(), words="By single sign-on.")
    return user


def _open_invitation(address: str) -> Invitation | None:
    waiting = invitations.open_ones().filter(email__iexact=address, expires_at__gt=timezone.now())
    return waiting.select_for_update().order_by("pk").last()


def _take(invitation: Invitation, user: User) -> None:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    mailboxes = list(invitation.mailboxes.all()) if invitation.is_limited else None
    team.give(person=user, roles=[Role(role) for role in invitation.roles], mailboxes=mailboxes)


def _free_name(claims: Claims, address: str) -> str:
    return str(generate_unique_username([str(claims.get("preferred_username") or ""), address]))


def _part(claims: Claims, name: str) -> str:
    return str(claims.get(name) or "")[:150]


def _verified_address(claims: Claims) -> str:
    address = str(claims.get("email") or "").strip()
    if not address:
        raise NotAdmitted("The provider did not tell your email address. Ask an admin.")
    if not settings.OIDC_EMAILS_ARE_VERIFIED and claims.get("email_verified") not in (True, "true"):
        raise NotAdmitted("The provider has not verified your email address. Verify it there and come back.")
    return address
