from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Mails that were cancelled are few, and asked for by themselves."""

    atomic = False
    dependencies = [("inbox", "0018_grants")]

    operations = [
        AddIndexConcurrently(
            "outgoingmail",
            models.Index(fields=["-created_at"], name="outgoing_cancelled", condition=models.Q(state="cancelled")),
        ),
    ]
