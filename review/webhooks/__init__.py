"""Telling other systems what happened: events become deliveries once, deliveries are posted until they are taken or given up.

Nothing is lost with Redis or a worker: rows wait until a sweep finds them. A receiver may get an event twice, with the same id (after a
worker's death between posting and noting), and events in any order.
"""

from review.webhooks.announcing import announce, announce_new
from review.webhooks.delivering import deliver, due_webhooks, forget_old, resend, resend_given_up
from review.webhooks.managing import add, change, delete, dismiss, rotate_secret, send_test

__all__ = [
    "add",
    "announce",
    "announce_new",
    "change",
    "delete",
    "deliver",
    "dismiss",
    "due_webhooks",
    "forget_old",
    "resend",
    "resend_given_up",
    "rotate_secret",
    "send_test",
]
