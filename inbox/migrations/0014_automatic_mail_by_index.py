from django.db import migrations, models


class Migration(migrations.Migration):
    """How many mails left by themselves lately is asked before each that would."""

    dependencies = [("inbox", "0013_automatic_mail")]

    operations = [
        migrations.AddIndex(
            "outgoingmail",
            models.Index(fields=["mailbox", "-created_at"], name="outgoing_automatic", condition=models.Q(is_automatic=True)),
        ),
    ]
