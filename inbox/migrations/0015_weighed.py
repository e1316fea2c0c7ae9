from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


class Migration(migrations.Migration):
    """Whether a person complains in a mail; what came before is not looked at."""

    dependencies = [("inbox", "0014_automatic_mail_by_index")]

    operations = [
        # The default of the moment writes no row anew, however many there are.
        migrations.AddField("message", "weighed_at", models.DateTimeField(null=True, default=timezone.now)),
        migrations.AlterField("message", "weighed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["id"], name="message_to_weigh", condition=Q(weighed_at__isnull=True, kind="person") & ~Q(state="received")
            ),
        ),
    ]
