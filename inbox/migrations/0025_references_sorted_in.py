import django.contrib.postgres.indexes
from django.db import migrations

SORT_IN = "SELECT gin_clean_pending_list('message_by_references')"
SORT_IN_AT_ONCE = "ALTER INDEX message_by_references SET (fastupdate = off)"


class Migration(migrations.Migration):
    """The references of a mail are sorted into their index at once.

    The long part, the sorting, comes before and after the change of the setting, which keeps every reader and writer of messages waiting
    until it is committed, and from when it waits for its turn itself: behind a long query it gives up, and can be run again.
    """

    atomic = False
    dependencies = [("inbox", "0024_may_continue")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("message", "message_by_references"),
                migrations.AddIndex(
                    "message",
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["references"], name="message_by_references"),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    [SORT_IN, "SET lock_timeout = '5s'", SORT_IN_AT_ONCE, "RESET lock_timeout", SORT_IN],
                    "ALTER INDEX message_by_references RESET (fastupdate)",
                ),
            ],
        ),
    ]
