"""What dealing with one ask can end in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """Paragraphs that answer the ask; `extras` are what a shorter reply leaves out. `is_sorry` where the first one is regret."""

    paragraphs: list[str]
    extras: list[str] = field(default_factory=list)
    is_sorry: bool = False


@dataclass(frozen=True)
class Lookup:
    """Something must be looked up first: a kind of lookup (a key of material's aliases) and the query."""

    kind: str
    query: str


@dataclass(frozen=True)
class GiveUp:
    """A person has to do it: a reason code of the protocol, and the words that the person reads."""

    reason: str
    words: str


Outcome = Answer | Lookup | GiveUp
