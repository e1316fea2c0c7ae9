"""Which drafts need a person first, and which leave by themselves."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from drafting.models import CanaryRun, Category, Draft, Rule, Setup
from inbox.models import Conversation, Message, OutgoingMail
from review import autosend, chance, claims
from review.autosend import conditions, terms
from review.models import Attempt, Decision, LedgerEntry, Terms, Transition, Writing
from tests.drafting.factories import make_category, make_message
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, confirm, eligible, make_terms, running_setup, sent
from tests.review.factories import make_outgoing

pytestmark = pytest.mark.django_db
Why = LedgerEntry.Why


def why(draft: Draft) -> str:
    entry = autosend.route(draft_id=draft.pk)
    assert entry is not None
    assert (entry.route == "auto") == (entry.why == Why.CHOSEN)
    return entry.why


def test_a_draft_of_a_category_that_collects_nothing_is_only_passed_by() -> None:
    draft = eligible(setup=running_setup())
    assert autosend.route_new() == 1
    draft.refresh_from_db()
    assert draft.routed_at
    assert not LedgerEntry.objects.exists()


def test_the_first_draft_of_a_category_begins_its_attempt() -> None:
    setup = running_setup()
    make_terms()
    draft = eligible(setup=setup, category_setup=setup)
    autosend.route_new()
    entry = LedgerEntry.objects.get()
    assert (entry.draft, entry.position, entry.route, entry.why) == (draft, 1, "person", "collecting")
    assert (entry.attempt.state, entry.attempt.number, entry.attempt.entered) == ("collecting", 1, 1)
    assert Transition.objects.get().after == "collecting"


def test_nothing_begins_in_a_category_that_has_just_become_review_only(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = attempt_at("collecting", setup=running_setup())
    draft, read = eligible(attempt), terms.of

    def read_before_they_changed(category: Category) -> Terms | None:
        found = read(category)
        monkeypatch.setattr(terms, "of", read)
        terms.save(category=category, by=dana, is_collecting=False)
        return found

    monkeypatch.setattr(terms, "of", read_before_they_changed)
    assert autosend.route(draft_id=draft.pk) is None
    assert not Attempt.objects.filter(ended_at=None).exists()
    draft.refresh_from_db()
    assert draft.routed_at


def test_drafts_are_entered_in_order_of_arrival_each_once() -> None:
    setup = running_setup()
    make_terms()
    drafts = [eligible(setup=setup, category_setup=setup) for _ in range(3)]
    autosend.route_new()
    autosend.route_new()
    assert autosend.route(draft_id=drafts[0].pk) is None
    assert list(LedgerEntry.objects.order_by("position").values_list("draft", "position")) == [
        (draft.pk, position) for position, draft in enumerate(drafts, start=1)
    ]


@pytest.mark.parametrize(
    "about", [{"instruction": "Be friendlier."}, {"is_eligible": False, "failed": 1}], ids=["asked for by a reviewer", "not eligible"]
)
def test_what_is_no_part_of_the_proof_is_not_entered(about: dict[str, Any]) -> None:
    attempt = attempt_at("collecting", setup=running_setup())
    draft = eligible(attempt, **about)
    assert autosend.route(draft_id=draft.pk) is None
    assert not LedgerEntry.objects.exists()


def test_mail_of_the_past_is_no_part_of_the_proof() -> None:
    attempt = attempt_at("collecting", setup=running_setup())
    message = make_message()
    Message.objects.filter(pk=message.pk).update(taken_up_at=message.stored_at)
    message.refresh_from_db()
    assert autosend.route(draft_id=eligible(attempt, message=message).pk) is None


def test_a_draft_of_a_setup_that_is_not_in_use_any_more_begins_nothing() -> None:
    before = running_setup()
    running_setup()
    make_terms()
    assert autosend.route(draft_id=eligible(setup=before, category_setup=before).pk) is None
    assert not Attempt.objects.exists()


def test_a_category_with_a_setup_of_its_own_is_proven_for_it_and_the_one_that_chooses() -> None:
    chooser = running_setup()
    own = running_setup(category=make_category())
    make_terms()
    autosend.route(draft_id=eligible(setup=own, category_setup=chooser).pk)
    attempt = Attempt.objects.get()
    assert (attempt.setup, attempt.chooser) == (own, chooser)
    assert autosend.open_attempt(make_category()) == attempt


def test_categories_that_collect_nothing_cost_one_statement_however_many_drafts_wait(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        eligible(setup=running_setup())
    with django_assert_max_num_queries(2):
        assert autosend.route_new() == 5
    with django_assert_max_num_queries(2):
        assert autosend.route_new() == 0


def test_a_draft_for_a_person_costs_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    draft = eligible(attempt_at("collecting", setup=running_setup()))
    with django_assert_max_num_queries(10):  # two of them begin and end the savepoint of the test's transaction
        autosend.route(draft_id=draft.pk)


def test_an_unlocked_draft_leaves_by_itself(auto: Attempt) -> None:
    decision = sent(auto)
    assert decision.outgoing is not None
    assert (decision.kind, decision.by, decision.attempt, decision.final_text) == ("auto_sent", None, auto, decision.draft.body)
    assert (decision.outgoing.state, decision.outgoing.is_automatic, decision.outgoing.queued_by) == ("held", True, None)
    assert decision.outgoing.recipient == decision.draft.message.from_address
    assert decision.draft.state == Draft.State.DECIDED
    assert Conversation.objects.get(pk=decision.draft.conversation_id).state == "waiting"
    assert LedgerEntry.objects.get().why == Why.CHOSEN
    auto.refresh_from_db()
    assert auto.step_sends == 1


def test_an_audited_draft_goes_to_a_person(auto: Attempt, shares: Shares) -> None:
    shares(audit=0.049)
    assert why(eligible(auto)) == Why.AUDIT
    shares(audit=0.0999)
    assert why(eligible(auto)) == Why.AUDIT  # a small category
    shares(audit=0.1001)
    assert why(eligible(auto)) == Why.CHOSEN


def test_fewer_are_audited_once_the_category_is_large_and_its_unlocking_long_ago(auto: Attempt, shares: Shares) -> None:
    now = timezone.now()
    LedgerEntry.objects.bulk_create(LedgerEntry(attempt=auto, position=place, why="chosen", at=now) for place in range(1, 201))
    Attempt.objects.filter(pk=auto.pk).update(entered=200)
    shares(audit=0.051)
    assert why(eligible(auto)) == Why.CHOSEN
    Attempt.objects.filter(pk=auto.pk).update(unlocked_at=now - timedelta(days=29))
    assert why(eligible(auto)) == Why.AUDIT
    Attempt.objects.filter(pk=auto.pk).update(unlocked_at=now - timedelta(days=60))
    shares(audit=0.049)
    assert why(eligible(auto)) == Why.AUDIT  # for ever


@pytest.mark.parametrize(("state", "share"), [("ramp_10", 0.1), ("ramp_50", 0.5)])
def test_the_ramp_lets_only_its_share_leave(state: str, share: float, shares: Shares) -> None:
    running_setup()
    attempt = attempt_at(state)
    shares(ramp=share)
    assert why(eligible(attempt)) == Why.RAMP
    shares(ramp=share - 0.001)
    assert why(eligible(attempt)) == Why.CHOSEN


def test_the_ramp_goes_on_after_as_many_sends_as_the_terms_say(shares: Shares) -> None:
    running_setup()
    attempt = attempt_at("ramp_10")
    Attempt.objects.filter(pk=attempt.pk).update(step_sends=99)
    sent(attempt)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.step_sends) == ("ramp_10", 100)
    sent(attempt)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.step_sends) == ("ramp_50", 1)
    Attempt.objects.filter(pk=attempt.pk).update(step_sends=100)
    sent(attempt)
    attempt.refresh_from_db()
    assert attempt.state == "auto"
    assert [step.after for step in Transition.objects.order_by("pk")] == ["ramp_50", "auto"]


def test_chance_is_the_installations_and_the_drafts_alone() -> None:
    drawn = [chance.share("ramp", number) for number in range(2000)]
    assert drawn == [chance.share("ramp", number) for number in range(2000)]
    assert 150 < sum(share < 0.1 for share in drawn) < 250
    assert drawn != [chance.share("audit", number) for number in range(2000)]


@pytest.mark.parametrize(
    ("hours", "leaves"), [(("08:00", "18:00"), True), (("18:00", "08:00"), False), (("12:31", "18:00"), False), (("22:00", "12:31"), True)]
)
def test_outside_its_hours_nothing_leaves(auto: Attempt, settings: Any, hours: tuple[str, str], leaves: bool) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    make_terms(auto.category, from_hour=time.fromisoformat(hours[0]), until_hour=time.fromisoformat(hours[1]))
    with time_machine.travel("2027-01-12T11:30:00Z"):
        confirm(auto.setup)
        draft = eligible(auto)  # half past twelve in Berlin
        assert why(draft) == (Why.CHOSEN if leaves else Why.HOURS)


def test_on_other_days_nothing_leaves(auto: Attempt) -> None:
    make_terms(auto.category, weekdays=[5, 6])
    with time_machine.travel("2027-01-12T11:30:00Z"):  # a Tuesday
        confirm(auto.setup)
        assert why(eligible(auto)) == Why.HOURS


@pytest.mark.parametrize(
    ("at", "is_within"),
    [
        ("2027-01-11T23:00:00+01:00", True),  # Monday, when it begins
        ("2027-01-12T05:59:00+01:00", True),  # the night after it
        ("2027-01-12T06:00:00+01:00", False),
        ("2027-01-12T23:00:00+01:00", False),  # Tuesday, when nothing begins
        ("2027-01-11T05:00:00+01:00", False),  # the night after a Sunday
        ("2027-01-11T12:00:00+01:00", False),
    ],
)
def test_hours_over_midnight_are_those_of_the_day_they_begin_on(settings: Any, at: str, is_within: bool) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    in_force = Terms(from_hour=time(22), until_hour=time(6), weekdays=[0])
    assert conditions.is_within_hours(in_force, at=datetime.fromisoformat(at)) == is_within


def test_nothing_leaves_while_all_is_stopped(auto: Attempt, dana: User) -> None:
    autosend.switch.stop_all(by=dana)
    assert why(eligible(auto)) == Why.STOPPED


def test_nothing_leaves_while_the_category_is_suspended(auto: Attempt) -> None:
    attempt = attempt_at("suspended", category=make_category("returns"))
    assert why(eligible(attempt)) == Why.SUSPENDED


def test_nothing_leaves_without_a_recent_word_of_the_model(auto: Attempt) -> None:
    CanaryRun.objects.update(at=timezone.now() - timedelta(hours=3, minutes=1))
    assert why(eligible(auto)) == Why.MODEL
    confirm(auto.setup)
    assert why(eligible(auto)) == Why.CHOSEN


def test_a_canary_without_an_answer_confirms_nothing(auto: Attempt) -> None:
    CanaryRun.objects.update(at=timezone.now() - timedelta(hours=4))
    confirm(auto.setup, "unavailable")
    assert why(eligible(auto)) == Why.MODEL


def test_another_model_suspends_the_category_at_the_next_draft(auto: Attempt) -> None:
    confirm(auto.setup, "different")
    assert why(eligible(auto)) == Why.SUSPENDED
    auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("suspended", "model")


def test_a_changed_rule_suspends_the_category_at_the_next_draft(auto: Attempt) -> None:
    Rule.objects.create(name="Pallets", expression="order.total > 500.0", effect="needs_person")
    assert why(eligible(auto)) == Why.SUSPENDED
    auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("suspended", "setup")


def test_another_active_setup_suspends_the_category_at_the_next_draft(auto: Attempt) -> None:
    running_setup()
    assert why(eligible(auto)) == Why.SUSPENDED


class TestAPersonIsFirst:
    def test_who_is_on_the_draft(self, auto: Attempt, ana: User) -> None:
        draft = eligible(auto)
        claims.claim(draft=draft, by=ana)
        assert why(draft) == Why.PERSON_FIRST

    def test_who_let_go_of_it_is_not(self, auto: Attempt, ana: User) -> None:
        draft = eligible(auto)
        claims.claim(draft=draft, by=ana)
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert why(draft) == Why.CHOSEN

    def test_who_leads_the_conversation(self, auto: Attempt) -> None:
        draft = eligible(auto)
        Conversation.objects.filter(pk=draft.conversation_id).update(led_by="person")
        assert why(draft) == Why.PERSON_FIRST

    def test_whom_it_is_assigned_to(self, auto: Attempt, ana: User) -> None:
        draft = eligible(auto)
        Conversation.objects.filter(pk=draft.conversation_id).update(assigned_to=ana)
        assert why(draft) == Why.PERSON_FIRST

    def test_who_is_writing(self, auto: Attempt, ana: User) -> None:
        draft = eligible(auto)
        Writing.objects.create(by=ana, conversation=draft.conversation, text="Dear Ann")
        assert why(draft) == Why.PERSON_FIRST

    def test_who_answered_meanwhile(self, auto: Attempt, ana: User) -> None:
        draft = eligible(auto)
        make_outgoing(by=ana, message=draft.message)
        assert why(draft) == Why.PERSON_FIRST

    def test_who_decided_meanwhile(self, auto: Attempt) -> None:
        draft = eligible(auto, state=Draft.State.DECIDED)
        assert why(draft) == Why.PERSON_FIRST


def test_a_customer_who_wrote_again_is_answered_by_a_person(auto: Attempt) -> None:
    draft = eligible(auto)
    make_message("One more thing.", conversation=draft.conversation)
    assert why(draft) == Why.PERSON_FIRST


def test_where_two_mails_wait_a_person_is_first(auto: Attempt) -> None:
    draft = eligible(auto)
    other = make_message("I am his wife.", conversation=draft.conversation, authenticity=Message.Authenticity.FAIL)
    Message.objects.filter(pk=other.pk).update(taken_up_at=timezone.now(), stored_at=draft.created_at - timedelta(minutes=1))
    eligible(auto, message=other, state=Draft.State.WRITING, lease_until=timezone.now())
    assert why(draft) == Why.PERSON_FIRST


def test_what_the_database_refuses_a_person_sees(auto: Attempt) -> None:
    draft = eligible(auto)
    draft.checks.filter(code="links").update(passed=False)
    entry = autosend.route(draft_id=draft.pk)
    assert entry is not None
    assert (entry.route, entry.why) == ("person", "held_back")
    draft.refresh_from_db()
    assert draft.state == Draft.State.READY
    assert not OutgoingMail.objects.exists()
    assert not Decision.objects.exists()
    auto.refresh_from_db()
    assert auto.step_sends == 0


def test_what_cannot_be_answered_a_person_sees(auto: Attempt) -> None:
    draft = eligible(auto)
    Message.objects.filter(pk=draft.message_id).update(from_address="nobody")
    assert LedgerEntry.objects.filter(pk=getattr(autosend.route(draft_id=draft.pk), "pk", 0)).get().why == Why.HELD_BACK


def test_an_open_attempt_is_of_the_setups_in_use(auto: Attempt) -> None:
    assert autosend.open_attempt(auto.category) == auto
    other: Setup = running_setup()
    assert autosend.open_attempt(auto.category) is None
    assert attempt_at("collecting", setup=other, chooser=other) == autosend.open_attempt(auto.category)
