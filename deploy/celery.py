"""The Celery application. The database is the queue; Celery and Redis are its doorbell."""

import os
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")

app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["inbox", "drafting", "review"])


class KnownSetup(bootsteps.Step):
    """Keeps a worker that would write drafts from starting with an active setup that it does not know (drafting/checks.py)."""

    def __init__(self, parent: Any, **_options: Any) -> None:
        if "draft" in parent.app.amqp.queues.consume_from:
            refuse_unknown_setup()


def refuse_unknown_setup() -> None:
    """End this process with a sentence for the operator where the active setup is not one that this code can draft with."""
    from deploy import env
    from drafting import checks

    if wrong := checks.active_setup(databases=["default"]):
        env.stop(" ".join(f"{each.msg} {each.hint}" for each in wrong))


app.steps["worker"].add(KnownSetup)
