import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What an erasure looks mails up by, built while mails come in and go out."""

    atomic = False
    dependencies = [("inbox", "0019_outgoing_cancelled")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(django.db.models.functions.text.Lower("from_address"), name="message_by_sender"),
        ),
        AddIndexConcurrently(
            "message",
            django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("kind", "bounce")), fields=["bounce_recipients"], name="message_by_bounced"
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                condition=models.Q(("erased_at__isnull", False), ("raw_erased_at__isnull", True)),
                fields=["id"],
                name="message_raw_to_erase",
            ),
        ),
        AddIndexConcurrently(
            "outgoingmail",
            models.Index(django.db.models.functions.text.Lower("recipient"), name="outgoing_by_recipient"),
        ),
    ]
