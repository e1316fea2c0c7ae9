"""Doorways for Celery, safe to deliver twice."""

from celery import shared_task

from inbox import outbox
from review import release

RING_SECONDS = 30


@shared_task
def check_held_mail() -> None:
    """Sweep: ring for every approved reply whose undo window is over."""
    for mail_id in outbox.due_checks():
        check_mail.apply_async((mail_id,), expires=RING_SECONDS)


@shared_task
def check_mail(mail_id: int) -> None:
    """Look up again what one reply rests on."""
    release.check(mail_id=mail_id)
