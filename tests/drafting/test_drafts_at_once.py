"""Several workers at the same draft or conversation at the same moment, over connections of their own."""

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection

from drafting import drafts
from drafting.models import Draft
from inbox.models import Message
from tests.drafting.factories import make_conversation, make_draft, make_message

pytestmark = pytest.mark.django_db(transaction=True)
Result = TypeVar("Result")
WORKERS = 6


def at_once(work: Callable[[int], Result]) -> list[Result]:
    """What `work` returns for each worker, all starting together."""
    barrier, results = threading.Barrier(WORKERS), list[Result]()

    def run(number: int) -> None:
        try:
            barrier.wait()
            results.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == WORKERS
    return results


def test_one_of_many_workers_gets_the_draft() -> None:
    draft = make_draft()
    assert sum(claimed is not None for claimed in at_once(lambda number: drafts.claim(draft_id=draft.pk))) == 1


def test_a_message_delivered_to_many_workers_begins_one_draft() -> None:
    message = make_message()
    begun = at_once(lambda number: drafts.take_up(message=Message.objects.get(pk=message.pk)))
    assert sum(draft is not None for draft in begun) == 1
    assert Draft.objects.count() == 1


def test_messages_of_one_conversation_taken_up_together_leave_one_live_draft_for_the_newest() -> None:
    conversation = make_conversation()
    messages = [make_message(conversation=conversation) for _ in range(WORKERS)]
    at_once(lambda number: drafts.take_up(message=messages[number]))
    assert [draft.message for draft in Draft.objects.exclude(state=Draft.State.SUPERSEDED)] == [messages[-1]]


def test_one_of_many_people_decides() -> None:
    draft = make_draft(state=Draft.State.HANDED_OVER, hand_over_reason="unsure")

    def decide(number: int) -> bool:
        try:
            drafts.mark_decided(draft=Draft.objects.get(pk=draft.pk))
        except drafts.NotWaiting:
            return False
        return True

    assert sum(at_once(decide)) == 1
