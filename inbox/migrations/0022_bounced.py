from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

COLUMNS = """
    ALTER TABLE inbox_outgoingmail
      ADD COLUMN IF NOT EXISTS bounced_at timestamp with time zone NULL,
      ADD COLUMN IF NOT EXISTS bounce_is_hard boolean NULL
"""
NO_COLUMNS = "ALTER TABLE inbox_outgoingmail DROP COLUMN bounced_at, DROP COLUMN bounce_is_hard"
BOUNCED = """
    UPDATE inbox_outgoingmail
       SET bounced_at = coalesce(sent_at, created_at),
           bounce_is_hard = CASE WHEN last_error LIKE '% for good.' THEN true WHEN last_error LIKE '% for now.' THEN false END
     WHERE last_error LIKE 'It came back%'
"""
HALF_BUILT = "DROP INDEX CONCURRENTLY IF EXISTS outgoing_bounced"


class Migration(migrations.Migration):
    """That a mail came back is a fact of its own, not words in its last error; the index is built while mails come and go.

    Can be run again after it failed.
    """

    atomic = False
    dependencies = [("inbox", "0021_named")]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            NO_COLUMNS,
            state_operations=[
                migrations.AddField("outgoingmail", "bounced_at", models.DateTimeField(null=True)),
                migrations.AddField("outgoingmail", "bounce_is_hard", models.BooleanField(null=True)),
            ],
        ),
        migrations.RunSQL(BOUNCED, migrations.RunSQL.noop),
        migrations.RunSQL(HALF_BUILT, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "outgoingmail",
            models.Index(fields=["bounced_at"], name="outgoing_bounced", condition=models.Q(bounced_at__isnull=False)),
        ),
    ]
