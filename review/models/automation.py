"""Earned auto-send: what a category must prove, how far it has come, and what stands against it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from drafting.models import Category, Setup

STRICT_EPSILON = 0.02
STRICT_ALPHA = 0.05
STRICT_RAMP_SENDS = 100
"""An admin alone may ask for this or for more; who asks for less needs a second admin."""
LEAST_AUDIT_SHARE = 0.05
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


def every_day() -> list[int]:
    """All days of the week, Monday as 0."""
    return list(EVERY_DAY)


class Terms(models.Model):
    """What a category must prove before replies leave by themselves, and within which limits they do then. Append-only but for the
    second admin's word; of those in force the newest counts, and a category without any is review only.

    `epsilon` is the largest acceptable share of unsafe replies, 1 - `alpha` the certainty asked for. `audit_share` of the unlocked drafts
    still goes to a person before it leaves, for ever. `ramp_sends` are the mails sent at 10 %, and again at 50 %, before all leave.
    Hours and `weekdays` (Monday is 0) are those of the installation's time zone; without hours any time of the day is right, and hours
    over midnight are those of the day on which they begin.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="terms")
    is_collecting = models.BooleanField(
        default=True, help_text="Whether verdicts are counted at all; without, the category is review only."
    )
    epsilon = models.FloatField(default=STRICT_EPSILON, validators=[MinValueValidator(0.001), MaxValueValidator(0.2)])
    alpha = models.FloatField(default=STRICT_ALPHA, validators=[MinValueValidator(0.001), MaxValueValidator(0.2)])
    audit_share = models.FloatField(default=LEAST_AUDIT_SHARE, validators=[MinValueValidator(LEAST_AUDIT_SHARE), MaxValueValidator(1)])
    ramp_sends = models.PositiveIntegerField(default=STRICT_RAMP_SENDS, validators=[MinValueValidator(20), MaxValueValidator(10_000)])
    daily_cap = models.PositiveIntegerField(default=200, validators=[MinValueValidator(1)])
    from_hour = models.TimeField(null=True, blank=True)
    until_hour = models.TimeField(null=True, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=every_day)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(
        null=True, help_text="Empty while a second admin has not confirmed what is looser than 2 %, 95 % and 100 mails."
    )
    withdrawn_at = models.DateTimeField(null=True, help_text="When an admin said no to what waited for confirmation.")

    class Meta:
        verbose_name_plural = "terms"
        constraints = [
            models.CheckConstraint(
                name="terms_in_bounds",
                condition=Q(epsilon__gte=0.001, epsilon__lte=0.2, alpha__gte=0.001, alpha__lte=0.2, ramp_sends__gte=20),
            ),
            models.CheckConstraint(
                name="terms_audit_for_ever", condition=Q(audit_share__gte=LEAST_AUDIT_SHARE, audit_share__lte=1, daily_cap__gte=1)
            ),
            models.CheckConstraint(
                name="terms_loose_need_two",
                condition=Q(in_force_at__isnull=True)
                | Q(epsilon__lte=STRICT_EPSILON, alpha__lte=STRICT_ALPHA, ramp_sends__gte=STRICT_RAMP_SENDS)
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("by"))),
            ),
            models.CheckConstraint(
                name="terms_hours_are_two",
                condition=Q(from_hour__isnull=True, until_hour__isnull=True) | Q(from_hour__isnull=False, until_hour__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["category", "-id"], name="terms_newest")]

    def __str__(self) -> str:
        return f"Terms of {self.category}"


