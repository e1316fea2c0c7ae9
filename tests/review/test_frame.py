"""The frame around every page, and how a page that stays open learns what is new in it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from inbox import mailboxes
from inbox.models import Mailbox
from review import autosend, team
from review.frame.counts import SWITCH, Counts, counts
from review.permissions import Role
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "X-Unattended": "1"}


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    caches["process"].clear()


def polled(client: Client) -> str:
    """The address that a page which is loaded now will ask."""
    address: str = client.get("/queue/").context["frame"].poll_url
    return address


def test_nothing_new_costs_little_and_says_nothing(desk: Client, django_assert_max_num_queries: Any) -> None:
    ready_draft()
    address = polled(desk)
    with django_assert_max_num_queries(5):
        answer = desk.get(address, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")


def test_who_stopped_auto_send_and_since_when_reaches_pages_that_are_open(desk: Client) -> None:
    address = polled(desk)
    autosend.switch.stop_all(by=make_person("admin", "dana", first_name="Dana", last_name="Ray"), words="")
    answer = desk.get(address, headers=HTMX)
    assert answer.status_code == 200
    assert "Auto-send stopped by Dana Ray, " in answer.content.decode()
    assert desk.get(answer.context["frame"].poll_url, headers=HTMX).status_code == 204


def test_mail_that_was_maybe_sent_reaches_pages_that_are_open(desk: Client, ana: User) -> None:
    address = polled(desk)
    make_outgoing(by=ana, state="maybe_sent")
    page = desk.get(address, headers=HTMX).content.decode()
    assert "reply was maybe sent: decide what happened" in page
    assert '<b id="badge-outgoing" class="badge badge-red">1</b>' in page


def test_what_waits_is_counted_anew(desk: Client) -> None:
    address = polled(desk)
    ready_draft()
    assert '<b id="badge-queue" class="badge">1</b>' in desk.get(address, headers=HTMX).content.decode()


def counted(user: User) -> Counts:
    return {about: found for about, found in counts(user).items() if about != SWITCH}


def test_what_is_counted_follows_the_clock_and_what_the_person_may_see(ana: User) -> None:
    draft = ready_draft()
    mailbox, other = draft.conversation.mailbox, make_mailbox()
    for each in (mailbox, other):
        Mailbox.objects.filter(pk=each.pk).update(fetched_at=timezone.now())
    assert counted(ana) == {"open": (1, "")}
    Mailbox.objects.filter(pk=mailbox.pk).update(fetched_at=timezone.now() - mailboxes.UNREACHED)
    assert counted(ana) == {"open": (1, ""), "unreached": (1, mailbox.name)}
    team.give(person=ana, roles=[Role.REVIEWER], mailboxes=[other])
    assert counted(User.objects.get(pk=ana.pk)) == {}


def test_what_is_posted_in_it_leads_back_to_the_page_that_asked(client: Client) -> None:
    client.force_login(make_person("admin"))
    address = polled(client)
    ready_draft()
    page = client.get(f"{address}&here=/queue/%3Fgate%3Dfailed", headers=HTMX).content.decode()
    assert '<input type="hidden" name="next" value="/queue/?gate=failed">' in page


def test_a_page_whose_session_has_ended_learns_nothing(client: Client) -> None:
    assert client.get("/frame/?version=", headers=HTMX).status_code == 401


def test_who_has_no_role_is_told_nothing_of_the_mail(client: Client, ana: User) -> None:
    make_outgoing(by=ana, state="maybe_sent")
    client.force_login(make_person(""))
    assert "maybe sent" not in client.get("/frame/", headers=HTMX).content.decode()
