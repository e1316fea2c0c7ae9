"""Who is on a draft."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import claims, decisions, errors
from review.models import Claim, Decision
from tests.review.factories import make_person, ready_draft


@pytest.mark.django_db
def test_a_claim_is_held_by_one_person(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    with pytest.raises(claims.ClaimedByOther) as error:
        claims.claim(draft=draft, by=ben)
    assert error.value.claim.by == ana
    holder = claims.holder(draft)
    assert holder is not None
    assert holder.by == ana


@pytest.mark.django_db
def test_claiming_again_renews_and_remembers_when_it_was_opened(ana: User) -> None:
    draft = ready_draft()
    first = claims.claim(draft=draft, by=ana)
    second = claims.claim(draft=draft, by=ana)
    assert second.opened_at == first.opened_at
    assert second.until > first.until


@pytest.mark.django_db
def test_a_claim_that_ran_out_belongs_to_nobody(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert claims.holder(draft) is None
    assert claims.claim(draft=draft, by=ben).by == ben


@pytest.mark.django_db
def test_who_moves_on_lets_go_of_everything_else(ana: User, ben: User) -> None:
    first, second, third = ready_draft(), ready_draft(), ready_draft()
    for draft, person in ((first, ana), (second, ana), (third, ben)):
        claims.claim(draft=draft, by=person)
    claims.move_on(to=second, by=ana)
    assert [claims.holder(draft) is not None for draft in (first, second, third)] == [False, True, True]
    claims.move_on(to=None, by=ana)
    assert claims.holder(second) is None


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_is_let_go_while_others_ask_for_it_is_nobodys_fault() -> None:
    people = [make_person() for _ in range(6)]
    draft = ready_draft()

    def come_and_go(number: int) -> None:
        for _ in range(20):
            claims.claim(draft=Draft.objects.get(pk=draft.pk), by=people[number])
            claims.move_on(to=None, by=people[number])

    outcomes = _together(6, come_and_go)
    assert all(outcome is None or isinstance(outcome, claims.ClaimedByOther) for outcome in outcomes)


def _together(count: int, act: object) -> list[object]:
    """What `act(number)` gives or raises when `count` threads begin it at once."""
    barrier = Barrier(count)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return act(number)  # type: ignore[operator]
        except (errors.Undecidable, claims.ClaimedByOther) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_wins() -> None:
    people = [make_person() for _ in range(8)]
    draft = ready_draft()
    outcomes = _together(8, lambda number: claims.claim(draft=Draft.objects.get(pk=draft.pk), by=people[number]))
    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, claims.ClaimedByOther) for outcome in outcomes) == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["approve", "no_reply", "take_over"])
def test_of_many_who_decide_at_once_one_wins(second: str) -> None:
    people = [make_person() for _ in range(6)]
    draft = ready_draft()

    def act(number: int) -> Decision:
        mine = Draft.objects.select_related("conversation__mailbox", "message").get(pk=draft.pk)
        verb = decisions.approve if number % 2 else getattr(decisions, second)
        decision: Decision = verb(draft=mine, by=people[number])
        return decision

    outcomes = _together(6, act)
    assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, errors.AlreadyDecided) for outcome in outcomes) == 5
    assert Decision.objects.count() == 1
    assert OutgoingMail.objects.count() <= 1


@pytest.mark.django_db(transaction=True)
def test_an_undo_pressed_twice_at_once_happens_once() -> None:
    ana = make_person()
    decision = decisions.approve(draft=ready_draft(), by=ana)
    outcomes = _together(4, lambda _: decisions.undo(decision=Decision.objects.get(pk=decision.pk), by=ana))
    assert sum(outcome is None for outcome in outcomes) == 1


@pytest.mark.django_db
def test_who_asks_for_a_draft_is_seen_by_its_holder_alone(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    assert claims.ask(draft=draft, by=ben).by == ana
    asked = claims.asked(ana)
    assert asked is not None
    assert asked.asked_by == ben
    assert claims.asked(ben) is None


@pytest.mark.django_db
def test_the_first_who_asks_is_answered_first(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    claims.ask(draft=draft, by=ben)
    claims.ask(draft=draft, by=make_person())
    assert claims.hand_on(draft=draft, by=ana) == ben


@pytest.mark.django_db
def test_a_draft_that_is_handed_on_is_the_colleagues_from_then_on(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    claims.ask(draft=draft, by=ben)
    claims.hand_on(draft=draft, by=ana)
    with pytest.raises(claims.ClaimedByOther):
        decisions.approve(draft=draft, by=ana)
    assert decisions.approve(draft=draft, by=ben).by == ben


@pytest.mark.django_db
def test_only_its_holder_hands_a_draft_on_and_only_if_asked(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    for person in (ana, ben):
        with pytest.raises(claims.NotAsked):
            claims.hand_on(draft=draft, by=person)
    claims.ask(draft=draft, by=ben)
    claims.keep(draft=draft, by=ana)
    assert claims.asked(ana) is None
    with pytest.raises(claims.NotAsked):
        claims.hand_on(draft=draft, by=ana)


@pytest.mark.django_db
def test_asking_for_what_nobody_is_on_takes_it(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert claims.ask(draft=draft, by=ben).by == ben


@pytest.mark.django_db
def test_renewing_does_not_forget_who_asks_and_a_new_holder_owes_nobody(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    claims.ask(draft=draft, by=ben)
    assert claims.claim(draft=draft, by=ana).asked_by == ben
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert claims.claim(draft=draft, by=make_person()).asked_by is None


@pytest.mark.django_db
def test_leaving_a_page_releases_its_claim_but_not_one_that_was_renewed_since(ana: User, ben: User) -> None:
    draft = ready_draft()
    old = claims.claim(draft=draft, by=ana)
    new = claims.claim(draft=draft, by=ana)
    claims.release(draft=draft, by=ana, until=old.until)
    assert claims.holder(draft) is not None
    claims.release(draft=draft, by=ben, until=new.until)
    assert claims.holder(draft) is not None
    claims.release(draft=draft, by=ana, until=new.until)
    assert claims.holder(draft) is None
