import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('drafting', '0005_knowledge_versions_and_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='category_setup',
            field=models.ForeignKey(help_text='What chose the category: the default setup.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='drafting.setup'),
        ),
        migrations.AddField(
            model_name='draft',
            name='note',
            field=models.TextField(blank=True, help_text='Why there is a new draft, for people; no model reads it.'),
        ),
        migrations.AddField(
            model_name='draft',
            name='rung_at',
            field=models.DateTimeField(help_text='When a worker was last told that the draft is due.', null=True),
        ),
    ]
