"""Drafts with their evidence, checks and the record of how they came about."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from drafting.models.knowledge import Category
from drafting.models.setups import Setup
from drafting.models.tables import Customer
from inbox.models import Conversation, Erasable, Message


class HandOverReason(models.TextChoices):
    """Why the assistant gave up. The person reads `hand_over_words` beside it."""

    UNSURE = "unsure", "Not sure what is asked"
    MISSING_FACT = "missing_fact", "A fact is missing"
    NOT_ALLOWED = "not_allowed", "Not allowed to decide this"
    SENSITIVE = "sensitive", "Needs a human touch"
    RULE = "rule", "A rule says so"
    UNREADABLE = "unreadable", "The mail could not be read"
    LED_BY_PERSON = "led_by_person", "A person leads this conversation"
    MODEL_UNUSABLE = "model_unusable", "The model gave no usable answer"
    BUDGET = "budget", "Took too many steps"
    TOO_LONG = "too_long", "The mail is too long for the model"


class Draft(Erasable):
    """The assistant's proposed reply to one inbound message, or its hand-over. `drafting/drafts.py` alone changes `state`.

    `asks` is a list of {"ask": str, "answered": bool}. `atoms` is a list of {"kind", "text", "start", "end", "traced": bool, "source": str}
    with offsets into `body` in characters; `source` is "evidence:<id>", "mail", "template:<id>" or "". `facts` are what the rules saw:
    sets of facts by name before and after the draft was written, as `fact_values.recorded` makes them and `fact_values.again` reads them.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        WRITING = "writing", "Being written"
        READY = "ready", "Ready"
        HANDED_OVER = "handed_over", "Handed over"
        DECIDED = "decided", "Decided"
        SUPERSEDED = "superseded", "Superseded"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="drafts")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, null=True, related_name="drafts")
    category_setup = models.ForeignKey(
        Setup, on_delete=models.PROTECT, null=True, related_name="+", help_text="What chose the category: the default setup."
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="drafts")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    redraft_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="redrafts")
    instruction = models.TextField(blank=True, help_text="What the reviewer asked for when rejecting the draft before.")
    note = models.TextField(blank=True, help_text="Why there is a new draft, for people; no model reads it.")

    language = models.CharField(max_length=8, blank=True)
    body = models.TextField(blank=True)
    asks = models.JSONField(default=list)
    atoms = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    is_eligible = models.BooleanField(default=False, help_text="Every check of the gate passed.")
    hand_over_reason = models.CharField(max_length=20, choices=HandOverReason, blank=True)
    hand_over_words = models.TextField(blank=True)

    due_at = models.DateTimeField(default=timezone.now, help_text="When the next try may begin.")
    rung_at = models.DateTimeField(null=True, help_text="When a worker was last told that the draft is due.")
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, help_text="Why the draft waits, in words.")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="When it became ready or was handed over.")
    announced_at = models.DateTimeField(null=True, help_text="Empty until the layer above has told other systems; it sweeps for such rows.")
    routed_at = models.DateTimeField(
        null=True,
        help_text="Of an eligible draft: empty until the layer above has seen whether it needs a person; it sweeps for such rows.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message"], condition=Q(state__in=["queued", "writing", "ready", "handed_over"]), name="draft_one_live_per_message"
            ),
            models.CheckConstraint(
                name="draft_state_known", condition=Q(state__in=["queued", "writing", "ready", "handed_over", "decided", "superseded"])
            ),
            models.CheckConstraint(name="draft_writing_has_lease", condition=~Q(state="writing") | Q(lease_until__isnull=False)),
            models.CheckConstraint(name="draft_hand_over_has_reason", condition=~Q(state="handed_over") | ~Q(hand_over_reason="")),
            models.CheckConstraint(
                name="draft_ready_has_body_and_setup", condition=~Q(state="ready") | (~Q(body="") & Q(setup__isnull=False))
            ),
            models.CheckConstraint(name="draft_eligible_is_no_hand_over", condition=Q(is_eligible=False) | Q(hand_over_reason="")),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="draft_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="draft_leased", condition=Q(state="writing")),
            models.Index(
                fields=["created_at", "id"], name="draft_waiting", condition=Q(state__in=["queued", "writing", "ready", "handed_over"])
            ),
            models.Index(fields=["conversation", "created_at"], name="draft_in_conversation"),
            models.Index(fields=["id"], name="draft_to_announce", condition=Q(announced_at__isnull=True, finished_at__isnull=False)),
            models.Index(fields=["id"], name="draft_to_route", condition=Q(is_eligible=True, routed_at__isnull=True)),
            models.Index(fields=["category", "-id"], name="draft_decided_newest", condition=Q(state="decided", hand_over_reason="")),
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class Evidence(Erasable):
    """What a lookup returned, kept with the draft. Append-only, until it is erased.

    `question` and `answer` are JSON: the named arguments, and what came back (an object or a list of objects; empty when nothing did).
    """

    class Outcome(models.TextChoices):
        FOUND = "found", "Found"
        NOT_FOUND = "not_found", "Not found"
        UNAVAILABLE = "unavailable", "Not reachable"
        REFUSED = "refused", "Refused"

    class AskedBy(models.TextChoices):
        CODE = "code", "Looked up in advance"
        MODEL = "model", "Asked by the assistant"

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    tool = models.CharField(max_length=40)
    source = models.CharField(max_length=80, help_text="Which system answered, in words.")
    question = models.JSONField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    answer = models.JSONField(null=True)
    asked_by = models.CharField(max_length=5, choices=AskedBy)
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="evidence_position")]
        indexes = [
            GinIndex(OpClass(F("answer"), "jsonb_path_ops"), name="evidence_of_knowledge", condition=Q(tool__in=["articles", "templates"])),
        ]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.tool} for draft {self.draft_id}"


class CheckResult(models.Model):
    """How one check of the gate went for a draft, with the reason in words. Append-only."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    passed = models.BooleanField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "code"], name="check_once_per_draft")]

    def __str__(self) -> str:
        return f"{self.code}: {'passed' if self.passed else 'failed'}"


class ModelCall(Erasable):
    """One request to the model and what came back: the audit trail, and the input of replay. Append-only, until it is erased."""

    class Purpose(models.TextChoices):
        CATEGORY = "category", "Choose the category"
        DRAFT = "draft", "Look up or draft"
        REPAIR = "repair", "Repair an unusable answer"
        GUARD = "guard", "Ask the guard model"

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="model_calls")
    position = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=8, choices=Purpose)
    request = models.JSONField()
    response = models.TextField(blank=True)
    error = models.TextField(blank=True)
    finish_reason = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField()
    prompt_tokens = models.PositiveIntegerField(null=True)
    completion_tokens = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="model_call_position")]

    def __str__(self) -> str:
        return f"Call {self.position} of draft {self.draft_id}"
