"""The one cause of a miss: fixed rules in a fixed order, the first that fits counts. Pure.

A cause is a key such as "lookup:order:not_found:code"; `named.py` says it in words. Keys stand in rows and in addresses, so they stay.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from drafting.models import Evidence, HandOverReason
from drafting.tools.base import UNKNOWN_SENDER
from review.models import Decision

Kind, EditReason = Decision.Kind, Decision.EditReason

NO_REPLY, UNEXPLAINED = "no_reply", "unexplained"
WORDING = {EditReason.TONE, EditReason.TOO_LONG, EditReason.LANGUAGE}
"""What a reviewer can only say of the words themselves: whatever else was amiss, that is why they wrote."""
NEVER_MISSED = {"calculate", "dates"}
"""Lookups that no data is missing in."""
FOR_EVERY_MAIL = {"customer", "orders", "articles", "templates"}
"""Looked up in advance whatever the mail asks, so that finding nothing means little."""
NOT_ABOUT_THE_TEXT = {
    *("setup_pinned", "sender_authenticated", "sender_known", "no_hidden_text", "no_instructions", "no_sensitive_flags"),
    *("mail_read_whole", "not_automation", "recipient_is_sender", "caps_not_reached"),
}
"""Checks that keep a draft from leaving by itself and say nothing about what stands in it."""
_CODE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Lookup:
    """One lookup of a draft. `words` are what a failed one answered."""

    tool: str
    outcome: str
    query: str = ""
    words: str = ""
    in_advance: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a miss. `lookups` and `failed_checks` are in their order; `written_again_as` is the category by its slug that the
    draft written after a rejection had, "" where there is none.
    """

    kind: str
    edit_reason: str = ""
    hand_over_reason: str = ""
    hand_over_words: str = ""
    category: str = ""
    written_again_as: str = ""
    lookups: Sequence[Lookup] = ()
    failed_checks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One rule: its words for people, and the key of the cause, "" where it does not fit."""

    words: str
    find: Callable[[Facts], str]


def cause(facts: Facts) -> str:
    """The key of the first rule that fits."""
    return next(found for step in ORDER if (found := step.find(facts)))


def base(key: str) -> str:
    """A cause without its theme."""
    return key.partition("+")[0]


def theme(key: str) -> int:
    """The id of the theme that a cause ends in, 0 for none."""
    number = key.partition("+")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


def _no_reply(facts: Facts) -> str:
    return NO_REPLY if facts.kind == Kind.NO_REPLY else ""


def _wording(facts: Facts) -> str:
    return f"edit:{facts.edit_reason}" if facts.edit_reason in WORDING else ""


def _missing_lookup(facts: Facts) -> str:
    missed = next((one for one in facts.lookups if _is_missing(one, facts)), None)
    if missed is None:
        return ""
    if missed.words == UNKNOWN_SENDER:
        return f"lookup:customer:{Evidence.Outcome.NOT_FOUND}:sender"
    return f"lookup:{missed.tool}:{missed.outcome}:{_asked(missed.query)}"


def _is_missing(one: Lookup, facts: Facts) -> bool:
    if one.tool in NEVER_MISSED or one.outcome not in (Evidence.Outcome.NOT_FOUND, Evidence.Outcome.UNAVAILABLE):
        return False
    if any(other.tool == one.tool and other.outcome == Evidence.Outcome.FOUND for other in facts.lookups):
        return False
    return not (one.in_advance and one.tool in FOR_EVERY_MAIL) or facts.hand_over_reason == HandOverReason.MISSING_FACT


def _asked(query: str) -> str:
    """What kind of thing was asked for."""
    if "@" in query:
        return "address"
    if _CODE.search(query):
        return "code"
    return "words" if query.strip() else "anything"


def _hand_over(facts: Facts) -> str:
    if facts.hand_over_reason != HandOverReason.RULE:
        return f"hand_over:{facts.hand_over_reason}" if facts.hand_over_reason else ""
    return f"hand_over:rule:{sha256(facts.hand_over_words.encode()).hexdigest()[:12]}"


def _failed_check(facts: Facts) -> str:
    return next((f"check:{code}" for code in facts.failed_checks if code not in NOT_ABOUT_THE_TEXT), "")


def _edit_reason(facts: Facts) -> str:
    return f"edit:{facts.edit_reason}" if facts.edit_reason and facts.edit_reason != EditReason.OTHER else ""


def _wrong_category(facts: Facts) -> str:
    is_other = facts.category and facts.written_again_as and facts.category != facts.written_again_as
    return f"category:{facts.category}:{facts.written_again_as}" if is_other else ""


def _unexplained(facts: Facts) -> str:
    return UNEXPLAINED


ORDER = (
    Step("A reviewer found that no reply is needed.", _no_reply),
    Step("The reviewer said that it was the tone, the length or the language.", _wording),
    Step(
        "A lookup found nothing, or its system could not be reached, and no other lookup of the kind found anything. What is looked up for "
        "every mail counts only where the assistant then gave up for want of a fact.",
        _missing_lookup,
    ),
    Step("The assistant handed over, and said why.", _hand_over),
    Step("A check of the text failed: the first one counts.", _failed_check),
    Step("The reviewer said why they edited.", _edit_reason),
    Step("The draft that was written after a rejection has another category.", _wrong_category),
    Step("Nobody said why.", _unexplained),
)
"""The rules, first to last. Where the cause says little by itself, mails whose words are alike become a cause of their own (`themes`)."""
