from django.db import migrations, models


class Migration(migrations.Migration):
    """A delay is no bounce: nothing has come back."""

    dependencies = [("inbox", "0022_bounced")]

    operations = [
        migrations.AddField(
            "message",
            "bounce_is_delay",
            models.BooleanField(db_default=False, default=False, help_text="Whether nothing has come back: the server goes on trying."),
        ),
    ]
