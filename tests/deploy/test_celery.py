"""Workers and the system check of the active setup."""

from types import SimpleNamespace
from typing import Any

import pytest

from deploy.celery import KnownSetup, app
from inbox.outbox import sending
from inbox.smtp import client

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


def test_a_task_that_is_lost_with_its_worker_or_on_its_way_is_delivered_again_and_none_runs_on_for_ever() -> None:
    at = app.conf
    assert (at.task_acks_late, at.task_reject_on_worker_lost, at.worker_prefetch_multiplier) == (True, True, 1)
    assert (at.task_soft_time_limit, at.task_time_limit) == (240, 300)
    assert at.broker_transport_options["visibility_timeout"] >= 900 > at.task_time_limit


def test_only_json_goes_through_redis_and_no_results_come_back() -> None:
    assert (app.conf.task_serializer, app.conf.accept_content, app.conf.task_ignore_result) == ("json", ["json"], True)


def test_a_mail_is_handed_over_within_the_time_that_a_task_may_take() -> None:
    assert app.conf.task_time_limit >= client.MOST_SECONDS + client.TIMEOUT + client.DOT_TIMEOUT
    assert sending.LEASE.total_seconds() > client.MOST_SECONDS + client.DOT_TIMEOUT + sending.PATIENCE
