"""The figures of the report: what each is made of, in measures, and what it means, in words. Page, exports, API and mail all ask here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FARED = ("approved", "edited", "rejected", "taken_over")
"""The ways in which an offered draft fares with a reviewer; their four rates add up to 100 %."""


class Good(StrEnum):
    """Which way a figure should go."""

    UP = "up"
    DOWN = "down"
    NEITHER = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or with `of` a share: the sum of the measures `counted` over the sum of the measures `of`.

    The rows behind it are the outcomes in which one of `counted` is above zero. `has_interval`: it estimates a rate that we want to know
    for more than these mails, so it is shown with its 95 % interval. `ripens`: so many days after a mail its count is settled; until
    then it may still fall, and a period that has such days is not compared.
    """

    key: str
    name: str
    definition: str
    counted: tuple[str, ...]
    of: tuple[str, ...] = ()
    good: Good = Good.NEITHER
    has_interval: bool = False
    ripens: int = 0

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
        "next mail waits for one, or where the reply was flagged. Replies of the last 7 days count as long as nobody was needed.",
        ("automated",),
        ("needed",),
        Good.UP,
        ripens=7,
    ),
    Figure(
        "approval",
        "Unedited approval rate",
        "Drafts approved unedited ÷ drafts that a reviewer approved, edited, rejected or put aside by taking over.",
        ("approved",),
        FARED,
        Good.UP,
    ),
    Figure("edit", "Edit rate", "Drafts edited and approved ÷ drafts that a reviewer decided.", ("edited",), FARED, Good.DOWN),
    Figure("rejection", "Rejection rate", "Drafts rejected ÷ drafts that a reviewer decided.", ("rejected",), FARED, Good.DOWN),
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
    Figure("eligible", "Eligible share", "Drafts that passed every check ÷ drafts offered.", ("eligible",), ("drafts",), Good.UP),
    Figure(
        "shadow",
        "Would have qualified",
        "Of the drafts that passed every check and a person decided all the same, the share that was approved unedited. Had their category "
        "been unlocked, they could have left by themselves.",
        ("shadow_approved",),
        ("shadow",),
        Good.UP,
    ),
    Figure(
        "error",
        "Audited error rate",
        "Drafts found unsafe ÷ drafts with a verdict that counts as evidence (the ledger). The interval is where the rate of all such "
        "drafts lies with 95 % certainty (Clopper and Pearson).",
        ("unsafe",),
        ("audited",),
        Good.DOWN,
        has_interval=True,
    ),
    Figure(
        "responded",
        "Had a first reply",
        "Conversations that had a first reply ÷ conversations that needed one.",
        ("responded",),
        ("opened",),
        Good.UP,
    ),
    Figure(
        "in_time",
        "First reply in time",
        "Conversations whose first reply left within the mailbox's reply target, as it is set now ÷ conversations that had a first reply.",
        ("in_time",),
        ("responded",),
        Good.UP,
    ),
    Figure("waiting", "Still waiting", "Mails that need a reply and have none on its way.", ("waiting",), ("needed",), Good.DOWN),
    Figure("bounced", "Bounced", "Replies that came back.", ("bounced",), good=Good.DOWN),
    Figure("maybe_sent", "Maybe sent", "Replies of which nobody knows yet whether they were sent.", ("maybe_sent",), good=Good.DOWN),
    Figure("calls", "Model calls", "How often the model was asked for these mails, tries that failed included.", ("calls",)),
    Figure("tokens", "Tokens", "Tokens that the model read and wrote for these mails.", ("prompt_tokens", "completion_tokens")),
)
BY_KEY = {figure.key: figure for figure in FIGURES}

LEFT = (
    Figure("auto", "Sent automatically", "Replies that left by themselves.", ("auto_sent",)),
    Figure("unedited", "Approved unedited", "Replies that are drafts, unedited, none rejected before.", ("by_approval",)),
    Figure("by_edit", "Edited", "Replies that are edited drafts, none rejected before.", ("by_edit",)),
    Figure("rewritten", "Rejected and rewritten", "Replies that are drafts written again after one was rejected.", ("by_rewrite",)),
    Figure("by_hand", "Written by a person", "Replies that a person wrote: taken over or handed over.", ("by_hand",)),
)
"""How replies left: the bands of the chart, one for each mail that was answered."""
