from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What is written in attachments; those that are here already are not read again."""

    dependencies = [("inbox", "0025_references_sorted_in")]

    operations = [
        migrations.AddField(
            "attachment",
            "text",
            models.TextField(blank=True, db_default="", default="", help_text="What is written in it, or the start of that."),
        ),
        migrations.AddField(
            "attachment",
            "text_state",
            models.CharField(
                blank=True,
                choices=[
                    ("", "Not looked for"),
                    ("waiting", "Its text is being read"),
                    ("whole", "Its text was read"),
                    ("start", "The start of its text was read"),
                    ("empty", "There is no text in it"),
                    ("encrypted", "It is encrypted, so its text was not read"),
                    ("too_large", "It is too large for its text to be read"),
                    ("too_slow", "Reading its text took too long"),
                    ("damaged", "It is damaged, so its text was not read"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "attachment",
            "text_due_at",
            models.DateTimeField(editable=False, help_text="When to ring again for one that is waiting.", null=True),
        ),
        migrations.AddField("attachment", "text_attempts", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
        migrations.AddIndex(
            "attachment", models.Index(condition=Q(text_state="waiting"), fields=["text_due_at"], name="attachment_text_to_read")
        ),
        migrations.AddConstraint(
            "attachment",
            models.CheckConstraint(condition=~Q(text_state="waiting") | Q(text_due_at__isnull=False), name="attachment_waits_until"),
        ),
    ]
