"""Decided drafts that another reviewer judges, not knowing what the first one said."""

from itertools import count

import pytest
from django.contrib.auth.models import User

from drafting.models import Draft
from review import chance, second_looks
from review.ledger import settle_decision
from review.models import Attempt, Decision, LedgerEntry, LogEntry, Profile, SecondLook
from review.second_looks import NotAnswered
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_person
from tests.review.ledger.rows import counts, decide, draft_of, entered, make_attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(db: None) -> Attempt:
    """An attempt that has just begun."""
    return make_attempt()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance chooses every draft."""
    monkeypatch.setattr(chance, "share", lambda purpose, *ids: 0.0)


def decided(attempt: Attempt, by: User, kind: str = "approved", **about: object) -> tuple[LedgerEntry, Decision]:
    """A draft with its verdict."""
    entry = entered(attempt)
    decision = decide(entry, by, kind, **about)
    found = settle_decision(decision=decision)
    assert found is not None
    return found, decision


def asked(attempt: Attempt, by: User, kind: str = "approved") -> SecondLook:
    """A draft that waits for a second look."""
    entry, decision = decided(attempt, by, kind)
    look = second_looks.ask(entry=entry, decision=decision)
    assert look is not None
    return look


def test_chance_asks_for_a_second_look_at_three_of_a_hundred_drafts(attempt: Attempt, ana: User) -> None:
    entry, decision = decided(attempt, ana)
    numbers = count(1)
    looked_at = 0
    for _ in range(1500):
        entry.draft_id = next(numbers)
        looked_at += chance.share("second", entry.draft_id) < second_looks.SHARE
    assert 20 < looked_at < 80
    entry.draft_id = next(number for number in numbers if chance.share("second", number) >= second_looks.SHARE)
    assert second_looks.ask(entry=entry, decision=decision) is None


@pytest.mark.usefixtures("chosen")
def test_it_is_asked_for_once_and_remembers_what_the_first_one_said(attempt: Attempt, ana: User) -> None:
    entry, decision = decided(attempt, ana, "rejected")
    look = second_looks.ask(entry=entry, decision=decision)
    assert second_looks.ask(entry=entry, decision=decision) == look
    assert look is not None
    assert (look.first, look.first_unsafe, look.unsafe) == (ana, True, None)


@pytest.mark.usefixtures("chosen")
def test_what_does_not_count_needs_no_second_look(attempt: Attempt, ana: User) -> None:
    entry, decision = decided(attempt, ana, seconds_open=1)
    assert second_looks.ask(entry=entry, decision=decision) is None


@pytest.mark.usefixtures("chosen")
def test_it_waits_for_everybody_else_who_may_see_the_mail(attempt: Attempt, ana: User, ben: User) -> None:
    first, second = asked(attempt, ana), asked(attempt, ben)
    eva, elsewhere = make_person("reviewer", "eva"), make_person("reviewer", "zoe")
    Profile.objects.create(user=elsewhere, is_limited=True).mailboxes.set([make_mailbox()])
    assert list(second_looks.waiting(ana)) == [second]
    assert list(second_looks.waiting(ben)) == [first]
    assert list(second_looks.waiting(eva)) == [first, second]
    assert not second_looks.waiting(elsewhere).exists()
    with pytest.raises(NotAnswered, match="somebody else"):
        second_looks.answer(look=first, by=elsewhere, unsafe=False, words="")


@pytest.mark.usefixtures("chosen")
def test_unsafe_where_the_first_one_said_safe_flips_the_verdict(attempt: Attempt, ana: User, ben: User) -> None:
    look = asked(attempt, ana)
    answered = second_looks.answer(look=look, by=ben, unsafe=True, words="The date is another order's.")
    assert (answered.by, answered.unsafe, answered.words) == (ben, True, "The date is another order's.")
    verdict = look.draft.ledger_entry.verdicts.get(reason="second_look")
    assert (verdict.unsafe, verdict.by, verdict.words) == (True, ben, "The date is another order's.")
    assert counts(attempt) == (1, 1, 1)
    assert not second_looks.waiting(make_person()).exists()
    logged = LogEntry.objects.get(act="reply.looked_at")
    assert (logged.by, logged.words) == (ben, "Unsafe.")


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize(("kind", "unsafe"), [("approved", False), ("rejected", False), ("rejected", True)])
def test_otherwise_the_verdict_stays(attempt: Attempt, ana: User, ben: User, kind: str, unsafe: bool) -> None:
    look = asked(attempt, ana, kind)
    second_looks.answer(look=look, by=ben, unsafe=unsafe, words="I read it twice.")
    assert counts(attempt) == (1, int(kind == "rejected"), 1)
    assert look.draft.ledger_entry.verdicts.count() == 1


@pytest.mark.usefixtures("chosen")
def test_nobody_looks_twice_at_what_they_decided_and_nobody_answers_twice(attempt: Attempt, ana: User, ben: User) -> None:
    look = asked(attempt, ana)
    with pytest.raises(NotAnswered, match="somebody else"):
        second_looks.answer(look=look, by=ana, unsafe=False, words="")
    with pytest.raises(NotAnswered, match="Say in a few words"):
        second_looks.answer(look=look, by=ben, unsafe=True, words=" ")
    second_looks.answer(look=look, by=ben, unsafe=False, words="")
    with pytest.raises(NotAnswered, match="faster"):
        second_looks.answer(look=look, by=make_person(), unsafe=True, words="It is wrong.")
    assert counts(attempt) == (1, 0, 1)


@pytest.mark.usefixtures("chosen")
def test_a_draft_that_was_erased_is_looked_at_no_more(attempt: Attempt, ana: User) -> None:
    entry, decision = decided(attempt, ana)
    entry.draft = None
    assert second_looks.ask(entry=entry, decision=decision) is None
    assert Draft.objects.filter(pk=draft_of(LedgerEntry.objects.get(pk=entry.pk)).pk).exists()
