import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """What is done to mails on their server once they are stored: nothing, in mailboxes that are here already."""

    dependencies = [("inbox", "0026_attachment_text")]

    operations = [
        migrations.AddField(
            "mailbox",
            "after_storing",
            models.CharField(
                choices=[
                    ("nothing", "Nothing: leave it as it is"),
                    ("seen", "Mark it as seen"),
                    ("move", "Move it to another folder"),
                ],
                db_default="nothing",
                default="nothing",
                max_length=10,
            ),
        ),
        migrations.AddField("mailbox", "after_storing_folder", models.CharField(blank=True, db_default="", default="", max_length=200)),
        migrations.AddField(
            "mailbox",
            "after_storing_since",
            models.DateTimeField(db_default=Now(), default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField("mailbox", "after_storing_error", models.TextField(blank=True, db_default="", default="", editable=False)),
        migrations.AddField("mailbox", "tidied_uidvalidity", models.BigIntegerField(db_default=0, default=0, editable=False)),
        migrations.AddField("mailbox", "tidied_uid", models.BigIntegerField(db_default=0, default=0, editable=False)),
        migrations.AddField(
            "mailbox", "tidy_due_at", models.DateTimeField(db_default=Now(), default=django.utils.timezone.now, editable=False)
        ),
        migrations.AddConstraint(
            "mailbox",
            models.CheckConstraint(
                condition=~Q(after_storing="move") | ~Q(after_storing_folder=""),
                name="mailbox_moves_somewhere",
            ),
        ),
    ]
