"""Something was wrong with a reply: said on the page of the mail, seen in the conversation, taken back by somebody else."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import OutgoingMail
from review import decisions, permissions, team
from review.models import Attempt, Decision, Flag
from tests.drafting.factories import make_mailbox
from tests.review.factories import activate, make_outgoing, make_person, ready_draft
from tests.review.proofs import enter, make_attempt, make_terms
from tests.review.test_automation import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(ana: User) -> OutgoingMail:
    """A reply that Ana approved and that has left."""
    decision = decisions.approve(draft=ready_draft(), by=ana)
    mail = decision.outgoing
    assert mail is not None
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
    return mail


@pytest.fixture
def bens(ben: User) -> Client:
    """Ben's browser."""
    browser = Client()
    browser.force_login(ben)
    return browser


def flag(browser: Client, mail: OutgoingMail, **said: str) -> str:
    return text(browser.post(f"/outgoing/{mail.pk}/flag/", {"kind": "wrong_fact", "words": "The date is wrong.", **said}, follow=True))


def test_a_reviewer_says_what_was_wrong(bens: Client, sent: OutgoingMail, ben: User) -> None:
    assert "Something was wrong with this reply" in text(bens.get(f"/outgoing/{sent.pk}/"))
    page = flag(bens, sent)
    assert "Noted. The reply counts as unsafe from now on." in page
    assert "It said something wrong" in page and "The date is wrong." in page and "Ben Orr" in page
    assert Flag.objects.get().by == ben


def test_the_verdict_flips_and_a_leak_suspends_the_category(bens: Client, sent: OutgoingMail, ana: User) -> None:
    setup = activate()
    make_terms()
    attempt = make_attempt(Attempt.State.AUTO, n=30, setup=setup, category=sent.decision.draft.category)
    entry = enter(attempt, sent.decision.draft)
    flag(bens, sent, kind="leak")
    entry.refresh_from_db()
    attempt.refresh_from_db()
    assert entry.unsafe is True
    assert (attempt.state, attempt.cause) == (Attempt.State.SUSPENDED, Attempt.Cause.LEAK)


@pytest.mark.parametrize("said", [{"kind": ""}, {"words": " "}, {"kind": "nonsense"}])
def test_what_is_missing_is_said_and_nothing_is_lost(bens: Client, sent: OutgoingMail, said: dict[str, str]) -> None:
    answer = bens.post(f"/outgoing/{sent.pk}/flag/", {"kind": "wrong_fact", "words": "The date is wrong.", **said})
    assert answer.status_code == 422
    assert "The date is wrong." in text(answer) or not said.get("words", "x").strip()
    assert not Flag.objects.exists()


def test_only_replies_of_the_assistant_that_left_can_be_flagged(bens: Client, ana: User) -> None:
    by_hand = make_outgoing(by=ana)
    held = decisions.approve(draft=ready_draft(), by=ana).outgoing
    assert held is not None
    for mail in (by_hand, held):
        assert "Something was wrong" not in text(bens.get(f"/outgoing/{mail.pk}/"))
        assert bens.post(f"/outgoing/{mail.pk}/flag/", {"kind": "leak", "words": "x"}).status_code == 404
    assert not Flag.objects.exists()


def test_what_a_second_person_writes_of_the_same_is_kept(bens: Client, sent: OutgoingMail, ana: User) -> None:
    flag(bens, sent)
    second = Client()
    second.force_login(make_person("reviewer", "eva", first_name="Eva", last_name="Lund"))
    page = flag(second, sent, words="So is the price.")
    assert "It is flagged for this already, and counts as unsafe. What you wrote is kept with that flag." in page
    assert "The date is wrong.<br>Eva Lund: So is the price." in page


def test_somebody_else_finds_a_flag_mistaken(bens: Client, sent: OutgoingMail, desk: Client) -> None:
    flag(bens, sent, kind="complaint")
    found = Flag.objects.get()
    assert "You decided on this reply" in text(desk.get(f"/outgoing/{sent.pk}/"))
    refused = text(desk.post(f"/flags/{found.pk}/clear/", {"words": "It was not."}, follow=True))
    assert "You decided on this reply yourself" in refused
    assert "It was not about our reply" in text(bens.get(f"/outgoing/{sent.pk}/"))
    assert "Say in a few words why the flag is mistaken." in text(bens.post(f"/flags/{found.pk}/clear/", {}, follow=True))
    page = text(bens.post(f"/flags/{found.pk}/clear/", {"words": "About the carrier."}, follow=True))
    assert "has the verdict again that it had before" in page and "Found mistaken by Ben Orr" in page
    found.refresh_from_db()
    assert found.cleared_at is not None
    late = text(bens.post(f"/flags/{found.pk}/clear/", {"words": "Not about us."}, follow=True))
    assert "Somebody was faster: the flag was cleared. You wrote: “Not about us.”" in late


def test_the_conversation_leads_to_the_form_and_shows_the_flags(bens: Client, sent: OutgoingMail) -> None:
    url = f"/conversations/{sent.conversation_id}/"
    assert f'href="/outgoing/{sent.pk}/#wrong">Something was wrong with this reply' in text(bens.get(url))
    flag(bens, sent, kind="recipient")
    assert "Flagged: It went to the wrong person" in text(bens.get(url))
    manager = Client()
    manager.force_login(make_person("manager"))
    page = text(manager.get(url))
    assert "Flagged: It went to the wrong person" in page
    assert f"/outgoing/{sent.pk}/dossier/" in page
    assert f'"/outgoing/{sent.pk}/"' not in page and "#wrong" not in page


def test_flags_of_mail_that_one_may_not_see_are_not_found(sent: OutgoingMail, bens: Client, ben: User) -> None:
    flag(bens, sent)
    stranger = make_person("reviewer")
    team.give(person=stranger, roles=[permissions.Role.REVIEWER], mailboxes=[make_mailbox()])
    browser = Client()
    browser.force_login(stranger)
    assert browser.post(f"/outgoing/{sent.pk}/flag/", {"kind": "leak", "words": "x"}).status_code == 404
    assert browser.post(f"/flags/{Flag.objects.get().pk}/clear/", {"words": "x"}).status_code == 404
    assert Decision.objects.count() == 1
