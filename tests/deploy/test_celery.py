"""Workers and the system check of the active setup."""

from types import SimpleNamespace
from typing import Any

import pytest

from deploy.celery import KnownSetup, app

pytestmark = pytest.mark.django_db


def start(*queues: str) -> None:
    """As a worker of these queues starts."""
    KnownSetup(SimpleNamespace(app=SimpleNamespace(amqp=SimpleNamespace(queues=SimpleNamespace(consume_from=dict.fromkeys(queues))))))


def test_a_drafting_worker_does_not_start_with_a_setup_it_does_not_know(settings: Any) -> None:
    settings.ACTIVE_SETUP = "feed"
    with pytest.raises(SystemExit, match=r"names the setup feed, which does not exist here\. Correct it"):
        start("draft", "send")


def test_other_workers_start_whatever_the_setup(settings: Any) -> None:
    settings.ACTIVE_SETUP = "feed"
    start("fetch", "parse")


@pytest.mark.django_db(transaction=True)
def test_celery_asks_before_a_worker_starts(settings: Any) -> None:
    settings.ACTIVE_SETUP = "feed"
    with pytest.raises(SystemExit, match="names the setup feed"):
        app.WorkController(app=app, queues="draft", pool="threads", concurrency=1)
