"""Drafts with their evidence and checks, the setup that writes them, and what the assistant looks things up in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inbox.models import Conversation, Message


class Category(models.Model):
    """The kind of a mail. `description` is what the model chooses by."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField()
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Somebody who buys from the company (built-in table, filled from CSV)."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, blank=True)
    terms = models.CharField(max_length=200, blank=True, help_text="What was agreed with this customer, in words.")

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class CustomerAddress(models.Model):
    """A mail address that a customer writes from; each belongs to one customer only. Stored in lower case."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, unique=True)
    contact = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.address


class Product(models.Model):
    """Something the company sells, with stock and price (built-in table, filled from CSV)."""

    sku = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    stock = models.IntegerField(default=0)
    restock_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class Order(models.Model):
    """What a customer ordered (built-in table, filled from CSV). `total` is in `currency`, freight included."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CONFIRMED = "confirmed", "Confirmed"
        PACKED = "packed", "Packed"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
        BACKORDERED = "backordered", "Waiting for stock"
        CANCELLED = "cancelled", "Cancelled"
        RETURNED = "returned", "Returned"

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=12, choices=Status)
    ordered_on = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    shipped_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    invoice_number = models.CharField(max_length=40, blank=True)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    delivery_address = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-ordered_on"], name="order_of_customer")]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One position of an order; `price` is per piece in the order's currency."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "product"], name="order_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_id}"


class Article(models.Model):
    """A knowledge article: what the company says about something, in one language."""

    slug = models.SlugField(max_length=80)
    language = models.CharField(max_length=8, default="en")
    title = models.CharField(max_length=200)
    body = models.TextField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "language"], name="article_once_per_language")]

    def __str__(self) -> str:
        return self.title


class ReplyTemplate(models.Model):
    """An approved wording for a category and language. The model may use it; people may insert it."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    body = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "language", "name"], name="template_once")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """A business rule that code checks: a CEL expression over facts, and what holds when it is true.

    `text` is what must (not) be said, what the model is told, or the reason that people read, depending on the effect.
    A rule with no categories holds for all.
    """

    class Effect(models.TextChoices):
        NEEDS_PERSON = "needs_person", "Needs a person"
        HAND_OVER = "hand_over", "Hand over"
        MUST_SAY = "must_say", "Must say"
        MUST_NOT_SAY = "must_not_say", "Must not say"
        TELL_MODEL = "tell_model", "Tell the model"

    name = models.CharField(max_length=120, unique=True)
    expression = models.TextField()
    effect = models.CharField(max_length=12, choices=Effect)
    text = models.TextField(blank=True)
    categories = models.ManyToManyField(Category, blank=True, related_name="rules")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rule_effect_known", condition=Q(effect__in=["needs_person", "hand_over", "must_say", "must_not_say", "tell_model"])
            ),
            models.CheckConstraint(name="rule_says_something", condition=Q(effect__in=["needs_person", "hand_over"]) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.name


class Guidance(models.Model):
    """Prose that the model reads before it writes: tone, greetings, what the company stands for."""

    title = models.CharField(max_length=120, unique=True)
    text = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "guidance"

    def __str__(self) -> str:
        return self.title


class Setup(models.Model):
    """The pinned whole that writes drafts, shown as "Setup 14". Rows never change; the fingerprint is the SHA-256 of `parts`.

    `parts` names everything that could change a draft: base URL, model id, sampling, prompt bundle hash, action schema hash, rules and
    guidance hash, gate and parser version … (see `drafting/setups.py`).
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    base_url = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    parts = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Setup {self.pk}"


class SetupActivation(models.Model):
    """A person's act of switching to a setup. Append-only; the newest row says which setup is active."""

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="activations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.setup} since {self.at:%Y-%m-%d %H:%M}"


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


class Draft(models.Model):
    """The assistant's proposed reply to one inbound message, or its hand-over. `drafting/drafts.py` alone changes `state`.

    `asks` is a list of {"ask": str, "answered": bool}. `atoms` is a list of {"kind", "text", "start", "end", "traced": bool, "source": str}
    with offsets into `body` in characters; `source` is "evidence:<id>", "mail", "template:<id>" or "".
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
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="drafts")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    redraft_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="redrafts")
    instruction = models.TextField(blank=True, help_text="What the reviewer asked for when rejecting the draft before.")

    language = models.CharField(max_length=8, blank=True)
    body = models.TextField(blank=True)
    asks = models.JSONField(default=list)
    atoms = models.JSONField(default=list)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    is_eligible = models.BooleanField(default=False, help_text="Every check of the gate passed.")
    hand_over_reason = models.CharField(max_length=20, choices=HandOverReason, blank=True)
    hand_over_words = models.TextField(blank=True)

    due_at = models.DateTimeField(default=timezone.now, help_text="When the next try may begin.")
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, help_text="Why the draft waits, in words.")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="When it became ready or was handed over.")

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
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class Evidence(models.Model):
    """What a lookup returned, kept with the draft. Append-only.

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


class ModelCall(models.Model):
    """One request to the model and what came back: the audit trail, and the input of replay. Append-only."""

    class Purpose(models.TextChoices):
        CATEGORY = "category", "Choose the category"
        DRAFT = "draft", "Look up or draft"
        REPAIR = "repair", "Repair an unusable answer"

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
