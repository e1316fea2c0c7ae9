from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction

AT_ONCE = 20_000
DECISIONS = """
UPDATE review_decision AS decision SET mailbox_id = talk.mailbox_id
  FROM drafting_draft AS draft JOIN inbox_conversation AS talk ON talk.id = draft.conversation_id
 WHERE draft.id = decision.draft_id AND decision.mailbox_id IS NULL AND decision.id BETWEEN %s AND %s
"""
ENTRIES = """
UPDATE review_logentry AS entry SET mailbox_id = talk.mailbox_id
  FROM inbox_conversation AS talk
 WHERE talk.id = entry.conversation_id AND entry.mailbox_id IS NULL AND entry.id BETWEEN %s AND %s
"""


def fill(apps, schema_editor):
    """Some rows at a time, so that nobody waits for all of them; begun again, it goes on where it was."""
    connection = schema_editor.connection
    for table, statement in (("review_decision", DECISIONS), ("review_logentry", ENTRIES)):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(id), max(id) FROM {table}")
            first, last = cursor.fetchone()
        for start in range(first or 0, (last or -1) + 1, AT_ONCE):
            with transaction.atomic(), connection.cursor() as cursor:
                # Entries of the audit log may be changed by nothing else (migration 0006).
                cursor.execute("SELECT set_config('countersign.erasing', 'on', true)")
                cursor.execute(statement, [start, start + AT_ONCE - 1])


class Migration(migrations.Migration):
    """The mailboxes of decisions and entries that are there already, and the indexes that they are for."""

    atomic = False
    dependencies = [("review", "0022_decisions_by_mailbox")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently("decision", models.Index(fields=["mailbox", "-decided_at"], name="decision_of_mailbox")),
        AddIndexConcurrently("logentry", models.Index(fields=["mailbox", "-at"], name="log_of_mailbox")),
    ]
