"""How far an attempt has come, who takes it further, and what stops it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from drafting import setups
from drafting.models import CanaryRun, Category, Rule
from inbox.models import OutgoingMail
from review import autosend, webhooks
from review.autosend import NotNow, proving, states, switch, why_not_resume, why_not_unlock
from review.models import Attempt, Delivery, LogEntry, Transition
from tests.drafting.factories import make_category
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, confirm, make_terms, prove, running_setup, sent

pytestmark = pytest.mark.django_db
State, Cause = Attempt.State, Attempt.Cause


@pytest.fixture
def ready(shares: Shares) -> Attempt:
    """A category that is proven and waits for an admin."""
    running_setup()
    attempt = attempt_at("collecting")
    prove(attempt)
    proving.judge(attempt=states.lock(attempt))
    attempt.refresh_from_db()
    assert attempt.state == State.READY
    return attempt


def of(attempt: Attempt) -> tuple[str, str]:
    attempt.refresh_from_db()
    return attempt.state, attempt.cause


def unlock(attempt: Attempt, by: User) -> Attempt:
    return states.unlock(attempt=attempt, by=by, typed="Order status")


class TestUnlocking:
    def test_an_admin_unlocks_what_is_proven_and_the_ramp_begins(self, ready: Attempt, dana: User) -> None:
        assert why_not_unlock(ready) == []
        unlocked = unlock(ready, dana)
        assert of(ready) == ("ramp_10", "")
        assert (unlocked.unlocked_by, unlocked.step_sends, unlocked.drift) == (dana, 0, [])
        step = Transition.objects.order_by("-pk")[0]
        assert (step.before, step.after, step.by, step.n, step.k) == ("ready", "ramp_10", dana, 400, 0)
        assert LogEntry.objects.filter(act="auto_send.unlocked", by=dana, about="Order status").exists()

    def test_the_name_of_the_category_has_to_be_typed(self, ready: Attempt, dana: User) -> None:
        with pytest.raises(NotNow, match="Type the name"):
            states.unlock(attempt=ready, by=dana, typed="order status")
        assert of(ready) == ("ready", "")

    def test_what_is_not_proven_cannot_be_unlocked(self, dana: User) -> None:
        running_setup()
        attempt = attempt_at("collecting")
        assert why_not_unlock(attempt)[0].startswith("It is not proven yet: 0 of about ")
        with pytest.raises(NotNow):
            unlock(attempt, dana)

    def test_ready_is_not_enough_if_the_proof_fell_meanwhile(self, ready: Attempt, dana: User) -> None:
        Attempt.objects.filter(pk=ready.pk).update(k=40)
        with pytest.raises(NotNow, match="not proven"):
            unlock(ready, dana)

    def test_the_model_must_have_answered_within_a_quarter_of_an_hour(self, ready: Attempt, dana: User) -> None:
        CanaryRun.objects.update(at=timezone.now() - timedelta(minutes=16))
        with pytest.raises(NotNow, match="canaries"):
            unlock(ready, dana)
        confirm(ready.setup)
        unlock(ready, dana)

    def test_another_model_is_not_unlocked(self, ready: Attempt, dana: User) -> None:
        confirm(ready.setup, "different")
        with pytest.raises(NotNow, match="does not answer as it did"):
            unlock(ready, dana)

    def test_another_setup_is_not_unlocked(self, ready: Attempt, dana: User) -> None:
        running_setup()
        with pytest.raises(NotNow, match="does not draft for this category any more"):
            unlock(ready, dana)

    def test_changed_rules_are_not_unlocked(self, ready: Attempt, dana: User) -> None:
        Rule.objects.create(name="Pallets", expression="order.total > 500.0", effect="needs_person")
        with pytest.raises(NotNow, match="rules"):
            unlock(ready, dana)

    def test_nothing_is_unlocked_while_all_is_stopped(self, ready: Attempt, dana: User) -> None:
        switch.stop_all(by=dana)
        with pytest.raises(NotNow, match="stopped"):
            unlock(ready, dana)

    def test_twice_is_once(self, ready: Attempt, dana: User) -> None:
        unlock(ready, dana)
        with pytest.raises(NotNow, match="not waiting"):
            unlock(ready, dana)


class TestSuspending:
    def test_it_holds_back_what_is_queued(self, auto: Attempt, dana: User) -> None:
        made = [sent(auto) for _ in range(2)]
        other = attempt_at("auto", category=make_category("delivery"))
        Category.objects.filter(pk=other.category_id).update(name="Delivery")
        assert states.suspend(attempt=auto, cause=Cause.PERSON, words="Something is odd.", by=dana)
        assert of(auto) == ("suspended", "person")
        found = OutgoingMail.objects.filter(decision__in=made)
        assert {mail.state for mail in found} == {"cancelled"}
        assert found[0].check_words == "Auto-send of Order status was suspended. Something is odd."
        assert of(other) == ("auto", "")

    def test_what_was_handed_over_stays_so(self, auto: Attempt, dana: User) -> None:
        now = timezone.now()
        mail = sent(auto).outgoing
        assert mail is not None
        OutgoingMail.objects.update(check_at=None)
        for state in ("ready", "claimed", "dot_sent"):
            OutgoingMail.objects.update(state=state, lease_until=now, dot_sent_at=now)
        states.suspend(attempt=auto, cause=Cause.PERSON, words="", by=dana)
        mail.refresh_from_db()
        assert mail.state == "dot_sent"

    def test_it_is_written_down_and_told(self, auto: Attempt, dana: User) -> None:
        webhooks.add(name="Chat", url="https://chat.example/hook", events=["auto_send.suspended"], by=dana)
        states.suspend(attempt=auto, cause=Cause.PERSON, words="Something is odd.", by=dana)
        step = Transition.objects.order_by("-pk")[0]
        assert (step.before, step.after, step.cause, step.words, step.by) == ("auto", "suspended", "person", "Something is odd.", dana)
        assert LogEntry.objects.get(act="auto_send.suspended").by == dana
        told = Delivery.objects.get()
        assert (told.event, told.event_id) == ("auto_send.suspended", f"auto-send-suspended-{step.pk}")
        assert told.payload["data"]["category"] == "order-status"
        assert told.payload["data"]["cause"] == "person"

    def test_twice_is_once(self, auto: Attempt, dana: User) -> None:
        assert states.suspend(attempt=auto, cause=Cause.PERSON, words="", by=dana)
        assert not states.suspend(attempt=auto, cause=Cause.CAP, words="")
        assert of(auto) == ("suspended", "person")
        assert Transition.objects.count() == 1

    def test_a_graver_cause_takes_the_place_of_one_that_can_be_resumed(self, auto: Attempt, dana: User) -> None:
        states.suspend(attempt=auto, cause=Cause.PERSON, words="", by=dana)
        assert states.suspend(attempt=auto, cause=Cause.LEAK, words="Another customer's order.", by=dana)
        assert of(auto) == ("suspended", "leak")
        assert not states.suspend(attempt=auto, cause=Cause.PERSON, words="", by=dana)
        assert of(auto) == ("suspended", "leak")

    def test_what_is_not_unlocked_cannot_be_suspended(self, dana: User) -> None:
        running_setup()
        attempt = attempt_at("collecting")
        assert not states.suspend(attempt=attempt, cause=Cause.PERSON, words="", by=dana)
        assert of(attempt) == ("collecting", "")


@pytest.fixture
def suspended(auto: Attempt, dana: User) -> Attempt:
    """Proven, and suspended by a person."""
    prove(auto)
    Attempt.objects.filter(pk=auto.pk).update(drift=[150.0, 1.0, 1.0], step_sends=7)
    states.suspend(attempt=auto, cause=Cause.PERSON, words="", by=dana)
    auto.refresh_from_db()
    return auto


class TestResuming:
    def test_it_goes_on_from_the_first_step_of_the_ramp(self, suspended: Attempt, dana: User) -> None:
        assert why_not_resume(suspended) == []
        resumed = states.resume(attempt=suspended, by=dana, words="It was a false alarm.")
        assert (resumed.state, resumed.cause, resumed.step_sends) == ("ramp_10", "", 0)
        assert resumed.unlocked_at is not None
        assert resumed.unlocked_at > timezone.now() - timedelta(minutes=1)
        assert LogEntry.objects.get(act="auto_send.resumed").words == "It was a false alarm."

    def test_what_the_detector_has_seen_is_not_forgotten(self, suspended: Attempt, dana: User) -> None:
        assert states.resume(attempt=suspended, by=dana, words="It was a false alarm.").drift == [150.0, 1.0, 1.0]

    def test_it_needs_a_reason(self, suspended: Attempt, dana: User) -> None:
        with pytest.raises(NotNow, match="Say why"):
            states.resume(attempt=suspended, by=dana, words="")

    @pytest.mark.parametrize("cause", [Cause.DRIFT, Cause.PROOF, Cause.LEAK, Cause.RECIPIENT, Cause.PROMISE])
    def test_what_says_something_about_quality_cannot_be_resumed(self, suspended: Attempt, dana: User, cause: Attempt.Cause) -> None:
        states.suspend(attempt=suspended, cause=cause, words="")
        with pytest.raises(NotNow, match="earned again"):
            states.resume(attempt=suspended, by=dana, words="Please.")

    def test_not_without_proof(self, suspended: Attempt, dana: User) -> None:
        Attempt.objects.filter(pk=suspended.pk).update(k=40)
        with pytest.raises(NotNow, match="proof"):
            states.resume(attempt=suspended, by=dana, words="Please.")

    def test_not_while_another_setup_runs(self, suspended: Attempt, dana: User) -> None:
        other = running_setup()
        with pytest.raises(NotNow, match="does not draft"):
            states.resume(attempt=suspended, by=dana, words="Please.")
        setups.activate(setup=suspended.setup, by=dana)
        assert other != suspended.setup
        states.resume(attempt=suspended, by=dana, words="It is back.")


class TestEarningAgain:
    def test_the_next_attempt_begins_from_zero(self, suspended: Attempt, dana: User) -> None:
        states.suspend(attempt=suspended, cause=Cause.DRIFT, words="")
        new = states.earn_again(attempt=suspended, by=dana, words="The articles were mended.")
        assert of(suspended) == ("ended", "again")
        assert new is not None
        assert (new.state, new.n, new.k, new.number) == ("collecting", 0, 0, 2)
        assert autosend.open_attempt(new.category) == new

    def test_an_attempt_that_could_not_have_been_unlocked_makes_the_next_no_harder(self, auto: Attempt, dana: User) -> None:
        prove(auto, n=187)
        states.suspend(attempt=auto, cause=Cause.DRIFT, words="")
        new = states.earn_again(attempt=auto, by=dana, words="The articles were mended.")
        assert new is not None
        assert new.number == 1

    def test_one_that_was_losing_does_so_that_nobody_begins_again_for_nothing(self, auto: Attempt, dana: User) -> None:
        prove(auto, n=60, k=1)
        states.suspend(attempt=auto, cause=Cause.DRIFT, words="")
        new = states.earn_again(attempt=auto, by=dana, words="Perhaps with more luck.")
        assert new is not None
        assert new.number == 2

    def test_an_attempt_of_long_ago_counts_no_more(self, suspended: Attempt, dana: User) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=366)):
            new = states.earn_again(attempt=suspended, by=dana, words="The articles were mended.")
        assert new is not None
        assert new.number == 1

    def test_only_what_is_suspended(self, auto: Attempt, dana: User) -> None:
        with pytest.raises(NotNow, match="suspended"):
            states.earn_again(attempt=auto, by=dana, words="Why not.")

    def test_nothing_begins_for_a_setup_that_is_not_in_use(self, suspended: Attempt, dana: User) -> None:
        running_setup()
        assert states.earn_again(attempt=suspended, by=dana, words="Anew.") is None
        assert of(suspended) == ("ended", "again")


class TestProving:
    def test_it_becomes_ready_with_the_proof_and_collecting_without(self, ready: Attempt) -> None:
        Attempt.objects.filter(pk=ready.pk).update(k=40)
        proving.judge(attempt=states.lock(ready))
        assert of(ready) == ("collecting", "")
        assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == ["auto_send.ready", "auto_send.unproven"]

    def test_not_while_nobody_knows_how_good_reviewers_are(self) -> None:
        running_setup()
        attempt = attempt_at("collecting")
        prove(attempt, planted=5)
        proving.judge(attempt=states.lock(attempt))
        assert of(attempt) == ("collecting", "")

    def test_planted_drafts_that_were_caught_make_it_ready_without_a_verdict(self) -> None:
        running_setup()
        attempt = attempt_at("collecting")
        prove(attempt)
        autosend.reconcile()
        assert of(attempt) == ("ready", "")

    def test_an_attempt_under_another_setup_meanwhile_makes_it_harder(self) -> None:
        category, chooser = make_category(), running_setup()
        attempt = attempt_at("collecting", setup=chooser)
        prove(attempt, n=300)
        other = attempt_at("suspended", category=category, setup=running_setup(category=category), chooser=chooser)
        prove(other, n=300)
        proving.judge(attempt=states.lock(attempt))
        attempt.refresh_from_db()
        assert attempt.number == 2


class TestReconciling:
    def test_what_is_fine_is_left_alone(self, auto: Attempt) -> None:
        autosend.reconcile()
        assert of(auto) == ("auto", "")

    def test_another_setup(self, auto: Attempt) -> None:
        running_setup()
        autosend.reconcile()
        assert of(auto) == ("suspended", "setup")

    def test_another_model(self, auto: Attempt) -> None:
        confirm(auto.setup, "different")
        autosend.reconcile()
        assert of(auto) == ("suspended", "model")

    def test_another_model_that_chooses_the_category(self, shares: Shares) -> None:
        chooser = running_setup()
        attempt = attempt_at("auto", setup=running_setup(category=make_category()), chooser=chooser)
        confirm(chooser, "different")
        autosend.reconcile()
        assert of(attempt) == ("suspended", "model")

    def test_changed_rules(self, auto: Attempt) -> None:
        Rule.objects.create(name="Pallets", expression="order.total > 500.0", effect="needs_person")
        autosend.reconcile()
        assert of(auto) == ("suspended", "setup")

    def test_a_category_without_terms_of_its_own_is_review_only(self) -> None:
        running_setup()
        make_terms(make_category("returns"))
        assert autosend.terms.of(make_category()) is None
