from django.db import migrations, models


class Migration(migrations.Migration):
    """Connectors and their lookups keep versions too. Their first change keeps how they were."""

    dependencies = [
        ("drafting", "0009_table_imports"),
    ]

    operations = [
        migrations.AlterField(
            model_name="version",
            name="kind",
            field=models.CharField(
                choices=[
                    ("article", "Article"),
                    ("template", "Template"),
                    ("rule", "Rule"),
                    ("guidance", "Guidance"),
                    ("connector", "Connector"),
                    ("lookup", "Lookup"),
                ],
                max_length=12,
            ),
        ),
    ]
