"""manage.py up: all parts of the product on this machine."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from deploy import banner
from deploy.supervisor import Supervisor


class Command(BaseCommand):
    """Starts web, workers and beat, and the demo company's parts where it is on; ends them all on Ctrl-C."""

    help = "Run all parts on this machine until Ctrl-C. deploy/run calls this after it has made everything ready."

    def handle(self, *_args: Any, **_options: Any) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        Supervisor(parts(), note=settings.DATA_DIR / "processes").run(once_started=banner.show_when_ready)


def parts() -> dict[str, list[str]]:
    """The name and command of each part."""
    # The product needs no root, but a container often gives it; the warning is for brokers that carry pickle.
    python = [sys.executable, "-u", "-W", "ignore:You're running the worker with superuser"]
    manage = [*python, str(settings.BASE_DIR / "manage.py")]
    worker = [*python, "-m", "celery", "-A", "deploy", "-q", "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    port = os.environ.get("WEB_PORT", "8000")
    address = f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{port}"
    running = {
        "web": [*python, "-m", "gunicorn", "deploy.wsgi", "--bind", address, "--workers", "2", "--threads", "4", "--log-level", "warning"],
        "mail": [*worker, "--queues", "fetch,parse", "--concurrency", "2", "--hostname", "mail@%h"],
        "idle": [*manage, "watch_mailboxes"],
        "drafts": [*worker, "--queues", "draft,send", "--pool", "threads", "--concurrency", "8", "--hostname", "drafts@%h"],
        "beat": [*python, "-m", "celery", "-A", "deploy", "-q", "beat", "--loglevel", "WARNING", "--pidfile", ""],
    }
    if os.environ.get("COUNTERSIGN_DEMO"):
        running |= {"mailserver": [*manage, "demo", "servers"], "postbox": [*manage, "demo", "postbox"]}
    if standin_port := os.environ.get("STANDIN_PORT"):
        running["model"] = [*python, "-m", "drafting.standin", "--port", standin_port]
    return running
