"""What reports are counted from: what became of each inbound message, and sums of that by day and by month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from drafting.models import Category, HandOverReason, Setup
from inbox.models import Conversation, Mailbox, Message


class Measures(models.Model):
    """What is counted of a message, and then summed: 0 or 1 where nothing else is said. The figures on the page are ratios of these
    (`reports/figures.py` says each in words).

    A draft is *offered* when it became ready for a person to decide, or left by itself; a hand-over offers none. The four ways in which
    offered drafts fare (`approved`, `edited`, `rejected`, `taken_over`) count drafts, as a message may have several.
    """

    inbound = models.IntegerField(default=0, help_text="Messages from people.")
    needed = models.IntegerField(default=0, help_text="Of them, those that needed a reply: neither overtaken nor without need of one.")
    no_reply = models.IntegerField(default=0, help_text="A reviewer said that no reply is needed.")
    overtaken = models.IntegerField(default=0, help_text="The customer wrote again before anything was decided.")
    opened = models.IntegerField(default=0, help_text="It is the first of its conversation that needed a reply.")
    offered = models.IntegerField(default=0, help_text="It needed a reply, and a draft was offered.")
    handed_over = models.IntegerField(default=0, help_text="It needed a reply, and the assistant gave up without offering a draft.")
    drafts = models.IntegerField(default=0, help_text="How many drafts were offered.")
    eligible = models.IntegerField(default=0, help_text="How many of them passed every check.")
    approved = models.IntegerField(default=0, help_text="How many drafts were approved unedited.")
    edited = models.IntegerField(default=0, help_text="How many drafts were edited and approved.")
    rejected = models.IntegerField(default=0, help_text="How many drafts were rejected.")
    taken_over = models.IntegerField(default=0, help_text="How many offered drafts were put aside by taking over.")
    shadow = models.IntegerField(default=0, help_text="How many drafts passed every check and were decided by a person all the same.")
    shadow_approved = models.IntegerField(default=0, help_text="How many of those were approved unedited.")
    auto_sent = models.IntegerField(default=0, help_text="The reply left by itself.")
    automated = models.IntegerField(default=0, help_text="The reply left by itself, and no person was needed within 7 days.")
    by_approval = models.IntegerField(default=0, help_text="The reply that left was a draft, unedited, and none was rejected before.")
    by_edit = models.IntegerField(default=0, help_text="The reply that left was an edited draft, and none was rejected before.")
    by_rewrite = models.IntegerField(default=0, help_text="The reply that left was a draft written again after one was rejected.")
    by_hand = models.IntegerField(default=0, help_text="The reply that left was written by a person.")
    waiting = models.IntegerField(default=0, help_text="It needs a reply, and none is on its way yet.")
    audited = models.IntegerField(default=0, help_text="How many drafts have a verdict that counts as evidence.")
    unsafe = models.IntegerField(default=0, help_text="How many of those verdicts say that the draft was unsafe.")
    bounced = models.IntegerField(default=0, help_text="How many replies came back.")
    maybe_sent = models.IntegerField(default=0, help_text="How many replies may have been sent: nobody knows yet.")
    responded = models.IntegerField(default=0, help_text="Of a conversation that it opened: it had a first reply.")
    in_time = models.IntegerField(default=0, help_text="That reply came within the mailbox's reply target, as it is now.")
    resolved = models.IntegerField(default=0, help_text="Of a conversation that it opened: every mail in it that needed a reply had one.")
    reviews = models.IntegerField(default=0, help_text="How many decisions of people say how long they had the draft open.")
    review_seconds = models.IntegerField(default=0, help_text="So long in all.")
    calls = models.IntegerField(default=0, help_text="How often the model was asked.")
    prompt_tokens = models.BigIntegerField(default=0)
    completion_tokens = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


MEASURES = tuple(field.name for field in Measures._meta.local_fields)


class Outcome(Measures):
    """What became of one inbound message from a person: the row that every figure counts, and that it leads to.

    Made from the raw rows and made again whenever one of them changes (`reports/rolling.py`), so nothing is ever only here. Mail that came
    in as history has none. `category` and `setup` are those of its newest draft that has one; `day` and `hour_of_week` (Monday 0:00 is 0)
    are when it was received in the installation's time zone. Seconds are since the message was received, and only of a message that opened
    its conversation. `failed_checks` are those of the first offered draft, by code. `hand_over_reason` is there where it counts as
    `handed_over`.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="outcome")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="outcomes")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    day = models.DateField()
    hour_of_week = models.PositiveSmallIntegerField()
    first_response_seconds = models.PositiveIntegerField(null=True)
    resolution_seconds = models.PositiveIntegerField(null=True)
    replied_at = models.DateTimeField(null=True, help_text="When our first reply to it left.")
    edit_reasons = ArrayField(models.CharField(max_length=16), default=list)
    hand_over_reason = models.CharField(max_length=20, choices=HandOverReason, blank=True)
    failed_checks = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["-day", "-message"], name="outcome_newest"),
            models.Index(fields=["conversation"], name="outcome_in_conversation"),
            # For lists of what took longest.
            models.Index(fields=["-first_response_seconds", "-message"], name="outcome_slow_response", condition=Q(responded__gt=0)),
            models.Index(fields=["-resolution_seconds", "-message"], name="outcome_slow_resolution", condition=Q(resolved__gt=0)),
            models.Index(fields=["-review_seconds", "-message"], name="outcome_slow_review", condition=Q(reviews__gt=0)),
        ]

    def __str__(self) -> str:
        return f"What became of message {self.message_id}"


