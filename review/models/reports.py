"""What reports take for granted, and who gets them by mail."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from drafting.models import Setup


class TokenPrice(models.Model):
    """What a setup's tokens cost, for a million of them. Append-only; the newest counts, for all of the past too."""

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="prices")
    per_million_prompt = models.DecimalField(max_digits=10, decimal_places=4, validators=[MinValueValidator(0)])
    per_million_completion = models.DecimalField(max_digits=10, decimal_places=4, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3, default="EUR")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="token_price_not_negative", condition=Q(per_million_prompt__gte=0, per_million_completion__gte=0))
        ]
        indexes = [models.Index(fields=["setup", "-id"], name="token_price_newest")]

    def __str__(self) -> str:
        return f"Price of {self.setup}"


class Assumption(models.Model):
    """What the hours saved rest on: how long a reply takes that a person writes by hand. Append-only; the newest counts."""

    minutes_by_hand = models.FloatField(default=6, validators=[MinValueValidator(0.1), MaxValueValidator(240)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="assumption_in_bounds", condition=Q(minutes_by_hand__gte=0.1, minutes_by_hand__lte=240))]

    def __str__(self) -> str:
        return f"{self.minutes_by_hand:g} minutes by hand"


class WeeklyReport(models.Model):
    """A manager who gets the report by mail every week, on `weekday` (Monday is 0), of the seven days before.

    `token` is in the link that ends it without signing in. `sent_for` is the day up to which one was sent or given up. `desk` is where they
    asked for it: the beginning of the addresses in the mail, as https://desk.company.example.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_report")
    weekday = models.PositiveSmallIntegerField(default=0)
    token = models.CharField(max_length=64, unique=True)
    sent_for = models.DateField(null=True)
    desk = models.URLField(blank=True, default="")
    problem = models.TextField(blank=True, help_text="Why the last one could not be sent, in words.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="weekly_report_weekday_known", condition=Q(weekday__lte=6))]

    def __str__(self) -> str:
        return f"Weekly report for {self.person}"
