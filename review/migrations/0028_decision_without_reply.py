from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

HALF_BUILT = "DROP INDEX CONCURRENTLY IF EXISTS decision_without_reply"


class Migration(migrations.Migration):
    """What was taken over and waits for a reply lies in an index as in its table: else a reading of all that was decided looks cheaper."""

    atomic = False
    dependencies = [("review", "0027_bounced_automation")]

    operations = [
        migrations.RunSQL(HALF_BUILT, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "decision",
            models.Index(
                fields=["decided_at"],
                name="decision_without_reply",
                condition=models.Q(kind="taken_over", outgoing__isnull=True, undone_at__isnull=True),
            ),
        ),
        RemoveIndexConcurrently("decision", "decision_reply_missing"),
    ]
