"""What the gate is asked about, and what it answers."""

from dataclasses import dataclass
from datetime import date

from drafting.grounding import TracedAtom
from drafting.rules import RuleOutcome


@dataclass(frozen=True, slots=True)
class Check:
    """How one check went; `reason` is read by a reviewer either way."""

    code: str
    passed: bool
    reason: str


def verdict(code: str, *, problem: str, otherwise: str) -> Check:
    """The check passed unless there is a problem."""
    return Check(code, not problem, problem or otherwise)


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """One thing that the customer wants, and whether the draft answers it."""

    ask: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSubject:
    """One draft with all that decides whether it could leave alone. One of defaults alone is not eligible.

    Addresses are bare (no display name). Languages are ISO 639-1 codes, "" if not known.
    """

    # The setup that wrote the draft: its name ("Setup 14"), and the parts that differ from what is pinned.
    setup: str = ""
    setup_differences: tuple[str, ...] = ()

    # The customer's mail. `mail_text` is what the person newly wrote; `flags` are the model's, `mail_flags` what intake noticed;
    # `attachment_texts` is what is written in files, `unread_files` says which were not read whole, and why;
    # `other_texts` what else the assistant read that a customer may have written: earlier mails, notes and addresses in evidence.
    message_kind: str = ""
    suppress_auto_reply: bool = False
    sender: str = ""
    sender_name: str = ""
    reply_to: tuple[str, ...] = ()
    is_authenticated: bool = False
    authentication_reason: str = ""
    is_known: bool = False
    subject: str = ""
    mail_text: str = ""
    hidden_text: str = ""
    mail_flags: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    attachment_texts: tuple[str, ...] = ()
    unread_files: tuple[str, ...] = ()
    other_texts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    customer_language: str = ""

    # What the assistant made of it. `asks_found` is how many asks were seen in the mail before the draft was written.
    category: str = ""
    is_certain: bool = False
    is_single_topic: bool = False
    asks_found: int = 0

    # What a guard model, where there is one, objects to. Whether one must be asked the setup says; "not asked" is an objection.
    guard_flags: tuple[str, ...] = ()

    # The draft, and the day from which it counts. `foreign_values` are ids, addresses or names in it that belong to other customers;
    # `looked_up` is what lookups were asked and found.
    body: str = ""
    today: date | None = None
    draft_language: str = ""
    recipients: tuple[str, ...] = ()
    asks: tuple[AskAnswer, ...] = ()
    atoms: tuple[TracedAtom, ...] = ()
    foreign_values: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()

    # What the company allows. `allowed_texts` are templates, articles in evidence and what rules say must be said, `own_addresses` the
    # company's own; lengths in characters.
    rule_outcomes: tuple[RuleOutcome, ...] = ()
    allowed_texts: tuple[str, ...] = ()
    allowed_domains: tuple[str, ...] = ()
    own_addresses: tuple[str, ...] = ()
    min_length: int = 20
    max_length: int = 4000

    # Other replies of the last 24 hours that left alone or could have; None where nobody counted. A cap of None is no cap.
    replies_in_conversation: int | None = None
    most_in_conversation: int | None = 1
    replies_to_sender: int | None = None
    most_to_sender: int | None = 3
    replies_in_category: int | None = None
    most_in_category: int | None = None
