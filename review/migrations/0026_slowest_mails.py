from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

SLOW = (
    ("outcome_slow_response", "-first_response_seconds", models.Q(responded__gt=0)),
    ("outcome_slow_resolution", "-resolution_seconds", models.Q(resolved__gt=0)),
    ("outcome_slow_review", "-review_seconds", models.Q(reviews__gt=0)),
)


class Migration(migrations.Migration):
    """The mails that took longest are found along an index."""

    atomic = False
    dependencies = [("review", "0025_large_sums")]

    operations = [
        AddIndexConcurrently("outcome", models.Index(fields=[column, "-message"], name=name, condition=condition))
        for name, column, condition in SLOW
    ]
