"""Doorways for the workers. Each is safe to enter twice, or by two at once."""

from celery import shared_task

from inbox import attachment_text, conversations, filing, ingest, outbox, tidying, tracing
from inbox.models import Mailbox, Message


@shared_task
def fetch_due_mailboxes() -> None:
    """Sweep: ring for every mailbox that is due."""
    for pk in ingest.due_mailboxes():
        fetch_mailbox.delay(pk)


@shared_task
def fetch_mailbox(pk: int) -> None:
    """Fetch one mailbox."""
    ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=pk))


@shared_task
def tidy_due_mailboxes() -> None:
    """Sweep: ring for every mailbox whose stored mails are to be marked or moved on their server, until somebody hears it."""
    for pk in tidying.due_mailboxes():
        tidy_mailbox.apply_async((pk,), expires=30)


@shared_task
def tidy_mailbox(pk: int) -> None:
    """Mark or move what is stored of one mailbox."""
    tidying.tidy_mailbox(mailbox_id=pk)


@shared_task
def parse_waiting_messages() -> None:
    """Sweep: ring again for every message that nobody has read."""
    for pk in ingest.waiting_messages():
        parse_message.delay(pk)


@shared_task
def parse_message(pk: int) -> None:
    """Read one message."""
    ingest.read_message(message=Message.objects.only("raw_sha256").get(pk=pk))


@shared_task
def read_waiting_attachments() -> None:
    """Sweep: ring for attachments whose text is to be read."""
    for pk in attachment_text.waiting():
        read_attachment.delay(pk)


@shared_task
def read_attachment(pk: int) -> None:
    """Read the text of one attachment."""
    attachment_text.read(attachment_id=pk)


@shared_task
def send_due_mail() -> None:
    """Sweep: ring for every mail that may leave now."""
    for pk in outbox.release_due():
        send_mail.delay(pk)


@shared_task
def send_mail(pk: int) -> None:
    """Send one mail."""
    outbox.send(mail_id=pk)


@shared_task
def file_sent_mail() -> None:
    """Sweep: ring for every sent mail whose copy is not in the Sent folder."""
    for pk in filing.due_mail():
        file_mail.delay(pk)


@shared_task
def file_mail(pk: int) -> None:
    """File the copy of one sent mail."""
    filing.file_mail(mail_id=pk)


@shared_task
def look_for_maybe_sent() -> None:
    """Sweep: ring for every mail that was maybe sent and may lie in the Sent folder."""
    for pk in tracing.due_mail():
        look_for_mail.delay(pk)


@shared_task
def look_for_mail(pk: int) -> None:
    """Look for one mail in the Sent folder."""
    tracing.look_for(mail_id=pk)


@shared_task
def wake_snoozed_conversations() -> None:
    """Sweep: bring back the conversations whose time has come."""
    conversations.wake_due()
