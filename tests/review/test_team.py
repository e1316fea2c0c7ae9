"""What admins change about people, and that somebody who can undo it always remains."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from drafting.errors import Refused
from drafting.models import Draft
from inbox.models import Conversation
from review import access, claims, decisions, permissions, team
from review.models import LogEntry
from review.permissions import Role
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_person, ready_draft


@pytest.fixture
def ada(db: None) -> User:
    """An admin."""
    return make_person("admin", "ada", first_name="Ada")


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_roles_and_mailboxes_are_given_and_recorded(ada: User, ana: User) -> None:
    mailbox = make_mailbox(name="Sales")
    team.change(person=ana, roles=[Role.MANAGER], mailboxes=[mailbox], by=ada)
    assert permissions.roles(fresh(ana)) == {Role.MANAGER}
    assert list(access.mailboxes(fresh(ana))) == [mailbox]
    told = LogEntry.objects.order_by("pk").values_list("act", "words", "by")
    assert list(told) == [
        ("person.roles_changed", "Reviewer became Manager.", ada.pk),
        ("person.mailboxes_changed", "Sales.", ada.pk),
    ]


def test_what_stays_as_it_was_is_not_recorded(ada: User, ana: User) -> None:
    team.change(person=ana, roles=[Role.REVIEWER], mailboxes=None, by=ada)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(("roles", "is_limited"), [([Role.REVIEWER], False), ([], False), ([Role.ADMIN], True)])
def test_nobody_takes_their_own_admin_role_away_or_limits_themselves(roles: list[Role], is_limited: bool, ada: User) -> None:
    make_person("admin")
    with pytest.raises(Refused, match="your own admin role"):
        team.change(person=ada, roles=roles, mailboxes=[make_mailbox()] if is_limited else None, by=ada)
    assert permissions.may_manage_people(fresh(ada))


def test_the_last_admin_stays_one(ada: User) -> None:
    limited, gone = make_person("admin"), make_person("admin", is_active=False)
    team.give(person=limited, roles=[Role.ADMIN], mailboxes=[make_mailbox()])
    assert list(team.managers()) == [ada]
    with pytest.raises(Refused, match="the last admin"):
        team.change(person=ada, roles=[], mailboxes=None, by=gone)
    with pytest.raises(Refused, match="the last admin"):
        team.deactivate(person=ada, by=gone)
    assert fresh(ada).is_active


def test_nobody_deactivates_themselves(ada: User) -> None:
    make_person("admin")
    with pytest.raises(Refused, match="cannot deactivate yourself"):
        team.deactivate(person=ada, by=ada)


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_take_each_others_role_away_at_once() -> None:
    ada, bea = make_person("admin", "ada"), make_person("admin", "bea")
    refused: list[str] = []
    start = threading.Barrier(2)

    def demote(person: User, by: User) -> None:
        start.wait()
        try:
            team.change(person=person, roles=[Role.REVIEWER], mailboxes=None, by=by)
        except Refused as error:
            refused.append(str(error))
        finally:
            connection.close()

    both = [threading.Thread(target=demote, args=pair) for pair in ((ada, bea), (bea, ada))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(refused) == 1
    assert team.managers().count() == 1


def test_who_is_deactivated_is_signed_out_and_what_they_took_over_waits_for_everybody(ada: User, ana: User) -> None:
    taken, read = ready_draft(), ready_draft()
    decisions.take_over(draft=taken, by=ana)
    claims.claim(draft=read, by=ana)
    Conversation.objects.filter(pk=read.conversation_id).update(assigned_to=ana)
    browser = Client()
    browser.force_login(ana)
    team.deactivate(person=ana, by=ada)
    assert browser.get("/queue/")["Location"].startswith("/sign-in/")
    assert claims.holder(read) is None
    assert Conversation.objects.get(pk=read.conversation_id).assigned_to is None
    taken.refresh_from_db()
    assert taken.state == Draft.State.READY
    assert taken.conversation.led_by == Conversation.Leader.ASSISTANT
    team.activate(person=ana, by=ada)
    assert permissions.may_review(fresh(ana))


def test_who_loses_a_mailbox_loses_what_they_took_over_there(ada: User, ana: User) -> None:
    kept, lost = ready_draft(), ready_draft()
    for draft in (kept, lost):
        decisions.take_over(draft=draft, by=ana)
    team.change(person=ana, roles=[Role.REVIEWER], mailboxes=[kept.conversation.mailbox], by=ada)
    missing = decisions.reply_missing().filter(by=ana)
    assert [decision.draft for decision in missing] == [kept]


def test_only_admins_who_see_every_mailbox_may_use_the_admin_site_and_manage_people(ada: User) -> None:
    bea = make_person("admin")
    team.change(person=bea, roles=[Role.ADMIN], mailboxes=None, by=ada)
    assert fresh(bea).is_staff
    team.change(person=bea, roles=[Role.ADMIN], mailboxes=[make_mailbox()], by=ada)
    assert not fresh(bea).is_staff
    assert not permissions.may_manage_people(fresh(bea))


def test_other_groups_stay(ada: User, ana: User, django_user_model: Any) -> None:
    ana.groups.create(name="payroll")
    team.change(person=ana, roles=[Role.MANAGER], mailboxes=None, by=ada)
    assert {group.name for group in ana.groups.all()} == {"payroll", "manager"}
