"""What the queue and an open item cost: queries and bytes, however much waits and however long the mails are.

What the desk keeps for some seconds (the setup in use, the menus) has been read by an earlier page, as it is all day.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from review import conversation_acts
from review.desk.queue import STEP
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import make_person, ready_draft
from tests.review.samples import seed

MOST_QUERIES, MOST_BYTES = 12, 59_500
"""Some bytes less than a page may have: ids are longer where there are millions of rows."""
LONG = "Слова и ещё слова, и всё по делу. " * 400


def costly_draft(number: int = 1) -> Draft:
    """One whose row has all that a row can have, at its longest."""
    name = f"{'Ünlü Kimse & Söhne ' * 20}{number}"
    return ready_draft(message=make_message(LONG, from_name=name, subject="Où est ma commande ? " * 40, language="fr"), failed=3)


def fill(number: int, ana: User) -> None:
    """A queue of so many mails, each with all that a row can have."""
    ben = make_person("reviewer", "ben", first_name="Benedikt-Maximilian", last_name="Orrenberger-Schmittke")
    for draft in [costly_draft(n) for n in range(number)]:
        conversation_acts.assign(conversation=draft.conversation, to=ben, by=ana)


@pytest.mark.parametrize("number", [0, 1, STEP, 3 * STEP])
@pytest.mark.parametrize("query", ["", "?limit=400", "?gate=failed&whose=nobody&q=a"])
def test_the_queue_is_small_however_much_waits(
    number: int, query: str, desk: Client, ana: User, django_assert_max_num_queries: Any
) -> None:
    fill(number, ana)
    desk.get("/queue/")
    for address in ("/queue/", "/queue/rows/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = desk.get(address + query)
        assert len(answer.content) <= MOST_BYTES


@pytest.mark.parametrize("number", [1, 2 * STEP])
def test_an_item_is_small_whatever_its_stage_and_however_much_waits(
    number: int, desk: Client, ana: User, django_assert_max_num_queries: Any
) -> None:
    fill(number, ana)
    drafts = seed(number=7, by=ana, colleague=make_person("reviewer", "cleo"))
    desk.get("/queue/")
    for draft in drafts:
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = desk.get(f"/queue/{draft.pk}/")
        assert len(answer.content) <= MOST_BYTES, draft.state


def test_an_item_is_small_however_long_its_conversation_is(desk: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    fill(STEP, ana)
    talk, now = make_conversation(), timezone.now()
    for number in range(20):
        message = make_message(LONG + f"\n\n> {LONG}", conversation=talk, received_at=now - timedelta(days=1, minutes=20 - number))
    draft = ready_draft(message=message, body=LONG[:2000])
    desk.force_login(make_person("admin"))
    desk.get("/queue/")
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = desk.get(f"/queue/{draft.pk}/")
    assert len(answer.content) <= MOST_BYTES
    assert answer.content.decode().count("Show the whole text") > 5


def test_a_decision_asks_little_and_answers_with_the_next_item_alone(desk: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    first, second = ready_draft(), ready_draft()
    for address in ("/queue/", f"/queue/{first.pk}/"):
        desk.get(address)
    # Two of them are only for the test: its transaction is around the view's.
    with django_assert_max_num_queries(25 + 2):
        answer = desk.post(f"/queue/{first.pk}/approve/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert f'data-draft="{second.pk}"' in page
    assert 'id="queue-rows"' not in page
    assert "queue-changed" in answer.headers["HX-Trigger-After-Swap"]
