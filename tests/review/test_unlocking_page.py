"""Before unlocking, after a suspension: what admins are told, what they must type, and what the backend is asked for."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting import setups
from drafting.models import CanaryRun, Setup, SetupActivation, SetupJob
from review import ledger
from review.models import Attempt, Flag, LogEntry
from tests.drafting.factories import make_category, make_setup
from tests.review.factories import make_person, ready_draft
from tests.review.proofs import confirm_model, make_attempt, make_terms, plant, stop
from tests.review.test_automation import text

pytestmark = pytest.mark.django_db
State, Cause = Attempt.State, Attempt.Cause


@pytest.fixture
def dana() -> User:
    """An admin."""
    return make_person("admin", "dana", first_name="Dana", last_name="Reyes")


@pytest.fixture
def client(dana: User) -> Client:
    """Dana's browser."""
    browser = Client()
    browser.force_login(dana)
    return browser


@pytest.fixture
def setup() -> Setup:
    """The setup in use, which is what runs here."""
    make_category()
    setup = make_setup(model="a-model", parts=setups.running_parts())
    SetupActivation.objects.create(setup=setup)
    return setup


@pytest.fixture
def proven(setup: Setup, ana: User) -> Attempt:
    """A category that can be unlocked once its model is confirmed."""
    make_terms()
    plant(ana, caught=60)
    return make_attempt(State.READY, n=400, by=ana, setup=setup)


def url(attempt: Attempt, verb: str) -> str:
    return f"/automation/{attempt.category_id}/{verb}"


def test_who_types_the_name_unlocks(client: Client, proven: Attempt, dana: User) -> None:
    confirm_model(proven.setup)
    assert client.get(url(proven, "unlock/")).context["page"].against == []
    answer = client.post(url(proven, "unlock/now/"), {"typed": "order status"}, follow=True)
    assert "Order status is unlocked: 10 % of its replies leave by themselves from now on." in text(answer)
    proven.refresh_from_db()
    assert (proven.state, proven.unlocked_by) == (State.RAMP_10, dana)


@pytest.mark.parametrize("typed", ["", "Order", "yes"])
def test_another_name_unlocks_nothing_and_stays_in_the_field(client: Client, proven: Attempt, typed: str) -> None:
    confirm_model(proven.setup)
    answer = client.post(url(proven, "unlock/now/"), {"typed": typed})
    assert answer.status_code == 422
    assert f'name="typed" value="{typed}"' in text(answer)
    proven.refresh_from_db()
    assert proven.state == State.READY


def test_what_stands_against_unlocking_is_said_beside_the_button(client: Client, proven: Attempt, dana: User) -> None:
    stop(dana)
    page = text(client.get(url(proven, "unlock/")))
    assert "It cannot be unlocked now:" in page
    assert "All auto-send is stopped" in page
    assert f"Setup {proven.setup_id}</span> has not been checked yet" in page
    assert '<button class="button button-primary" disabled>Unlock' in page
    answer = client.post(url(proven, "unlock/now/"), {"typed": "Order status"})
    assert answer.status_code == 422
    assert not Attempt.objects.exclude(state=State.READY).exists()


def test_the_canaries_are_asked_from_here_by_a_worker(client: Client, proven: Attempt) -> None:
    answer = client.post(url(proven, "check/"), follow=True)
    assert answer.redirect_chain == [(url(proven, "unlock/"), 302)]
    job = SetupJob.objects.get()
    assert (job.kind, job.setup) == (SetupJob.Kind.CHECK, proven.setup)
    assert f'hx-get="/setup/jobs/{job.pk}/progress/"' in text(answer)
    assert LogEntry.objects.filter(act="setup.checked").count() == 1


def test_a_check_that_failed_says_why_beside_the_button_that_tries_again(client: Client, proven: Attempt) -> None:
    SetupJob.objects.create(kind="check", setup=proven.setup, state="failed", error="The model server did not answer: refused.")
    page = text(client.get(url(proven, "unlock/")))
    assert "The model server did not answer: refused." in page and "Check canaries now" in page
    SetupJob.objects.create(kind="check", setup=proven.setup, state="done")
    assert "did not answer: refused" not in text(client.get(url(proven, "unlock/")))


def test_the_newest_answer_counts_whatever_it_was(client: Client, proven: Attempt) -> None:
    confirm_model(proven.setup)
    assert f"Setup {proven.setup_id}</span> answered as pinned just now" in text(client.get(url(proven, "unlock/")))
    CanaryRun.objects.create(setup=proven.setup, result="different", milliseconds=3)
    CanaryRun.objects.create(setup=proven.setup, result="unavailable", milliseconds=3)
    page = text(client.get(url(proven, "unlock/")))
    assert f"Setup {proven.setup_id}</span> did not answer as pinned just now" in page
    assert "answered as pinned" not in page


def test_nothing_to_check_is_said(client: Client, setup: Setup) -> None:
    answer = client.post(f"/automation/{make_category().pk}/check/", follow=True)
    assert "there is nothing to check yet" in text(answer)
    assert not SetupJob.objects.exists()


