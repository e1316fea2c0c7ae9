"""From what people decide, and leave, to the counts of the proof."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.utils import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from drafting.models import Draft
from review import claims, decisions, ledger
from review.ledger import counting
from review.ledger.verdicts import Finding
from review.models import Attempt, Decision, EvidencePoint, LedgerEntry, Verdict
from tests.review.factories import BODY, attach_upload, make_outgoing
from tests.review.ledger.rows import counts, decide, draft_of, entered, left_by_itself, make_attempt, settle, weighed

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(db: None) -> Attempt:
    """An attempt that has just begun."""
    return make_attempt()


def verdicts_of(entry: LedgerEntry) -> list[str]:
    """The reasons of its verdicts, oldest first."""
    return list(entry.verdicts.order_by("pk").values_list("reason", flat=True))


def standing(entry: LedgerEntry) -> tuple[bool | None, bool]:
    """What counts of it now."""
    entry.refresh_from_db()
    return entry.unsafe, entry.counts


def settle_later(entry: LedgerEntry, **ago: float) -> list[LedgerEntry]:
    """What the sweep finds when so much time has passed since the draft came."""
    return ledger.settle_overdue(at=entry.at + timedelta(**ago))


def test_drafts_have_places_without_gaps_in_order_of_arrival(attempt: Attempt) -> None:
    assert [entered(attempt).position for _ in range(3)] == [1, 2, 3]
    assert counts(attempt) == (0, 0, 0)


def test_an_approval_counts_as_safe_and_a_rejection_as_unsafe(attempt: Attempt, ana: User) -> None:
    first, second = entered(attempt), entered(attempt)
    found = settle(first, ana)
    assert found == first
    assert (found.attempt.n, found.attempt.k) == (1, 0)
    settle(second, ana, "rejected", reason="No.")
    assert counts(attempt) == (2, 1, 2)
    verdict = Verdict.objects.get(entry=first)
    assert (verdict.reason, verdict.by, verdict.seconds, verdict.decision) == ("approved", ana, 60, Decision.objects.get(draft=first.draft))


def test_what_came_later_counts_only_once_all_before_it_have_a_verdict(attempt: Attempt, ana: User) -> None:
    first, second, third, fourth = (entered(attempt) for _ in range(4))
    settle(second, ana, "rejected")
    settle(fourth, ana)
    assert counts(attempt) == (0, 0, 0)
    settle(first, ana)
    assert counts(attempt) == (2, 1, 2)
    settle(third, ana)
    assert counts(attempt) == (4, 1, 4)


def test_a_draft_that_nobody_decides_counts_as_unsafe_after_seven_days(attempt: Attempt, ana: User) -> None:
    left, decided = entered(attempt), entered(attempt)
    settle(decided, ana)
    assert settle_later(left, days=6.9) == []
    assert counts(attempt) == (0, 0, 0)
    found = settle_later(left, days=7)
    assert [(entry.pk, entry.unsafe, entry.attempt.n) for entry in found] == [(left.pk, True, 2)]
    assert counts(attempt) == (2, 1, 2)
    assert settle_later(left, days=8) == []


def test_a_late_decision_takes_the_place_of_the_missing_one(attempt: Attempt, ana: User) -> None:
    late = entered(attempt)
    settle_later(late, days=7)
    settle(late, ana)
    assert verdicts_of(late) == ["missing", "approved"]
    assert counts(attempt) == (1, 0, 1)


def test_while_a_decision_waits_to_be_weighed_nothing_is_missing(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = decide(entry, ana)
    assert settle_later(entry, days=8) == []
    ledger.settle_decision(decision=decision)
    assert verdicts_of(entry) == ["approved"]


def test_an_approval_that_was_too_fast_is_left_out_without_holding_others_up(attempt: Attempt, ana: User) -> None:
    fast, slow = entered(attempt), entered(attempt)
    settle(slow, ana)
    settle(fast, ana, seconds_open=1)
    assert counts(attempt) == (1, 0, 2)
    assert standing(fast) == (None, False)


def test_of_an_edit_the_ledger_sees_the_texts_and_the_files(attempt: Attempt, ana: User) -> None:
    wording, fact, with_file = (entered(attempt) for _ in range(3))
    settle(wording, ana, "edited", final_text=BODY.replace("Hello Ann", "Dear Ann"), edit_reason="tone")
    settle(fact, ana, "edited", final_text=BODY.replace("SO-1007", "SO-1008"), edit_reason="tone")
    upload = attach_upload(by=ana, conversation=draft_of(with_file).conversation)
    upload.outgoing = make_outgoing(by=ana, message=draft_of(with_file).message)
    upload.save()
    settle(with_file, ana, "edited", final_text=BODY, edit_reason="tone", outgoing=upload.outgoing)
    assert [verdicts_of(entry) for entry in (wording, fact, with_file)] == [["wording"], ["edited"], ["edited"]]
    assert counts(attempt) == (3, 2, 3)


def test_a_decision_is_written_down_once(attempt: Attempt, ana: User) -> None:
    for kind in ("approved", "rejected"):
        entry = entered(attempt)
        decision = decide(entry, ana, kind)
        ledger.settle_decision(decision=decision)
        assert ledger.settle_decision(decision=decision) is None
        assert verdicts_of(entry) == [kind]


def test_a_draft_outside_the_ledger_has_no_verdict(ana: User) -> None:
    entry = entered(make_attempt())
    other = decide(entry, ana)
    loose = Draft.objects.create(message=other.draft.message, conversation=other.draft.conversation, state=Draft.State.DECIDED)
    assert ledger.settle_decision(decision=Decision.objects.create(draft=loose, by=ana, kind="rejected")) is None


def test_a_decision_that_was_taken_back_in_time_says_nothing(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = decide(entry, ana, "rejected", undone_at=timezone.now())
    assert ledger.settle_decision(decision=decision) is None
    assert verdicts_of(entry) == []


def test_an_approval_taken_back_after_it_counted_leaves_the_draft_without_a_verdict_until_the_next(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = decide(entry, ana, outgoing=make_outgoing(by=ana, state="held"))
    ledger.settle_decision(decision=weighed(decision))
    decisions.undo(decision=decision, by=ana)
    decision.refresh_from_db()
    assert decision.weighed_at is None
    ledger.settle_decision(decision=weighed(decision))
    assert counts(attempt) == (1, 1, 1)
    settle(entry, ana)
    assert verdicts_of(entry) == ["approved", "missing", "approved"]
    assert counts(attempt) == (1, 0, 1)


def test_who_gives_back_what_they_took_over_has_not_made_it_safe(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = decide(entry, ana, "taken_over")
    ledger.settle_decision(decision=decision)
    decisions.undo(decision=decision, by=ana)
    decision.refresh_from_db()
    assert ledger.settle_decision(decision=decision) is None
    assert settle(entry, ana) is None
    assert verdicts_of(entry) == ["taken_over"]


@pytest.mark.parametrize("is_weighed", [False, True])
def test_an_approval_that_facts_overtook_shows_nothing(attempt: Attempt, ana: User, is_weighed: bool) -> None:
    entry = entered(attempt)
    decision = decide(entry, ana, outgoing=make_outgoing(by=ana, state="held"))
    if is_weighed:
        ledger.settle_decision(decision=weighed(decision))
    decisions.void(decision=decision, words="the order was cancelled")
    decision = Decision.objects.get(pk=decision.pk)
    assert decision.weighed_at is None
    assert ledger.settle_overdue() == []
    ledger.settle_decision(decision=weighed(decision))
    assert verdicts_of(entry)[-1] == "changed"
    assert counts(attempt) == (0, 0, 1)


def test_an_edit_that_facts_overtook_is_as_unsafe_as_it_was(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = decide(entry, ana, "edited", final_text="No.", outgoing=make_outgoing(by=ana, state="held"))
    decisions.void(decision=decision, words="the order was cancelled")
    ledger.settle_decision(decision=Decision.objects.get(pk=decision.pk))
    assert verdicts_of(entry) == ["edited"]


def say_later(decision: Decision, edit_reason: str) -> LedgerEntry | None:
    """The reason of an edit, said after it was weighed, and what the ledger makes of it."""
    decisions.say_why(decision=decision, edit_reason=edit_reason, by=decision.by)  # type: ignore[arg-type]
    return ledger.settle_decision(decision=weighed(Decision.objects.get(pk=decision.pk)))


def reworded(entry: LedgerEntry, by: User, **about: Any) -> Decision:
    """An edit of its wording, settled."""
    decision = weighed(decide(entry, by, "edited", final_text=BODY.replace("Hello Ann", "Dear Ann"), **about))
    ledger.settle_decision(decision=decision)
    return decision


def test_a_graver_reason_for_an_edit_counts_whenever_it_is_said(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = reworded(entry, ana, edit_reason="tone")
    assert counts(attempt) == (1, 0, 1)
    say_later(decision, "wrong_fact")
    assert verdicts_of(entry) == ["wording", "edited"]
    assert counts(attempt) == (1, 1, 1)


@pytest.mark.parametrize("edit_reason", ["", "wrong_fact"])
def test_no_reason_said_later_makes_an_edit_safe_that_was_unsafe(attempt: Attempt, ana: User, edit_reason: str) -> None:
    entry = entered(attempt)
    decision = reworded(entry, ana, edit_reason=edit_reason)
    assert say_later(decision, "tone") is None
    assert verdicts_of(entry) == ["edited"]
    assert counts(attempt) == (1, 1, 1)


def test_an_edit_that_is_weighed_again_with_the_same_outcome_has_no_other_verdict(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    decision = reworded(entry, ana, edit_reason="wrong_fact")
    ledger.flags.flag(draft=draft_of(entry), kind="complaint", words="No.", by=None)
    assert say_later(decision, "policy") is None
    assert verdicts_of(entry) == ["edited", "flagged"]


def test_a_reviewer_counts_once_for_an_edit_whose_reason_came_later(attempt: Attempt, ana: User) -> None:
    decision = reworded(entered(attempt), ana, edit_reason="tone")
    say_later(decision, "wrong_fact")
    attempt.refresh_from_db()
    assert attempt.reviewers == {str(ana.pk): 1}


def test_a_graver_reason_counts_for_an_edit_that_facts_overtook(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    text = BODY.replace("Hello Ann", "Dear Ann")
    decision = decide(entry, ana, "edited", final_text=text, edit_reason="tone", outgoing=make_outgoing(by=ana, state="held"))
    decisions.void(decision=decision, words="the order was cancelled")
    ledger.settle_decision(decision=weighed(Decision.objects.get(pk=decision.pk)))
    assert verdicts_of(entry) == ["changed"]
    say_later(decision, "wrong_fact")
    assert verdicts_of(entry) == ["changed", "edited"]
    assert counts(attempt) == (1, 1, 1)


def superseded(entry: LedgerEntry) -> None:
    Draft.objects.filter(pk=draft_of(entry).pk).update(state=Draft.State.SUPERSEDED)


def test_what_a_newer_mail_replaced_before_anybody_looked_is_left_out(attempt: Attempt) -> None:
    entry = entered(attempt)
    superseded(entry)
    ledger.settle_overdue()
    assert verdicts_of(entry) == ["overtaken"]
    assert counts(attempt) == (0, 0, 1)


def test_what_somebody_read_and_left_until_a_newer_mail_came_is_unsafe(attempt: Attempt, ana: User, ben: User) -> None:
    glanced, read = entered(attempt), entered(attempt)
    for entry in (glanced, read):
        claims.open(draft=draft_of(entry), by=ana)
        claims.move_on(to=None, by=ana)
        superseded(entry)
    entry = LedgerEntry.objects.get(pk=read.pk)
    opened_at = entry.opened_at
    assert opened_at is not None
    claims.open(draft=draft_of(entry), by=ben)
    assert LedgerEntry.objects.get(pk=read.pk).opened_at == opened_at
    LedgerEntry.objects.filter(pk=read.pk).update(opened_at=opened_at - timedelta(seconds=30))
    ledger.settle_overdue()
    assert [verdicts_of(entry) for entry in (glanced, read)] == [["overtaken"], ["missing"]]


def test_who_had_opened_the_mail_before_the_draft_was_there_has_it_open_then(attempt: Attempt, ana: User) -> None:
    draft = _draft_like(entered(attempt))
    claims.open(draft=draft, by=ana)
    assert ledger.enter(attempt=attempt, draft=draft, route="person", why="collecting").opened_at is not None


def test_what_was_approved_and_taken_back_was_read(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    weighed(decide(entry, ana, undone_at=timezone.now()))
    superseded(entry)
    ledger.settle_overdue()
    assert verdicts_of(entry) == ["missing"]


def test_what_left_by_itself_does_not_count(attempt: Attempt, ana: User) -> None:
    before, sent, after = entered(attempt), entered(attempt, route="auto"), entered(attempt)
    settle(before, ana)
    settle(after, ana)
    assert counts(attempt) == (1, 0, 1)
    decision = left_by_itself(sent, state="held")
    assert ledger.settle_overdue() == []
    assert ledger.settle_decision(decision=decision) is None
    assert decision.outgoing is not None
    type(decision.outgoing).objects.filter(pk=decision.outgoing.pk).update(state="maybe_sent", dot_sent_at=timezone.now())
    ledger.settle_overdue()
    assert verdicts_of(sent) == ["sent"]
    assert counts(attempt) == (2, 0, 3)


def test_what_was_held_back_waits_for_a_person_and_counts(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt, route="auto")
    ledger.hold_back(entry=entry)
    assert (entry.route, entry.why) == ("person", "held_back")
    settle(entry, ana)
    assert counts(attempt) == (1, 0, 1)


def test_what_was_held_back_for_changed_facts_shows_nothing(attempt: Attempt) -> None:
    entry = entered(attempt, route="auto")
    ledger.hold_back(entry=entry)
    draft = draft_of(entry)
    Draft.objects.create(message=draft.message, conversation=draft.conversation, redraft_of=draft, note="Since then …", state="superseded")
    superseded(entry)
    ledger.settle_overdue()
    assert verdicts_of(entry) == ["changed"]


def test_what_was_sent_is_not_held_back_any_more(attempt: Attempt) -> None:
    entry = entered(attempt, route="auto")
    left_by_itself(entry)
    ledger.settle_overdue()
    ledger.hold_back(entry=entry)
    entry.refresh_from_db()
    assert entry.route == "auto"


def test_a_sweep_settles_what_is_due_of_every_attempt(ana: User) -> None:
    attempts = [make_attempt(), make_attempt()]
    old = [entered(attempt, days_ago=8) for attempt in attempts for _ in range(3)]
    new = [entered(attempt) for attempt in attempts]
    assert {entry.pk for entry in ledger.settle_overdue()} == {entry.pk for entry in old}
    assert [counts(attempt) for attempt in attempts] == [(3, 3, 3)] * 2
    for entry in new:
        settle(entry, ana)
    assert [counts(attempt) for attempt in attempts] == [(4, 3, 4)] * 2


@pytest.mark.parametrize("change", [{"unsafe": False}, {"reason": "approved"}, {"at": datetime(2026, 1, 1, tzinfo=UTC)}], ids=str)
def test_a_verdict_stays_as_it_was_written(attempt: Attempt, ana: User, change: dict[str, object]) -> None:
    settle(entered(attempt), ana, "rejected")
    with pytest.raises(IntegrityError):
        Verdict.objects.update(**change)


def test_entering_and_settling_take_few_queries(attempt: Attempt, ana: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    first, second = entered(attempt), entered(attempt)
    attempt.refresh_from_db()
    another = _draft_like(first)
    with django_assert_max_num_queries(3):
        ledger.enter(attempt=attempt, draft=another, route="person", why="collecting")
    settle(first, ana)
    decision = Decision.objects.select_related("draft").get(pk=decide(second, ana).pk)
    with django_assert_max_num_queries(9):  # Two of them are savepoints, one the point of the chart.
        ledger.settle_decision(decision=decision)
    ledger.settle_overdue()
    old = [entered(attempt, days_ago=8) for _ in range(20)]
    with django_assert_max_num_queries(10):
        assert ledger.settle_overdue(at=timezone.now()) == old


def _draft_like(entry: LedgerEntry) -> Draft:
    draft = draft_of(entry)
    return Draft.objects.create(message=draft.message, conversation=draft.conversation, state=Draft.State.SUPERSEDED)


def test_the_chart_has_every_unsafe_verdict_and_few_points_beside(attempt: Attempt) -> None:
    for n in range(1, 3001):
        k = attempt.k
        attempt.n, attempt.k = n, n // 500
        counting._keep_point(attempt, n - 1, k, timezone.now())
    points = list(EvidencePoint.objects.order_by("pk").values_list("n", "k"))
    assert points[:3] == [(1, 0), (2, 0), (3, 0)]
    assert [n for n, k in points if n % 500 == 0] == [500, 1000, 1500, 2000, 2500, 3000]
    assert len(points) < 330
    assert max(later - earlier for (earlier, _), (later, _) in itertools.pairwise(points)) <= 60


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_in_whatever_order_the_counts_are_those_of_the_verdicts(attempt: Attempt, seed: int) -> None:
    """Verdicts of all kinds on 8 drafts in any order; after each the counts are made anew from the rows."""
    chance = random.Random(seed)
    entries = [entered(attempt) for _ in range(8)]
    findings = [Finding("approved", False, True), Finding("rejected", True, True), Finding("too_fast", None, False)]
    for _ in range(30):
        attempt = counting.lock(attempt.pk)
        some = [LedgerEntry.objects.get(pk=entry.pk) for entry in chance.sample(entries, chance.choice([1, 1, 1, 3]))]
        counting.write(attempt=attempt, found=[(entry, chance.choice(findings)) for entry in some], at=timezone.now())
        rows = list(LedgerEntry.objects.filter(attempt=attempt).order_by("position"))
        settled = next((place for place, row in enumerate(rows) if row.settled_at is None), len(rows))
        counting_rows = [row for row in rows[:settled] if row.counts]
        assert counts(attempt) == (len(counting_rows), sum(1 for row in counting_rows if row.unsafe), settled)
        newest = [row.verdicts.order_by("-pk").first() for row in rows[:settled]]
        assert [(row.unsafe, row.counts) for row in rows[:settled]] == [(one.unsafe, one.counts) for one in newest if one]
