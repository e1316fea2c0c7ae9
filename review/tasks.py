"""Doorways for Celery, safe to deliver twice."""

from celery import shared_task

from inbox import outbox
from review import autosend, idempotency, planting, release, uploads, webhooks, writing
from review.next_nine import themes
from review.privacy import retention
from review.reports import rolling, weekly

RING_SECONDS = 30
WEEKLY_RING_SECONDS = 1800
"""A sweep that comes by only every hour rings longer."""


@shared_task
def check_held_mail() -> None:
    """Sweep: ring for every approved reply whose undo window is over."""
    for mail_id in outbox.due_checks():
        check_mail.apply_async((mail_id,), expires=RING_SECONDS)


@shared_task
def check_mail(mail_id: int) -> None:
    """Look up again what one reply rests on."""
    release.check(mail_id=mail_id)


@shared_task
def route_drafts() -> None:
    """Sweep: see which eligible drafts need a person, and send those that do not."""
    autosend.route_new()


@shared_task
def weigh_decisions() -> None:
    """Sweep: what people decided, and what came out later, becomes evidence."""
    autosend.weigh_due()


@shared_task
def return_held_back() -> None:
    """Sweep: give to people what was to leave by itself and was held back."""
    autosend.return_held_back()


@shared_task
def reconcile_auto_send() -> None:
    """Sweep: suspend what is unlocked and must not be any more."""
    autosend.reconcile()


@shared_task
def withdraw_planted() -> None:
    """Sweep: take back what was planted in drafts that were decided or overtaken before their reviewer came to them."""
    planting.withdraw()


@shared_task
def announce_events() -> None:
    """Sweep: make deliveries of what happened, for the webhooks that want to know."""
    webhooks.announce_new()


@shared_task
def deliver_to_webhooks() -> None:
    """Sweep: ring for every webhook that has something to be told."""
    for webhook_id in webhooks.due_webhooks():
        deliver_to_webhook.apply_async((webhook_id,), expires=RING_SECONDS)


@shared_task
def deliver_to_webhook(webhook_id: int) -> None:
    """Tell one webhook what waits for it."""
    webhooks.deliver(webhook_id=webhook_id)


@shared_task
def forget_old_requests() -> None:
    """Sweep: delete what nobody asks for any more."""
    webhooks.forget_old()
    idempotency.forget_old()


@shared_task
def find_themes() -> None:
    """Sweep: group by their words the mails that nobody said why they were changed."""
    themes.find()


@shared_task
def apply_retention() -> None:
    """Sweep: files of what was erased, and at night what is older than its retention period."""
    retention.sweep()


@shared_task
def sweep_writing() -> None:
    """Sweep: delete files that nobody sent, and texts that were sent long ago."""
    uploads.sweep()
    writing.sweep()


@shared_task
def roll_reports() -> None:
    """Sweep: count again for reports what changed."""
    rolling.sweep()


@shared_task
def send_weekly_reports() -> None:
    """Sweep: ring for every weekly report whose day has come."""
    for report_id in weekly.due():
        send_weekly_report.apply_async((report_id,), expires=WEEKLY_RING_SECONDS)


@shared_task
def send_weekly_report(report_id: int) -> None:
    """Send one weekly report by mail."""
    weekly.send(report_id=report_id)
