"""Delays from before they were told from bounces."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from inbox.models import OutgoingMail
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import make_outgoing, make_person

pytestmark = pytest.mark.django_db
CAME_BACK = "It came back: ann@customer.example cannot be reached for now."
POSTFIX = (
    "Delayed Mail (still being retried)",
    "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. It will be retried until it is 5 days old.",
)
FULL = ("Undelivered Mail Returned to Sender", "452 4.2.2 The mailbox is full.")
EXPIRED = ("Delivery delayed: failed", "Delayed for 5 days. We have given up.")


@pytest.mark.parametrize(
    ("notices", "is_back"),
    [([POSTFIX], False), ([POSTFIX, POSTFIX], False), ([FULL], True), ([EXPIRED], True), ([POSTFIX, FULL], True)],
)
def test_a_mail_of_which_only_delays_were_heard_has_not_come_back(notices: list[tuple[str, str]], is_back: bool) -> None:
    talk = make_conversation()
    mail = make_outgoing(
        by=make_person(), message=make_message(conversation=talk), last_error=CAME_BACK, bounced_at=timezone.now(), bounce_is_hard=False
    )
    for subject, text in notices:
        make_message(text, conversation=talk, kind="bounce", subject=subject, bounce_is_hard=False)
    import_module("inbox.migrations.0029_old_delays").tell_delays(apps, None)
    mail = OutgoingMail.objects.get(pk=mail.pk)
    assert (mail.bounced_at is not None, mail.last_error.startswith("It came back")) == (is_back, is_back)
