"""What a category has to prove: stricter by one admin, looser by two."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import User

from inbox.models import OutgoingMail
from review.autosend import NotNow, terms
from review.models import Attempt, LogEntry
from tests.drafting.factories import make_category
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, prove, running_setup, sent
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def eli(db: None) -> User:
    """Another admin."""
    return make_person("admin", "eli")


def test_what_is_as_strict_as_the_standard_is_in_force_at_once(dana: User) -> None:
    made = terms.save(category=make_category(), by=dana)
    assert terms.of(make_category()) == made
    assert (made.epsilon, made.alpha, made.audit_share, made.ramp_sends, made.daily_cap) == (0.02, 0.05, 0.05, 100, 200)
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.about) == ("terms.saved", dana, "Order status")
    assert entry.words == "At most 2.0% unsafe, with certainty 95.0%; 100 mails in each step of the ramp; at most 200 a day."


@pytest.mark.parametrize("looser", [{"epsilon": 0.03}, {"alpha": 0.06}])
def test_what_is_looser_waits_for_a_second_admin(dana: User, eli: User, looser: dict[str, float]) -> None:
    strict = terms.save(category=make_category(), by=dana)
    loose = terms.save(category=make_category(), by=dana, **looser)
    assert (terms.of(make_category()), terms.waiting(make_category())) == (strict, loose)
    with pytest.raises(NotNow, match="yourself"):
        terms.confirm(terms=loose, by=dana)
    terms.confirm(terms=loose, by=eli)
    assert (terms.of(make_category()), terms.waiting(make_category())) == (loose, None)
    assert LogEntry.objects.get(act="terms.confirmed").by == eli
    with pytest.raises(NotNow, match="do not wait"):
        terms.confirm(terms=loose, by=make_person("admin"))


def test_what_was_confirmed_stays_so_while_nothing_becomes_looser(dana: User, eli: User) -> None:
    terms.confirm(terms=terms.save(category=make_category(), by=dana, epsilon=0.05), by=eli)
    assert terms.save(category=make_category(), by=dana, daily_cap=300).in_force_at
    assert terms.save(category=make_category(), by=eli, epsilon=0.04).confirmed_by == dana
    assert terms.save(category=make_category(), by=make_person("admin"), daily_cap=100).in_force_at
    assert terms.save(category=make_category(), by=eli, epsilon=0.06).in_force_at is None


def test_terms_that_wait_can_be_dropped(dana: User) -> None:
    loose = terms.save(category=make_category(), by=dana, epsilon=0.05)
    terms.withdraw(terms=loose, by=dana)
    assert (terms.of(make_category()), terms.waiting(make_category())) == (None, None)
    with pytest.raises(NotNow):
        terms.withdraw(terms=loose, by=dana)


def test_a_shorter_ramp_waits_for_a_second_admin(dana: User, eli: User) -> None:
    short = terms.save(category=make_category(), by=dana, ramp_sends=99)
    assert short.in_force_at is None
    terms.confirm(terms=short, by=eli)
    assert terms.save(category=make_category(), by=dana, ramp_sends=99, daily_cap=50).in_force_at
    assert terms.save(category=make_category(), by=eli, ramp_sends=98).in_force_at is None
    assert terms.save(category=make_category(), by=eli, ramp_sends=100).in_force_at


def test_newer_terms_take_the_place_of_those_that_wait(dana: User, eli: User) -> None:
    loose = terms.save(category=make_category(), by=dana, epsilon=0.05)
    terms.save(category=make_category(), by=dana, epsilon=0.01)
    with pytest.raises(NotNow):
        terms.confirm(terms=loose, by=eli)


def test_only_what_is_named_changes(dana: User) -> None:
    terms.save(category=make_category(), by=dana, daily_cap=50, weekdays=[0, 1])
    made = terms.save(category=make_category(), by=dana, from_hour=time(9), until_hour=time(17))
    assert (made.daily_cap, made.weekdays, made.from_hour) == (50, [0, 1], time(9))


@pytest.mark.parametrize(
    "wrong",
    [
        {"epsilon": 0.0},
        {"epsilon": 0.5},
        {"audit_share": 0.04},
        {"ramp_sends": 5},
        {"daily_cap": 0},
        {"from_hour": time(9)},
        {"from_hour": time(9), "until_hour": time(9)},
        {"weekdays": []},
        {"weekdays": [7]},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_words(dana: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotNow, match=r"\w{4}"):
        terms.save(category=make_category(), by=dana, **wrong)


def test_a_category_that_collects_no_more_has_proven_nothing(auto: Attempt, dana: User) -> None:
    mail = sent(auto).outgoing
    assert mail is not None
    terms.save(category=auto.category, by=dana, is_collecting=False)
    auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("ended", "stopped")
    assert OutgoingMail.objects.get(pk=mail.pk).state == "cancelled"


def test_stricter_terms_suspend_what_is_not_proven_by_them(auto: Attempt, dana: User) -> None:
    prove(auto)
    terms.save(category=auto.category, by=dana, daily_cap=20)
    auto.refresh_from_db()
    assert auto.state == "auto"
    terms.save(category=auto.category, by=dana, epsilon=0.005)
    auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("suspended", "proof")


def test_other_hours_are_no_reason_to_ask_for_the_proof_again(auto: Attempt, dana: User) -> None:
    prove(auto, n=400, k=20)
    terms.save(category=auto.category, by=dana, weekdays=[0, 1, 2, 3, 4, 5])
    auto.refresh_from_db()
    assert auto.state == "auto"


def test_stricter_terms_make_what_was_ready_collect_again(shares: Shares, dana: User) -> None:
    running_setup()
    attempt = attempt_at("ready")
    prove(attempt)
    terms.save(category=attempt.category, by=dana, epsilon=0.005)
    attempt.refresh_from_db()
    assert attempt.state == "collecting"
