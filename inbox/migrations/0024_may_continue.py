import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A customer who may have written from a second address. The index comes by itself (0028), so that no reader waits for it."""

    dependencies = [("inbox", "0023_delays")]

    operations = [
        migrations.AddField(
            "conversation",
            "may_continue",
            models.ForeignKey(
                "inbox.conversation",
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="offers",
            ),
        ),
    ]
