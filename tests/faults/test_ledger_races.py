"""Several at the ledger of one category at the same moment: each verdict is counted once."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from review import ledger
from review.models import Attempt, EvidencePoint, Verdict
from tests.faults.test_races import at_once
from tests.review.factories import make_person
from tests.review.ledger.rows import counts, decide, draft_of, entered, make_attempt

pytestmark = pytest.mark.django_db(transaction=True)


def test_verdicts_of_several_workers_at_once_all_count() -> None:
    attempt, ana = make_attempt(), make_person()
    works: list[Callable[[], Any]] = []
    for number in range(8):
        decision = decide(entered(attempt), ana, "rejected" if number == 3 else "approved")
        works.append(partial(ledger.settle_decision, decision=decision))
    at_once(*works)
    assert counts(attempt) == (8, 1, 8)
    assert Verdict.objects.count() == 8
    newest = EvidencePoint.objects.order_by("-pk").first()
    assert newest is not None
    assert (newest.n, newest.k) == (8, 1)


def test_sweeps_flags_and_decisions_at_once_agree_on_the_counts() -> None:
    attempt, ana, ben = make_attempt(), make_person(), make_person()
    old = [entered(attempt, days_ago=8) for _ in range(6)]
    new = [entered(attempt) for _ in range(4)]
    works: list[Callable[[], Any]] = [ledger.settle_overdue, ledger.settle_overdue]
    works += [partial(ledger.settle_decision, decision=decide(entry, ana)) for entry in new]
    works += [partial(ledger.flags.flag, draft=draft_of(entry), kind="leak", words="Look.", by=ben) for entry in (old[0], new[0])]
    at_once(*works)
    assert counts(attempt) == (10, 7, 10)
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert attempt.entries.filter(unsafe=True).count() == 7


def test_a_flag_is_made_once_by_two_who_see_the_same_at_once() -> None:
    entry, people = entered(make_attempt()), [make_person() for _ in range(4)]
    flags = at_once(*(partial(ledger.flags.flag, draft=draft_of(entry), kind="leak", words="Look.", by=one) for one in people))
    assert len({flag.pk for flag in flags}) == 1
    assert entry.verdicts.count() == 1
