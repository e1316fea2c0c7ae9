"""What was erased stays as a row without its content, so that counts, states and times still add up."""

from django.db import models


class Erasable(models.Model):
    """A row whose content may go. `erased_at` is when it did, `erased_for` why; both are empty while it is there."""

    class For(models.TextChoices):
        PERSON = "person", "On request of the person"
        RULE = "rule", "By the retention rule"

    erased_at = models.DateTimeField(null=True, editable=False)
    erased_for = models.CharField(max_length=6, choices=For, blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True
