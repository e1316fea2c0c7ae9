"""The terms of a category: one admin may ask for more, two for less."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting.models import Category
from review import autosend
from review.models import Attempt, Terms
from tests.drafting.factories import make_category
from tests.review.factories import activate, make_person
from tests.review.proofs import make_attempt, make_terms
from tests.review.test_automation import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> User:
    """An admin."""
    return make_person("admin", "dana", first_name="Dana", last_name="Reyes")


@pytest.fixture
def client(dana: User) -> Client:
    """Dana's browser."""
    return browser_of(dana)


@pytest.fixture
def category() -> Category:
    """Something that customers write about."""
    return make_category()


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def typed(**other: Any) -> dict[str, Any]:
    said = {"epsilon": "2", "certainty": "95", "audit_share": "5", "ramp_sends": "100", "daily_cap": "200", "weekdays": list(range(7))}
    return said | other


def test_the_usual_terms_stand_in_the_form(client: Client, category: Category) -> None:
    page = text(client.get(f"/automation/{category.pk}/terms/"))
    assert 'name="epsilon" value="2"' in page
    assert 'name="certainty" value="95"' in page
    assert "To show that at most 2 % are unsafe, 95 % certain, takes about 287 clean reviews." in page


def test_stricter_terms_are_in_force_at_once(client: Client, category: Category, dana: User) -> None:
    said = typed(epsilon="1", certainty="99", audit_share="12.5", from_hour="08:00", until_hour="18:30", weekdays=[0, 1, 2])
    answer = client.post(f"/automation/{category.pk}/terms/save/", said, follow=True)
    assert "Saved. Order status collects proof under these terms." in text(answer)
    terms = autosend.terms.of(category)
    assert terms is not None and terms.by == dana
    assert (terms.epsilon, terms.alpha, terms.audit_share, terms.weekdays) == (0.01, 0.01, 0.125, [0, 1, 2])
    page = text(client.get(f"/automation/{category.pk}/"))
    assert "At most 1 % of the replies are unsafe, 99 % certain" in page
    assert "08:00 to 18:30, Mon, Tue, Wed" in page


def test_looser_terms_wait_for_another_admin(client: Client, category: Category, dana: User) -> None:
    answer = client.post(f"/automation/{category.pk}/terms/save/", typed(epsilon="5"), follow=True)
    assert "they wait until a second admin confirms them" in text(answer)
    assert "another admin has to confirm it" in text(answer)
    terms = autosend.terms.waiting(category)
    assert terms is not None and autosend.terms.of(category) is None
    assert "Terms wait for a second admin" in text(client.get("/automation/"))
    own = client.post(f"/automation/{category.pk}/terms/confirm/", {"terms": terms.pk}, follow=True)
    assert "You asked for these terms yourself" in text(own)
    otto = browser_of(make_person("admin", "otto"))
    page = text(otto.get(f"/automation/{category.pk}/terms/"))
    assert "Dana Reyes asked for this" in page and "At most 5 % of the replies are unsafe" in page
    assert "are in force" in text(otto.post(f"/automation/{category.pk}/terms/confirm/", {"terms": terms.pk}, follow=True))
    assert autosend.terms.of(category) == terms


def test_another_admin_may_decline(client: Client, category: Category) -> None:
    client.post(f"/automation/{category.pk}/terms/save/", typed(certainty="90"))
    terms = Terms.objects.get()
    otto = browser_of(make_person("admin", "otto"))
    said = text(otto.post(f"/automation/{category.pk}/terms/withdraw/", {"terms": terms.pk}, follow=True))
    assert "stay as they were" in said and "Waiting for a second admin" not in said
    late = otto.post(f"/automation/{category.pk}/terms/confirm/", {"terms": terms.pk}, follow=True)
    assert "do not wait for confirmation any more" in text(late)


