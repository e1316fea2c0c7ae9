"""What was not approved unedited, each with its cause; and what was done about a cause."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from drafting.models import Category, Setup
from inbox.models import Conversation, Mailbox
from review.models.decisions import Decision

LONGEST_CAUSE = 120


class Miss(models.Model):
    """A draft or hand-over that a person decided otherwise than by approving it unedited, with its one cause.

    Made from the raw rows and made again whenever they change (`next_nine/misses.py`), so nothing is ever only here, but for the theme that
    a cause may end in. `cause` is a key of `next_nine/causes.py`; `day` is when it was decided, in the installation's time zone. `seconds`
    are those of the review, where they are known; `is_by_hand`: a person wrote the reply.
    """

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, primary_key=True, related_name="miss")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="misses")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, related_name="+")
    setup = models.ForeignKey(Setup, on_delete=models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    cause = models.CharField(max_length=LONGEST_CAUSE)
    seconds = models.PositiveIntegerField(default=0)
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "misses"
        indexes = [
            models.Index(fields=["day"], name="miss_by_day"),
            models.Index(fields=["cause", "-day", "-decision"], name="miss_of_cause"),
            models.Index(fields=["conversation"], name="miss_in_conversation"),
        ]

    def __str__(self) -> str:
        return f"Decision {self.decision_id}: {self.cause}"


class Theme(models.Model):
    """Mails with one cause that says little by itself, and whose words are alike: a cause of its own, "<cause>+<id>".

    It lives on as long as a later grouping finds most of its mails together again (`next_nine/themes.py`), so that what was done about it
    can be judged. `words` are the strongest ones, strongest first.
    """

    cause = models.CharField(max_length=LONGEST_CAUSE)
    words = ArrayField(models.CharField(max_length=40))
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.cause}: {', '.join(self.words)}"


class Remedy(models.Model):
    """That somebody did something about a cause, and when: from then on its mails are counted apart. Append-only.

    `of` is the id of what was saved and `number` its version, for a table the id of the file that was taken; both empty, and `words` said,
    where something was done elsewhere. `about` is what the cause, and what was saved, were called then.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        TEMPLATE = "template", "Template"
        RULE = "rule", "Rule"
        GUIDANCE = "guidance", "Guidance"
        CATEGORY = "category", "Category"
        CONNECTOR = "connector", "Connector"
        LOOKUP = "lookup", "Lookup"
        TABLE = "table", "Table"
        ELSEWHERE = "elsewhere", "Something else"

    cause = models.CharField(max_length=LONGEST_CAUSE)
    kind = models.CharField(max_length=10, choices=Kind)
    of = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    about = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "remedies"
        indexes = [models.Index(fields=["cause", "-at"], name="remedy_of_cause")]
        constraints = [
            models.CheckConstraint(
                name="remedy_says_what", condition=Q(kind="elsewhere", of__isnull=True) & ~Q(words="") | Q(of__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} against {self.cause}"