class Sum(models.Model):
    """Of what and when something was summed: one day, or the month that begins on it."""

    class Span(models.TextChoices):
        DAY = "day", "Day"
        MONTH = "month", "Month"

    span = models.CharField(max_length=5, choices=Span)
    on = models.DateField(help_text="The day, or the first of the month.")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, related_name="+")
    setup = models.ForeignKey(Setup, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        abstract = True


class Tally(Measures, Sum):
    """The measures of all messages of a mailbox, category and setup that were received on a day, or in a month: sums of `Outcome`."""

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["span", "on", "mailbox", "category", "setup"], name="tally_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.get_span_display()} {self.on}"


class Spread(Sum):
    """How something spreads over messages, likewise: `count` of them fell on `key`.

    The key of a duration is its bucket (`reports/durations.py`), that of an hour `Outcome.hour_of_week`, else a code.
    """

    class Kind(models.TextChoices):
        FIRST_RESPONSE = "first_resp", "First response time"
        RESOLUTION = "resolution", "Time to resolution"
        REVIEW = "review", "Review time of a message"
        HOUR = "hour", "Hour of the week"
        EDIT_REASON = "edit", "Edit reasons"
        HAND_OVER = "hand_over", "Hand-over reasons"
        FAILED_CHECK = "check", "Failed checks"

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["span", "on", "mailbox", "category", "setup", "kind", "key"], name="spread_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index("span", "mailbox", Coalesce("category", 0), Coalesce("setup", 0), "on", name="spread_of_group"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"


class Touched(models.Model):
    """A conversation in which something changed that reports count. Triggers of the database leave these rows (migration 0017), in the
    same transaction as the change; `reports/rolling.py` makes the outcomes of the conversation again and takes the rows away. Where
    outcomes were deleted with their messages, `day` is theirs: its sums are made again.

    No foreign key and no uniqueness: leaving a row must never wait for anybody. `aside_until` is set where counting the conversation
    failed: it is tried again after that time.
    """

    conversation_id = models.BigIntegerField()
    day = models.DateField(null=True)
    at = models.DateTimeField(db_default=Now())
    aside_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "touched"

    def __str__(self) -> str:
        return f"Conversation {self.conversation_id}"


class ReportZone(models.Model):
    """The time zone in which the days of all outcomes were counted: one row. When the installation's changes, all are made again."""

    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(name="report_zone_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.name
