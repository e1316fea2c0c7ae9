"""How Countersign runs: settings, addresses, commands, and the demo company."""

from deploy.celery import app as celery_app

__all__ = ["celery_app"]
