from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which conversations may continue one is found by an index, built while mails come in. Can be run again after it failed."""

    atomic = False
    dependencies = [("inbox", "0027_after_storing")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS conversation_may_continue", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "conversation",
            models.Index(fields=["may_continue"], name="conversation_may_continue", condition=models.Q(may_continue__isnull=False)),
        ),
    ]
