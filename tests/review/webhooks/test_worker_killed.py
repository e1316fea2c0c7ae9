"""A worker dies between posting an event and noting that it was taken."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from review import webhooks
from review.models import Delivery, Webhook
from review.webhooks import delivering
from tests.review.webhooks.conftest import Receiver, status

WORKER = "import django; django.setup(); from review import webhooks; webhooks.deliver(webhook_id={})"


def database() -> str:
    """The address of the test database."""
    about = connection.settings_dict
    return f"postgresql://{about['USER']}@/{about['NAME']}?host={quote(about['HOST'], safe='')}"


@pytest.mark.django_db(transaction=True)
def test_the_same_event_is_told_again(webhook: Webhook, receiver: Receiver) -> None:
    webhooks.announce(event="mail.sent", id="mail-sent-7", data={"outgoing_id": 7})
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "deploy.settings",
        "DATABASE_URL": database(),
        "CONNECTOR_HOSTS": f"127.0.0.1:{receiver.port}",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER.format(webhook.pk)], env=environment, cwd=Path(settings.BASE_DIR))

    def kill(_handler: BaseHTTPRequestHandler) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    receiver.answer = kill
    assert worker.wait(60) == -signal.SIGKILL
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.lease_until
    receiver.answer = status(200)
    assert webhooks.deliver(webhook_id=webhook.pk) == 0
    with time_machine.travel(timezone.now() + delivering.LEASE + timedelta(seconds=1)):
        assert webhooks.due_webhooks() == [webhook.pk]
        assert webhooks.deliver(webhook_id=webhook.pk) == 1
    assert [told.id for told in receiver.told] == ["mail-sent-7", "mail-sent-7"]
    assert receiver.told[0].body == receiver.told[1].body
    assert Delivery.objects.get().state == "delivered"