@pytest.mark.parametrize("verb", ["start", "stop", "terms/save"])
def test_what_waited_is_never_dropped_in_silence(client: Client, category: Category, verb: str) -> None:
    client.post(f"/automation/{category.pk}/terms/save/", typed(epsilon="5"))
    assert "To start or stop collecting drops them." in text(client.get(f"/automation/{category.pk}/"))
    otto = browser_of(make_person("admin", "otto"))
    assert "Saving other terms drops it." in text(otto.get(f"/automation/{category.pk}/terms/"))
    said = text(otto.post(f"/automation/{category.pk}/{verb}/", typed(), follow=True))
    assert "What Dana Reyes had asked for waited for a second admin and was dropped: at most 5 % unsafe, 95 % certain." in said
    assert "was dropped" not in text(otto.post(f"/automation/{category.pk}/{verb}/", typed(), follow=True))


def test_who_confirmed_other_terms_before_is_not_said_to_have_confirmed_these(client: Client, category: Category) -> None:
    client.post(f"/automation/{category.pk}/terms/save/", typed(epsilon="5"))
    otto = browser_of(make_person("admin", "otto", first_name="Otto", last_name="Berg"))
    otto.post(f"/automation/{category.pk}/terms/confirm/", {"terms": Terms.objects.get().pk})
    assert ", confirmed by Otto Berg" in text(client.get(f"/automation/{category.pk}/"))
    client.post(f"/automation/{category.pk}/terms/save/", typed(epsilon="5", daily_cap="1000000"))
    page = text(client.get(f"/automation/{category.pk}/"))
    assert "; no looser than Otto Berg agreed to before" in page
    assert "confirmed by Otto" not in page


def test_terms_of_another_category_are_not_confirmed_here(client: Client, category: Category) -> None:
    terms = make_terms(make_category("returns"), in_force_at=None, epsilon=0.05)
    assert client.post(f"/automation/{category.pk}/terms/confirm/", {"terms": terms.pk}).status_code == 404
    assert client.post(f"/automation/{category.pk}/terms/confirm/", {"terms": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epsilon": ""}, "Say how many unsafe replies you could bear at most"),
        ({"epsilon": "50"}, "at most 20"),
        ({"certainty": "100"}, "at most 99.9"),
        ({"audit_share": "1"}, "at least 5"),
        ({"ramp_sends": "5"}, "at least 20"),
        ({"weekdays": []}, "Tick at least one day"),
        ({"from_hour": "08:00"}, "Give both hours, or neither."),
        ({"from_hour": "08:00", "until_hour": "08:00"}, "leave both empty for the whole day"),
    ],
)
def test_what_makes_no_sense_is_kept_and_said(client: Client, category: Category, wrong: dict[str, Any], said: str) -> None:
    answer = client.post(f"/automation/{category.pk}/terms/save/", typed(daily_cap="321", **wrong))
    assert answer.status_code == 422
    assert said in text(answer)
    assert 'name="daily_cap" value="321"' in text(answer)
    assert not Terms.objects.exists()


def test_the_number_of_reviews_follows_while_typing(client: Client, category: Category) -> None:
    url = f"/automation/{category.pk}/terms/needed/"
    assert "at most 1 % are unsafe, 95 % certain, takes about 576 clean reviews." in text(
        client.get(url, {"epsilon": "1", "certainty": "95"})
    )
    assert "hidden" in text(client.get(url, {"epsilon": "", "certainty": "95"}))


def test_what_counts_already_is_counted_in(client: Client, category: Category) -> None:
    activate()
    make_terms(category)
    make_attempt(n=100, unsafe=(7,), category=category)
    page = text(client.get(f"/automation/{category.pk}/terms/needed/", {"epsilon": "2", "certainty": "95"}))
    assert "287 clean reviews from zero; with the 1 unsafe so far," in page
    assert "more than the 100 that count now." in page


def test_collecting_starts_and_stops_with_one_click(client: Client, category: Category) -> None:
    activate()
    answer = client.post(f"/automation/{category.pk}/start/", follow=True)
    assert "Saved. Order status collects proof" in text(answer)
    assert "The first draft that passes every check begins the ledger." in text(answer)
    attempt = make_attempt(n=3, category=category)
    answer = client.post(f"/automation/{category.pk}/stop/", follow=True)
    assert "Order status is review only" in text(answer)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.cause) == (Attempt.State.ENDED, Attempt.Cause.STOPPED)
