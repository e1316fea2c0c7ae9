"""The ledger: which drafts would have left by themselves, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from drafting.models import Draft
from inbox.models import Message
from review.models.automation import Attempt
from review.models.decisions import Decision


class LedgerEntry(models.Model):
    """One eligible draft of an attempt, in order of arrival. `ledger/` alone writes it.

    `route` says whether it left by itself or a person saw it first, `why` for what reason. `unsafe` is what the newest verdict says (null
    while there is none), `counts` whether the proof takes notice of it. What is said of a draft that left by itself never counts.
    `opened_at` is when somebody first opened it to decide: who read it and left it may have found it hard (`claims` notes that). Its place
    never changes, and its route only where it was held back; the draft may be forgotten when a person's data is erased.
    """

    class Route(models.TextChoices):
        PERSON = "person", "To a person"
        AUTO = "auto", "Sent automatically"

    class Why(models.TextChoices):
        COLLECTING = "collecting", "Not unlocked yet"
        SUSPENDED = "suspended", "Auto-send was suspended"
        RAMP = "ramp", "The rest beside the ramp"
        AUDIT = "audit", "Audit hold"
        HOURS = "hours", "Outside the hours of auto-send"
        CAP = "cap", "A cap was reached"
        MODEL = "model", "The model was not confirmed lately"
        STOPPED = "stopped", "All auto-send was stopped"
        HELD_BACK = "held_back", "Held back before it left"
        PERSON_FIRST = "person_first", "A person was on it first"
        CHOSEN = "chosen", "Chosen to leave by itself"

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="entries")
    draft = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, related_name="ledger_entry")
    position = models.PositiveIntegerField()
    route = models.CharField(max_length=6, choices=Route, default=Route.PERSON)
    why = models.CharField(max_length=12, choices=Why)
    unsafe = models.BooleanField(null=True)
    counts = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="ledger_position"),
            models.CheckConstraint(name="ledger_route_known", condition=Q(route__in=["person", "auto"])),
            models.CheckConstraint(
                name="ledger_verdict_has_time", condition=Q(settled_at__isnull=False) | Q(unsafe__isnull=True, counts=True)
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="ledger_open", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["attempt", "-at"], name="ledger_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.attempt_id}"


class Verdict(models.Model):
    """What was found out about a draft of the ledger, and by whom. Append-only; of several the newest counts.

    `seconds` is how long the reviewer had it open.
    """

    class Reason(models.TextChoices):
        APPROVED = "approved", "Approved unedited"
        WORDING = "wording", "Edited in wording only"
        EDITED = "edited", "Edited in what matters"
        REJECTED = "rejected", "Rejected"
        TAKEN_OVER = "taken_over", "Taken over"
        NO_REPLY = "no_reply", "No reply was needed"
        MISSING = "missing", "No verdict within 7 days"
        TOO_FAST = "too_fast", "Approved faster than it can be read"
        OVERTAKEN = "overtaken", "The customer wrote again before anybody looked"
        CHANGED = "changed", "Facts changed before it left"
        SECOND_LOOK = "second_look", "A second reviewer found it unsafe"
        FLAGGED = "flagged", "Flagged later"
        CLEARED = "cleared", "A flag was found mistaken"
        SENT = "sent", "Left by itself"

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="verdicts")
    unsafe = models.BooleanField(null=True)
    counts = models.BooleanField()
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True, related_name="verdicts")
    seconds = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["entry", "-id"], name="verdict_newest"),
            models.Index(fields=["by", "-at"], name="verdict_by_person"),
            models.Index(fields=["at"], name="verdict_flips", condition=Q(reason__in=["flagged", "second_look"])),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class EvidencePoint(models.Model):
    """How far the proof had grown at a time, for the chart: the settled counts of the attempt. Append-only, thinned as it grows."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="points")
    n = models.PositiveIntegerField()
    k = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["attempt", "id"], name="evidence_point_in_order")]

    def __str__(self) -> str:
        return f"{self.k} of {self.n}"


class Flag(models.Model):
    """Something that came out about a reply after it was decided: a customer complains, it went to the wrong person …

    `by` is empty where code found it, in `message`. Who finds it mistaken clears it; it stays on record. `ledger/flags.py` alone writes it.
    """

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "The customer complains about it"
        WRONG_FACT = "wrong_fact", "It said something wrong"
        LEAK = "leak", "It showed somebody else's data"
        RECIPIENT = "recipient", "It went to the wrong person"
        PROMISE = "promise", "It promised what we cannot keep"
        REOPENED = "reopened", "It did not settle the matter"

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="late_flags")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "kind"], condition=Q(cleared_at__isnull=True), name="flag_once_per_kind"),
            models.CheckConstraint(
                name="flag_cleared_by_a_person",
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True) | Q(cleared_at__isnull=False, cleared_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="flag_newest")]

    def __str__(self) -> str:
        return self.get_kind_display()
