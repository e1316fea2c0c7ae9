from django.db import migrations, models


class Migration(migrations.Migration):
    """When a draft of the ledger was first opened."""

    dependencies = [("review", "0011_auto_send_without_detours")]

    operations = [migrations.AddField("ledgerentry", "opened_at", models.DateTimeField(null=True))]
