from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0020_privacy'),
    ]

    operations = [
        migrations.AddField(
            model_name='weeklyreport',
            name='desk',
            field=models.URLField(blank=True, default=''),
        ),
    ]
