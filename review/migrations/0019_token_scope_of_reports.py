import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0018_next_nine'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apitoken',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('conversations:read', 'Read conversations and messages'), ('drafts:read', 'Read drafts with evidence and checks'), ('decisions:read', 'Read decisions'), ('reports:read', 'Read the figures of the report'), ('messages:create', 'Create inbound messages')], max_length=30), size=None),
        ),
    ]
