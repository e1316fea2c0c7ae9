"""The figures of the report: what each is made of, in measures, and what it means, in words. Page, exports, API and mail all ask here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

OF_NEWEST = "All drafts of a mail count with its newest."
"""For the category and setup of that one: so the rates of a category are not those of the page Automation, where each draft has its own."""
FARED = ("approved", "edited", "rejected", "taken_over")
"""The ways in which an offered draft fares with a reviewer; their four rates add up to 100 %."""


class Good(StrEnum):
    """Which way a figure should go."""

    UP = "up"
    DOWN = "down"
    NEITHER = ""


class Compares(StrEnum):
    """When a figure can be compared with the period before, in words for people where it cannot yet."""

    ALWAYS = ""
    AFTER_A_WEEK = "not comparable yet: the last 7 days are still open"
    ONCE_ANSWERED = "not comparable yet: more of these mails still wait than of those before"
    NEVER = "not comparable: older mails have had longer"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or with `of` a share: the sum of the measures `counted` over the sum of the measures `of`.

    The rows behind it are the outcomes in which one of `counted` is above zero. `has_interval`: it estimates a rate that we want to know
    for more than these mails, so it is shown with its 95 % interval. `compares`: when what it says of a period is settled, so that the
    period before, which had more time, is no better or worse for that alone.
    """

    key: str
    name: str
    definition: str
    counted: tuple[str, ...]
    of: tuple[str, ...] = ()
    good: Good = Good.NEITHER
    has_interval: bool = False
    compares: Compares = Compares.ALWAYS

    def numerator(self, sums: Mapping[str, int]) -> int:
        """What is counted."""
        return sum(sums[name] for name in self.counted)

    def denominator(self, sums: Mapping[str, int]) -> int | None:
        """What it is a share of; None for a plain number."""
        return sum(sums[name] for name in self.of) if self.of else None


FIGURES = (
    Figure("inbound", "Inbound mails", "Messages from people, without mail that was imported as history.", ("inbound",)),
    Figure(
        "needed",
        "Needed a reply",
        "Inbound mails, less those of which a reviewer said that no reply is needed, and less those that the customer followed up before "
        "anything was decided (they are answered together with the next one).",
        ("needed",),
        ("inbound",),
    ),
    Figure("coverage", "Coverage", "Mails for which a draft was offered ÷ mails that needed a reply.", ("offered",), ("needed",), Good.UP),
    Figure(
        "automation",
        "Automation rate",
        "Replies that left with no person, and that needed none within 7 days ÷ mails that needed a reply. A person was needed where one "
        "decided or wrote anything in the conversation within 7 days after the reply, or said that a mail was sent, where the customer's "
        "next mail waits for one, or where the reply was flagged. What came back does not count. Replies of the last 7 days count as long "
        "as nobody was needed.",
        ("automated",),
        ("needed",),
        Good.UP,
        compares=Compares.AFTER_A_WEEK,
    ),
    Figure(
        "approval",
        "Unedited approval rate",
        f"Drafts approved unedited ÷ drafts that a reviewer approved, edited, rejected or put aside by taking over. {OF_NEWEST}",
        ("approved",),
        FARED,
        Good.UP,
    ),
    Figure("edit", "Edit rate", "Drafts edited and approved ÷ drafts decided.", ("edited",), FARED, Good.DOWN),
    Figure("rejection", "Rejection rate", "Drafts rejected ÷ drafts decided.", ("rejected",), FARED, Good.DOWN),
    Figure("take_over", "Take-over rate", "Drafts put aside by taking over ÷ drafts decided.", ("taken_over",), FARED, Good.DOWN),
    Figure("no_reply", "No reply needed", "Inbound mails of which a reviewer said so ÷ inbound mails.", ("no_reply",), ("inbound",)),
    Figure(
        "hand_over",
        "Handed over",
        "Mails for which the assistant gave up and offered no draft ÷ mails that needed a reply.",
        ("handed_over",),
        ("needed",),
        Good.DOWN,
    ),
    Figure(
        "eligible", "Eligible share", f"Drafts that passed every check ÷ drafts offered. {OF_NEWEST}", ("eligible",), ("drafts",), Good.UP
    ),
    Figure(
        "qualified",
        "Would have qualified",
        "Drafts that passed every check and that a person decided all the same ÷ drafts offered. With auto-send they could leave alone.",
        ("shadow",),
        ("drafts",),
    ),
    Figure(
        "shadow",
        "Qualified and approved unedited",
        "Of the drafts that would have qualified, the share that was approved unedited.",
        ("shadow_approved",),
        ("shadow",),
        Good.UP,
    ),
    Figure(
        "error",
        "Audited error rate",
        "Drafts found unsafe, or that nobody judged within 7 days ÷ drafts with a verdict that counts as evidence (the "
        f"ledger). The interval is where the rate of all such drafts lies with 95 % certainty (Clopper and Pearson). {OF_NEWEST}",
        ("unsafe",),
        ("audited",),
        Good.DOWN,
        has_interval=True,
        compares=Compares.AFTER_A_WEEK,
    ),
    Figure(
        "responded",
        "Had a first reply",
        "Conversations that had a first reply ÷ conversations that needed one. Bounced ones count.",
        ("responded",),
        ("opened",),
        Good.UP,
        compares=Compares.ONCE_ANSWERED,
    ),
    Figure(
        "in_time",
        "First reply in time",
        "Conversations whose first reply left within the mailbox's reply target, as it is set now ÷ conversations that had a first reply. "
        "Those without any, however late, are not in it.",
        ("in_time",),
        ("responded",),
        Good.UP,
        compares=Compares.ONCE_ANSWERED,
    ),
    Figure(
        "waiting",
        "Still waiting",
        "Mails that need a reply and have none on its way.",
        ("waiting",),
        ("needed",),
        Good.DOWN,
        compares=Compares.NEVER,
    ),
    Figure("bounced", "Bounced", "Replies that came back.", ("bounced",), good=Good.DOWN, compares=Compares.AFTER_A_WEEK),
    Figure(
        "maybe_sent",
        "Maybe sent",
        "Replies of which nobody knows yet whether they were sent.",
        ("maybe_sent",),
        good=Good.DOWN,
        compares=Compares.NEVER,
    ),
    Figure("calls", "Model calls", "How often the model was asked for these mails, tries that failed included.", ("calls",)),
    Figure("tokens", "Tokens", "Tokens that the model read and wrote for these mails.", ("prompt_tokens", "completion_tokens")),
)
BY_KEY = {figure.key: figure for figure in FIGURES}

_WAYS = (
    ("auto", "Sent automatically", "Left by themselves, or queued to; bounced ones too.", "auto_sent"),
    ("unedited", "Approved unedited", "Unedited drafts, none rejected before.", "by_approval"),
    ("by_edit", "Edited", "Edited drafts, none rejected before.", "by_edit"),
    ("rewritten", "Rejected and rewritten", "Drafts written again after one was rejected.", "by_rewrite"),
    ("by_hand", "Written by a person", "What a person wrote: taken over or handed over.", "by_hand"),
)
LEFT = tuple(Figure(key, name, said, (measure,), compares=Compares.ONCE_ANSWERED) for key, name, said, measure in _WAYS)
"""How replies left: the bands of the chart, one for each mail that was answered."""