class Attempt(models.Model):
    """One attempt of a category to earn auto-send under one setup: how many verdicts count, and how far it has come.

    `setup` writes the drafts, `chooser` chose the category; evidence holds for these two alone. `number` counts the attempts of the
    category within 12 months that could have unlocked it, this one included: the threshold grows with it.

    The verdicts up to position `settled_to` are all known: of those that count, `n` in all, `k` were unsafe. `drift` holds the detector's
    S for each of its alternatives, `step_sends` the mails sent in the present step of the ramp. `reviewers` says of how many
    verdicts each person's decision was the source, by the person's id (as JSON has it: a string). Every verdict up to the one with the id
    `weighed_to` has had its effect on the state. `flagged` are the ids of the flags by which people suspended it, since it was last
    unlocked. `autosend/` alone changes `state`, `ledger/` alone the counts.
    """

    class State(models.TextChoices):
        COLLECTING = "collecting", "Collecting"
        READY = "ready", "Ready to unlock"
        RAMP_10 = "ramp_10", "Ramp 10 %"
        RAMP_50 = "ramp_50", "Ramp 50 %"
        AUTO = "auto", "Auto-send"
        SUSPENDED = "suspended", "Suspended"
        ENDED = "ended", "Ended"

    class Cause(models.TextChoices):
        DRIFT = "drift", "More unsafe drafts than were proven"
        PROOF = "proof", "The proof does not stand any more"
        LEAK = "leak", "A reply showed somebody else's data"
        RECIPIENT = "recipient", "A reply went to the wrong person"
        PROMISE = "promise", "A reply promised what no rule allows"
        SETUP = "setup", "The setup changed"
        MODEL = "model", "Another model answers than the pinned one"
        CAP = "cap", "The daily cap was reached"
        PERSON = "person", "A person suspended it"
        STOPPED = "stopped", "An admin stopped collecting"
        AGAIN = "again", "It is earned again from the start"

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="attempts")
    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="attempts")
    chooser = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.COLLECTING)
    cause = models.CharField(max_length=10, choices=Cause, blank=True, help_text="Why it is suspended, or why it ended.")
    n = models.PositiveIntegerField(default=0)
    k = models.PositiveIntegerField(default=0)
    settled_to = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0, help_text="The position of the newest draft in the ledger.")
    drift = ArrayField(models.FloatField(), default=list)
    step_sends = models.PositiveIntegerField(default=0)
    reviewers = models.JSONField(default=dict)
    weighed_to = models.PositiveBigIntegerField(default=0)
    flagged = ArrayField(models.BigIntegerField(), default=list)
    unlocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    unlocked_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "setup", "chooser"], condition=Q(ended_at__isnull=True), name="attempt_one_at_a_time"
            ),
            models.CheckConstraint(
                name="attempt_state_known",
                condition=Q(state__in=["collecting", "ready", "ramp_10", "ramp_50", "auto", "suspended", "ended"]),
            ),
            models.CheckConstraint(
                name="attempt_unlocked_by_a_person",
                condition=~Q(state__in=["ramp_10", "ramp_50", "auto"]) | Q(unlocked_by__isnull=False, unlocked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_over_once_ended",
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="attempt_cause_where_it_stopped",
                condition=Q(state__in=["suspended", "ended"]) & ~Q(cause="") | ~Q(state__in=["suspended", "ended"]) & Q(cause=""),
            ),
            models.CheckConstraint(
                name="attempt_counts_add_up", condition=Q(k__lte=F("n"), n__lte=F("settled_to"), settled_to__lte=F("entered"))
            ),
        ]
        indexes = [
            models.Index(fields=["category", "-id"], name="attempt_newest"),
            models.Index(fields=["id"], name="attempt_unlocked", condition=Q(state__in=["ramp_10", "ramp_50", "auto"])),
        ]

    def __str__(self) -> str:
        return f"{self.category} under {self.setup}"

    @property
    def is_unlocked(self) -> bool:
        """Whether replies may leave by themselves as far as the attempt goes."""
        return self.state in UNLOCKED


UNLOCKED = (Attempt.State.RAMP_10, Attempt.State.RAMP_50, Attempt.State.AUTO)


class Transition(models.Model):
    """One step of an attempt from a state to another. Append-only; `by` is empty where the product took the step itself."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="transitions")
    before = models.CharField(max_length=10, choices=Attempt.State, blank=True)
    after = models.CharField(max_length=10, choices=Attempt.State)
    cause = models.CharField(max_length=10, choices=Attempt.Cause, blank=True)
    words = models.TextField(blank=True)
    n = models.PositiveIntegerField(help_text="Verdicts that counted then.")
    k = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["attempt", "id"], name="transition_in_order")]

    def __str__(self) -> str:
        return f"{self.before or 'begun'} → {self.after}"


class Switch(models.Model):
    """The switch that stops all auto-send: one row, which everything that sends alone locks first."""

    stopped_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "switch"
        constraints = [models.CheckConstraint(name="switch_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return "stopped" if self.stopped_at else "on"
