"""Who works at the desk: what admins change about people. Somebody who may manage people always remains.

Each change locks the group of admins, so that of two admins who take each other's role away the second is refused.
"""

from collections.abc import Collection

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q, QuerySet

from drafting.errors import Refused
from inbox import conversations
from inbox.models import Conversation, Mailbox
from review import audit_log, decisions, people, permissions
from review.authentication import sessions
from review.models import Claim, Profile
from review.permissions import Role


def managers() -> QuerySet[User]:
    """Those who may manage people: admins who are active and see every mailbox."""
    is_admin = Q(is_superuser=True) | Q(groups__name=Role.ADMIN)
    return User.objects.filter(is_admin, is_active=True).exclude(profile__is_limited=True).distinct()


@transaction.atomic
def change(*, person: User, roles: Collection[Role], mailboxes: Collection[Mailbox] | None, by: User) -> None:
    """Give `person` these roles, and these mailboxes to see (None: all). Raises Refused, in words, and nothing has changed."""
    _lock()
    stays = Role.ADMIN in roles and mailboxes is None
    if person == by and not stays:
        raise Refused("You cannot take your own admin role away or limit yourself. Ask another admin.")
    if not stays:
        _require_others(person)
    had, saw = permissions.roles(person), _seen(person)
    give(person=person, roles=roles, mailboxes=mailboxes)
    if had != set(roles):
        audit_log.record(act="person.roles_changed", by=by, about=str(person), words=f"{_listed(had)} became {_listed(roles)}.")
    if saw != _seen(person):
        audit_log.record(act="person.mailboxes_changed", by=by, about=str(person), words=f"{_seen(person)}.")
    let_go(person=person, by=by)


def give(*, person: User, roles: Collection[Role], mailboxes: Collection[Mailbox] | None) -> None:
    """Set roles and mailboxes, unasked and unrecorded. Only admins who see every mailbox may use the admin site, which shows them all."""
    groups = [Group.objects.get_or_create(name=role.value)[0] for role in roles]
    person.groups.set([*groups, *person.groups.exclude(name__in=Role)])
    person.is_superuser, person.is_staff = False, Role.ADMIN in roles and mailboxes is None
    person.save(update_fields=["is_superuser", "is_staff"])
    if mailboxes is not None or Profile.objects.filter(user=person).exists():
        profile, _ = Profile.objects.update_or_create(user=person, defaults={"is_limited": mailboxes is not None})
        profile.mailboxes.set(mailboxes or [])
    people.forget(person)


@transaction.atomic
def deactivate(*, person: User, by: User) -> None:
    """Nobody can sign in as `person` any more; what they had taken over goes back to the queue. Raises Refused."""
    _lock()
    if person == by:
        raise Refused("You cannot deactivate yourself. Ask another admin.")
    _require_others(person)
    _set_active(person, False)
    sessions.end_all(person)
    audit_log.record(act="person.deactivated", by=by, about=str(person))
    let_go(person=person, by=by)


@transaction.atomic
def activate(*, person: User, by: User) -> None:
    """Let `person` sign in again, with the roles that they had."""
    _set_active(person, True)
    audit_log.record(act="person.activated", by=by, about=str(person))


@transaction.atomic
def end_sessions(*, person: User, by: User) -> int:
    """Sign `person` out everywhere; says how many sessions that ended."""
    ended = sessions.end_all(person)
    audit_log.record(act="person.sessions_ended", by=by, about=str(person), words=f"{ended} of them.")
    return ended


def _lock() -> None:
    Group.objects.select_for_update().get_or_create(name=Role.ADMIN.value)


def _require_others(person: User) -> None:
    if not managers().exclude(pk=person.pk).exists():
        raise Refused("This is the last admin who sees every mailbox. Make somebody else one first.")


def _set_active(person: User, is_active: bool) -> None:
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    people.forget(person)


def let_go(*, person: User, by: User) -> None:
    """What `person` was on and may no longer answer is everybody's again: nothing that was taken over is forgotten."""
    seen = people.standing(person).mailbox_ids
    lost = Q() if seen is None else ~Q(mailbox__in=seen)
    if permissions.may_review(person) and seen is None:
        return
    talks = Conversation.objects.all() if not permissions.may_review(person) else Conversation.objects.filter(lost)
    Claim.objects.filter(by=person, draft__conversation__in=talks).delete()
    for talk in talks.filter(assigned_to=person):
        conversations.assign(conversation=talk, to=None)
    taken_over = decisions.reply_missing().filter(by=person, draft__conversation__in=talks)
    for talk in Conversation.objects.filter(pk__in=taken_over.values("draft__conversation")):
        decisions.hand_back(conversation=talk, by=by)


def _seen(person: User) -> str:
    seen = people.standing(person).mailbox_ids
    if seen is None:
        return "All mailboxes"
    return ", ".join(Mailbox.objects.filter(pk__in=seen).order_by("name").values_list("name", flat=True)) or "No mailbox"


def _listed(roles: Collection[Role]) -> str:
    return ", ".join(sorted(role.value for role in roles)).capitalize() or "No role"
