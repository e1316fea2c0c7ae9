"""What speaks for a draft and against it: the checks of the gate, the asks of the mail, the evidence."""

from dataclasses import dataclass
from typing import Any

from drafting.models import Draft
from review.desk import evidence, words


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the gate, in words."""

    name: str
    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing the customer wants, and whether the draft answers it."""

    ask: str
    icon: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All of it, what matters most first: checks that failed, and the evidence that the draft rests on."""

    asks: list[Ask]
    cards: list[evidence.Card]
    other_cards: list[evidence.Card]
    other_words: str
    failed: list[Check]
    passed: list[Check]
    passed_words: str
    wrote: str


def proof(draft: Draft, stage: str, cards: list[evidence.Card]) -> Proof:
    """The proof of a draft that came from `item.find`, with its cards. What a person writes has no checks."""
    shown = [card for card in cards if card.is_first] or cards
    others = [card for card in cards if card not in shown]
    checks = [] if stage == "taken_over" else _checks(draft)
    passed = [check for check in checks if check.passed]
    is_drafted = stage in {"ready", "held_by_other", "past"} and bool(draft.body)
    return Proof(
        asks=[_ask(asked, is_drafted=is_drafted) for asked in draft.asks],
        cards=shown,
        other_cards=others,
        other_words=words.count(len(others), "other lookup"),
        failed=[check for check in checks if not check.passed],
        passed=passed,
        passed_words=f"{words.count(len(passed), 'check')} passed",
        wrote=f"Written by {draft.setup} · {draft.setup.model}" if draft.setup else "",
    )


def cards(draft: Draft) -> list[evidence.Card]:
    """The evidence of a draft, each with what the draft took from it."""
    said: dict[str, list[str]] = {}
    for atom in draft.atoms:
        if atom.get("traced"):
            said.setdefault(str(atom.get("source", "")), []).append(str(atom["text"]))
    rows = draft.evidence.order_by("position")
    return [evidence.card(row, [text for name in evidence.names(row) for text in said.get(name, ())]) for row in rows]


def _ask(asked: dict[str, Any], *, is_drafted: bool) -> Ask:
    if not is_drafted:
        return Ask(asked["ask"], "dot", "quiet", "")
    return Ask(asked["ask"], "check", "green", "answered") if asked["answered"] else Ask(asked["ask"], "cross", "red", "not answered")


def _checks(draft: Draft) -> list[Check]:
    found = draft.check_results  # type: ignore[attr-defined]
    return [Check(words.humanised(each["code"]), each["passed"], each["reason"]) for each in found]