def test_nothing_begun_cannot_be_unlocked(client: Client, setup: Setup) -> None:
    category = make_category()
    assert "No draft of this category has been judged" in text(client.get(f"/automation/{category.pk}/unlock/"))
    assert client.post(f"/automation/{category.pk}/unlock/now/", {"typed": category.name}).status_code == 422


def test_one_click_suspends(client: Client, setup: Setup, dana: User) -> None:
    make_terms()
    attempt = make_attempt(State.AUTO, n=30, setup=setup)
    answer = client.post(url(attempt, "suspend/"), follow=True)
    assert "Order status is suspended. What was queued is held back and waits for people." in text(answer)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.cause) == (State.SUSPENDED, Cause.PERSON)
    assert attempt.transitions.latest("pk").by == dana


@pytest.mark.parametrize("state", [State.COLLECTING, State.READY])
def test_to_suspend_what_sends_nothing_does_no_harm(client: Client, setup: Setup, state: str) -> None:
    attempt = make_attempt(state, n=3, setup=setup)
    assert "there was nothing to suspend" in text(client.post(url(attempt, "suspend/"), follow=True))
    attempt.refresh_from_db()
    assert attempt.state == state


def test_who_says_why_resumes(client: Client, setup: Setup, ana: User) -> None:
    make_terms()
    plant(ana, caught=60)
    attempt = make_attempt(State.SUSPENDED, n=400, by=ana, cause=Cause.PERSON, setup=setup)
    confirm_model(setup)
    assert client.post(url(attempt, "resume/"), {"words": " "}).status_code == 422
    answer = client.post(url(attempt, "resume/"), {"words": "The price list is right."}, follow=True)
    assert "Order status goes on: 10 % of its replies leave by themselves" in text(answer)
    attempt.refresh_from_db()
    assert attempt.state == State.RAMP_10


def test_what_a_flag_suspended_is_resumed_with_a_reason_once_the_flag_was_found_mistaken(
    client: Client, setup: Setup, ana: User, dana: User
) -> None:
    make_terms()
    plant(ana, caught=60)
    attempt = make_attempt(State.SUSPENDED, n=400, by=ana, cause=Cause.LEAK, setup=setup)
    flag = Flag.objects.create(draft=ready_draft(), kind="leak", words="Whose order is this?", by=ana)
    Attempt.objects.update(flagged=[flag.pk])
    confirm_model(setup)
    page = text(client.get(url(attempt, "after/")))
    assert "or the flag was a mistake" in page and "Resume</" not in page
    ledger.flags.clear(flag=flag, by=dana, words="It is the customer's own.")
    assert "Resume</" in text(client.get(url(attempt, "after/")))
    answer = client.post(url(attempt, "resume/"), {"words": "It was the customer's own order."}, follow=True)
    assert "Order status goes on: 10 % of its replies leave by themselves" in text(answer)
    assert LogEntry.objects.get(act="auto_send.resumed").words == "It was the customer's own order."


def test_what_speaks_against_the_drafts_cannot_be_resumed(client: Client, setup: Setup) -> None:
    make_terms()
    attempt = make_attempt(State.SUSPENDED, n=30, cause=Cause.DRIFT, setup=setup)
    page = text(client.get(url(attempt, "after/")))
    assert "has to be earned again" in page and "Resume</" not in page and "proof stands" not in page
    answer = client.post(url(attempt, "resume/"), {"words": "I think it is fine."})
    assert answer.status_code == 422
    assert 'value="I think it is fine."' in text(answer)
    attempt.refresh_from_db()
    assert attempt.state == State.SUSPENDED


@pytest.mark.parametrize("state", [State.COLLECTING, State.AUTO])
def test_after_what_was_no_suspension_one_is_led_to_the_category(client: Client, setup: Setup, state: str) -> None:
    make_terms()
    attempt = make_attempt(state, n=3, setup=setup)
    answer = client.get(url(attempt, "after/"), follow=True)
    assert answer.redirect_chain == [(f"/automation/{attempt.category_id}/", 302)]
    assert "Order status is not suspended." in text(answer)


def test_a_new_proof_begins_from_zero(client: Client, setup: Setup) -> None:
    make_terms()
    attempt = make_attempt(State.SUSPENDED, n=30, cause=Cause.DRIFT, setup=setup)
    assert client.post(url(attempt, "again/"), {"words": ""}).status_code == 422
    answer = client.post(url(attempt, "again/"), {"words": "The price rule is mended."}, follow=True)
    assert "Order status begins a new proof from zero." in text(answer)
    assert Attempt.objects.get(ended_at=None).n == 0


def test_what_is_not_suspended_cannot_be_earned_again(client: Client, setup: Setup) -> None:
    make_terms()
    attempt = make_attempt(State.READY, n=30, setup=setup)
    answer = client.post(url(attempt, "again/"), {"words": "I want to."})
    assert answer.status_code == 422
    assert "Only what is suspended can be earned again." in text(answer)
