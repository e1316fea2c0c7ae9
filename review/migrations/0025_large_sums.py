from django.db import migrations, models

TOKENS = ("prompt_tokens", "completion_tokens")
RESOLVED = "Of a conversation that it opened: every mail in it that needed a reply had one."


class Migration(migrations.Migration):
    """Sums of tokens outgrow four bytes; a conversation that cannot be counted waits by itself."""

    dependencies = [("review", "0024_after_a_suspension")]

    operations = [
        *(migrations.AlterField(model, name, models.BigIntegerField(default=0)) for model in ("outcome", "tally") for name in TOKENS),
        *(migrations.AlterField(model, "resolved", models.IntegerField(default=0, help_text=RESOLVED)) for model in ("outcome", "tally")),
        migrations.AddField("touched", "aside_until", models.DateTimeField(null=True)),
    ]
