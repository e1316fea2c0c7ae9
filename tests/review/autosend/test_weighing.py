"""What verdicts do: proof grows, drift and flags suspend, each verdict counts once."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import autosend, claims, decisions, ledger
from review.autosend import NotNow, states, tripwires, weighing
from review.confidence import Drift
from review.models import Attempt, Decision, Flag, LedgerEntry, LogEntry, Transition, Verdict
from tests.drafting.factories import make_category
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, eligible, mail_of, make_terms, prove, running_setup, sent
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db
LATER = timedelta(seconds=30)


@pytest.fixture
def collecting(shares: Shares) -> Attempt:
    running_setup()
    return attempt_at("collecting")


def routed(attempt: Attempt) -> Draft:
    draft = eligible(attempt)
    autosend.route(draft_id=draft.pk)
    return draft


def read(draft: Draft, by: User) -> None:
    """Open it for as long as it takes to read."""
    claim = claims.claim(draft=draft, by=by)
    type(claim).objects.filter(pk=claim.pk).update(opened_at=timezone.now() - timedelta(minutes=1))


def approve(draft: Draft, by: User) -> Decision:
    read(draft, by)
    decision = decisions.approve(draft=draft, by=by)
    OutgoingMail.objects.filter(decision=decision).update(check_at=None, state="ready")
    return decision


def weigh_later() -> None:
    with time_machine.travel(timezone.now() + LATER):
        autosend.weigh_due()


def of(attempt: Attempt) -> tuple[int, int]:
    attempt.refresh_from_db()
    return attempt.n, attempt.k


def test_a_decision_counts_once_its_undo_window_is_over(collecting: Attempt, ana: User) -> None:
    decision = approve(routed(collecting), ana)
    autosend.weigh_due()
    assert of(collecting) == (0, 0)
    weigh_later()
    weigh_later()
    autosend.weigh(decision_id=decision.pk)
    assert of(collecting) == (1, 0)
    assert Verdict.objects.get().decision == decision


def test_an_approval_waits_until_its_mail_was_looked_at(collecting: Attempt, ana: User) -> None:
    draft = routed(collecting)
    read(draft, ana)
    decisions.approve(draft=draft, by=ana)
    weigh_later()
    assert of(collecting) == (0, 0)


def test_what_was_taken_back_counts_as_nothing_until_it_is_decided_again(collecting: Attempt, ana: User) -> None:
    draft = routed(collecting)
    read(draft, ana)
    decisions.undo(decision=decisions.reject(draft=draft, reason="Wrong.", by=ana), by=ana)
    weigh_later()
    assert of(collecting) == (0, 0)
    approve(draft, ana)
    weigh_later()
    assert of(collecting) == (1, 0)


def test_a_decision_on_a_draft_that_was_not_routed_yet_waits(collecting: Attempt, ana: User) -> None:
    draft = eligible(collecting)
    approve(draft, ana)
    weigh_later()
    assert not Decision.objects.filter(weighed_at__isnull=False).exists()
    autosend.route(draft_id=draft.pk)
    weigh_later()
    assert of(collecting) == (1, 0)


def test_decisions_on_other_drafts_are_only_passed_by(ana: User) -> None:
    decisions.no_reply(draft=ready_draft(failed=1), by=ana)
    weigh_later()
    assert Decision.objects.get().weighed_at
    assert not Verdict.objects.exists()


def test_weighing_costs_few_queries(collecting: Attempt, ana: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    decision = approve(routed(collecting), ana)
    with django_assert_max_num_queries(15):  # five of them begin and end savepoints
        autosend.weigh(decision_id=decision.pk)


def test_it_is_ready_with_the_verdict_that_completes_the_proof(collecting: Attempt, ana: User) -> None:
    prove(collecting)
    collecting.refresh_from_db()
    assert collecting.state == "collecting"
    approve(routed(collecting), ana)
    weigh_later()
    collecting.refresh_from_db()
    assert (collecting.state, collecting.n) == ("ready", 401)
    assert Transition.objects.get().words


def test_enough_unsafe_audits_suspend_it(auto: Attempt, shares: Shares, ana: User) -> None:
    prove(auto)
    shares(audit=0.0)
    decided = 0
    while auto.state == "auto" and decided < 15:
        decisions.take_over(draft=routed(auto), by=ana)
        decided += 1
        weigh_later()
        auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("suspended", "drift")
    assert 2 <= decided <= 6
    assert Transition.objects.order_by("-pk")[0].by is None


def test_an_audit_moves_the_detector_once(auto: Attempt, shares: Shares, ana: User) -> None:
    shares(audit=0.0)
    draft = routed(auto)
    decisions.take_over(draft=draft, by=ana)
    weigh_later()
    auto.refresh_from_db()
    values = list(auto.drift)
    assert values == [2.0, 5.0, 15.0]
    weigh_later()
    weighing.weigh_news()
    auto.refresh_from_db()
    assert auto.drift == values


def test_what_time_found_moves_the_detector_too(auto: Attempt, shares: Shares) -> None:
    shares(audit=0.0)
    routed(auto)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        autosend.weigh_due()
    auto.refresh_from_db()
    assert auto.drift == [2.0, 5.0, 15.0]


def test_drafts_that_wait_while_it_is_not_unlocked_move_no_detector(collecting: Attempt, ana: User) -> None:
    decisions.take_over(draft=routed(collecting), by=ana)
    weigh_later()
    collecting.refresh_from_db()
    newest = Verdict.objects.order_by("-pk")[0].pk
    assert (collecting.drift, collecting.weighed_to) == ([], newest)


def left(attempt: Attempt) -> Draft:
    """A draft that has left by itself."""
    decision = sent(attempt)
    for state in ("ready", "claimed", "dot_sent", "sent"):
        now = timezone.now()
        about = {"check_at": None, "lease_until": now, "dot_sent_at": now, "sent_at": now}
        OutgoingMail.objects.filter(decision=decision).update(state=state, **about)
    return decision.draft


def test_what_left_by_itself_is_weighed_when_it_has_left(auto: Attempt) -> None:
    held = sent(auto)
    draft = left(auto)
    weigh_later()
    assert Decision.objects.get(draft=draft).weighed_at
    assert Decision.objects.get(pk=held.pk).weighed_at is None
    assert LedgerEntry.objects.get(draft=draft).counts is False
    auto.refresh_from_db()
    assert not any(auto.drift)


class TestReasonsSaidLater:
    @pytest.fixture
    def reworded(self, auto: Attempt, shares: Shares, ana: User) -> Decision:
        """An edit that counted as one of the wording, of a category whose proof just stands."""
        shares(audit=0.0)
        reviewer = prove(auto, n=300)
        draft = routed(auto)
        read(draft, reviewer)
        text = draft.body.replace("Hello Ann", "Dear Ann")
        decision = decisions.edit(draft=draft, text=text, by=reviewer, edit_reason="tone")
        OutgoingMail.objects.filter(decision=decision).update(check_at=None, state="ready")
        weigh_later()
        return decision

    def test_a_graver_one_is_weighed_and_takes_the_proof_away(self, auto: Attempt, reworded: Decision) -> None:
        assert (auto.state, of(auto)) == ("auto", (301, 0))
        decisions.say_why(decision=reworded, edit_reason="wrong_fact", by=reworded.by)  # type: ignore[arg-type]
        weigh_later()
        assert of(auto) == (301, 1)
        assert (auto.state, auto.cause, auto.drift) == ("suspended", "proof", self.safe_then_unsafe())

    def test_the_same_one_again_is_not_weighed(self, reworded: Decision) -> None:
        decisions.say_why(decision=reworded, edit_reason="tone", by=reworded.by)  # type: ignore[arg-type]
        reworded.refresh_from_db()
        assert reworded.weighed_at

    def test_what_is_weighed_twice_moves_the_detector_once(self, auto: Attempt, reworded: Decision) -> None:
        Attempt.objects.filter(pk=auto.pk).update(n=3000, settled_to=3000, entered=3000)
        for reason in ("wrong_fact", "policy", "wrong_fact"):
            decisions.say_why(decision=reworded, edit_reason=reason, by=reworded.by)  # type: ignore[arg-type]
            weigh_later()
        auto.refresh_from_db()
        assert (auto.state, auto.drift) == ("auto", self.safe_then_unsafe())

    @staticmethod
    def safe_then_unsafe() -> list[float]:
        """What the detector holds after the edit, and its reason."""
        detector = Drift(0.02)
        detector.update(False)
        detector.update(True)
        return list(detector.values)


class TestFlags:
    def test_one_on_what_left_by_itself_moves_the_detector(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        autosend.flag(draft=left(auto), kind="wrong_fact", words="It has not left.", by=ana)
        auto.refresh_from_db()
        assert (auto.state, auto.drift) == ("auto", [2.0, 5.0, 15.0])

    def test_several_on_one_reply_move_it_once(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        draft = left(auto)
        for kind in ("wrong_fact", "complaint", "reopened"):
            autosend.flag(draft=draft, kind=kind, words="It has not left.", by=ana)
        auto.refresh_from_db()
        assert (auto.state, auto.drift) == ("auto", [2.0, 5.0, 15.0])

    def test_enough_of_them_suspend_it(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        drafts = [left(auto) for _ in range(4)]
        for draft in drafts:
            autosend.flag(draft=draft, kind="wrong_fact", words="It has not left.", by=ana)
        auto.refresh_from_db()
        assert (auto.state, auto.cause) == ("suspended", "drift")

    @pytest.mark.parametrize("kind", ["leak", "recipient", "promise"])
    def test_the_gravest_suspend_it_at_once(self, auto: Attempt, ana: User, kind: str) -> None:
        prove(auto)
        queued = sent(auto)
        autosend.flag(draft=left(auto), kind=kind, words="Look at this.", by=ana)
        auto.refresh_from_db()
        assert (auto.state, auto.cause) == ("suspended", kind)
        assert mail_of(queued).state == "cancelled"
        step = Transition.objects.order_by("-pk")[0]
        assert (step.by, step.words) == (ana, "Look at this.")

    @pytest.mark.parametrize("kind", ["leak", "recipient", "promise"])
    def test_it_can_be_resumed_once_those_were_all_found_mistaken(self, auto: Attempt, ana: User, kind: str) -> None:
        prove(auto)
        admin, draft = make_person("admin"), left(auto)
        flags = [autosend.flag(draft=draft, kind=each, words="Look at this.", by=ana) for each in (kind, "leak", "promise")]
        for flag in Flag.objects.filter(pk__in={flag.pk for flag in flags}):
            assert "earned again" in self.why_not_resume(auto)
            with pytest.raises(NotNow, match="earned again"):
                states.resume(attempt=auto, by=admin, words="It was a mistake.")
            ledger.flags.clear(flag=flag, by=admin, words="It is the customer's own order.")
        autosend.weigh_due()
        assert self.why_not_resume(auto) == ""
        resumed = states.resume(attempt=auto, by=admin, words="It was a mistake.")
        assert (resumed.state, resumed.flagged, resumed.drift) == ("ramp_10", [], [2.0, 5.0, 15.0])
        assert [entry.words for entry in LogEntry.objects.filter(act="auto_send.resumed")] == ["It was a mistake."]

    def test_another_flag_on_what_is_suspended_stands_behind_it_too(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        one, other = left(auto), left(auto)
        mistaken = autosend.flag(draft=one, kind="leak", words="Look at this.", by=ana)
        autosend.flag(draft=other, kind="promise", words="We never refund this.", by=ana)
        ledger.flags.clear(flag=mistaken, by=make_person("admin"), words="It is the customer's own order.")
        assert "earned again" in self.why_not_resume(auto)

    def test_one_that_is_cleared_and_raised_again_stands(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        draft = left(auto)
        made = autosend.flag(draft=draft, kind="leak", words="Look at this.", by=ana)
        ledger.flags.clear(flag=made, by=make_person("admin"), words="It is the customer's own order.")
        assert self.why_not_resume(auto) == ""
        autosend.flag(draft=draft, kind="leak", words="No, it is not.", by=ana)
        assert "earned again" in self.why_not_resume(auto)

    def test_who_suspends_by_a_click_what_a_flag_stopped_changes_nothing(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        autosend.flag(draft=left(auto), kind="leak", words="Look at this.", by=ana)
        assert not states.suspend(attempt=auto, cause=Attempt.Cause.PERSON, words="", by=ana)
        auto.refresh_from_db()
        assert auto.cause == "leak"

    def test_drift_while_a_flag_is_looked_into_has_the_last_word(self, auto: Attempt, shares: Shares, ana: User) -> None:
        prove(auto)
        made = autosend.flag(draft=left(auto), kind="leak", words="Look at this.", by=ana)
        for _ in range(4):
            decisions.take_over(draft=routed(auto), by=ana)
        weigh_later()
        auto.refresh_from_db()
        assert (auto.state, auto.cause) == ("suspended", "drift")
        ledger.flags.clear(flag=made, by=make_person("admin"), words="It is the customer's own order.")
        assert "earned again" in self.why_not_resume(auto)

    def test_the_proof_is_asked_for_when_a_flag_was_found_mistaken_and_not_before(self, auto: Attempt, shares: Shares, ana: User) -> None:
        shares(audit=0.0)
        prove(auto, n=300)
        draft = routed(auto)
        approve(draft, make_person("reviewer"))
        weigh_later()
        made = autosend.flag(draft=draft, kind="leak", words="Look at this.", by=ana)
        auto.refresh_from_db()
        assert (auto.cause, auto.k) == ("leak", 1)
        ledger.flags.clear(flag=made, by=make_person("admin"), words="It is the customer's own order.")
        assert self.why_not_resume(auto) == ""

    @staticmethod
    def why_not_resume(attempt: Attempt) -> str:
        """As it stands now, in words."""
        attempt.refresh_from_db()
        return " ".join(autosend.why_not_resume(attempt))

    def test_one_on_a_draft_that_people_sent_suspends_its_category_too(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        draft = ready_draft(category=auto.category)
        decisions.approve(draft=draft, by=ana)
        autosend.flag(draft=draft, kind="leak", words="Another customer's order.", by=ana)
        auto.refresh_from_db()
        assert (auto.state, auto.cause) == ("suspended", "leak")

    def test_other_categories_go_on(self, shares: Shares, ana: User) -> None:
        other = make_category("delivery")
        running_setup()
        auto, going = attempt_at("auto"), attempt_at("auto", category=other)
        autosend.flag(draft=left(auto), kind="leak", words="Another customer's order.", by=ana)
        going.refresh_from_db()
        assert going.state == "auto"

    def test_code_alone_does_not_trip_the_wire(self, auto: Attempt) -> None:
        prove(auto)
        autosend.flag(draft=left(auto), kind="complaint", words="The customer's next mail says “lawyer”.", by=None)
        auto.refresh_from_db()
        assert auto.state == "auto"

    def test_one_that_takes_the_proof_away_suspends_it(self, auto: Attempt, shares: Shares, ana: User) -> None:
        shares(audit=0.0)
        prove(auto, n=300)
        draft = routed(auto)
        approve(draft, make_person("reviewer"))
        weigh_later()
        auto.refresh_from_db()
        assert (auto.state, auto.n, auto.k) == ("auto", 301, 0)
        autosend.flag(draft=draft, kind="wrong_fact", words="It has not left.", by=ana)
        auto.refresh_from_db()
        assert (auto.k, auto.state, auto.cause) == (1, "suspended", "proof")

    def test_the_same_on_ample_proof_does_not(self, auto: Attempt, shares: Shares, ana: User) -> None:
        shares(audit=0.0)
        prove(auto, n=2000)
        draft = routed(auto)
        approve(draft, make_person("reviewer"))
        weigh_later()
        autosend.flag(draft=draft, kind="wrong_fact", words="It has not left.", by=ana)
        auto.refresh_from_db()
        assert (auto.k, auto.state) == (1, "auto")

    def test_clearing_one_is_no_safe_audit(self, auto: Attempt, ana: User) -> None:
        prove(auto)
        made = autosend.flag(draft=left(auto), kind="wrong_fact", words="It has not left.", by=ana)
        ledger.flags.clear(flag=made, by=make_person("admin"), words="It has.")
        before = list(Attempt.objects.get(pk=auto.pk).drift)
        autosend.weigh_due()
        auto.refresh_from_db()
        assert auto.drift == before

    def test_all_that_a_person_may_report_of_these_stops_something(self) -> None:
        assert {kind.value for kind in tripwires.CAUSES} == {"leak", "recipient", "promise"} <= set(Flag.Kind.values)


def test_news_of_one_attempt_leave_no_other_behind(shares: Shares, ana: User) -> None:
    other = make_category("delivery")
    running_setup()
    one, two = attempt_at("collecting"), attempt_at("collecting", category=other)
    decisions.take_over(draft=routed(one), by=ana)
    weigh_later()
    two.refresh_from_db()
    assert two.weighed_to == Verdict.objects.get().pk


def test_terms_that_are_not_there_any_more_break_nothing(auto: Attempt, shares: Shares, ana: User) -> None:
    shares(audit=0.0)
    make_terms(auto.category, is_collecting=False)
    draft = eligible(auto)
    assert autosend.route(draft_id=draft.pk) is None
