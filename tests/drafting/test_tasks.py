from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from drafting import tasks
from drafting.models import Draft
from inbox.models import Message
from tests.drafting.factories import make_draft, make_message


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The drafts that were rung for."""
    ids: list[int] = []

    def ring(args: tuple[int], **options: Any) -> None:
        ids.append(args[0])

    monkeypatch.setattr(tasks.write_draft, "apply_async", ring)
    return ids


@pytest.mark.django_db
def test_the_sweep_takes_up_what_was_read_and_rings_for_it(rung: list[int], django_capture_on_commit_callbacks: Any) -> None:
    make_message()
    make_message(kind=Message.Kind.BOUNCE)
    make_message(state=Message.State.UNREADABLE)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.take_up_messages()
    assert rung == [Draft.objects.get(state=Draft.State.QUEUED).pk]
    assert not Message.objects.filter(taken_up_at=None).exists()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.take_up_messages()
    assert len(rung) == 1


@pytest.mark.django_db
def test_the_sweep_rings_for_due_drafts_and_for_lost_ones(rung: list[int]) -> None:
    due = make_draft()
    make_draft(due_at=timezone.now() + timedelta(minutes=1))
    lost = make_draft(state=Draft.State.WRITING, lease_until=timezone.now() - timedelta(minutes=1))
    tasks.write_due_drafts()
    assert sorted(rung) == [due.pk, lost.pk]


@pytest.mark.django_db
def test_writing_a_draft_that_is_gone_does_nothing() -> None:
    tasks.write_draft(4711)
