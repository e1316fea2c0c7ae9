"""What every lookup tool is made of: whose data it may read, and what came back."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Category, Customer, Evidence

NOT_AUTHENTICATED = "The sender of this mail is not authenticated, so no customer's data may be read."
UNKNOWN_SENDER = "The sender's address belongs to no known customer."


@dataclass(frozen=True)
class Scope:
    """What one draft's lookups may see. Code sets it from the mail's authenticated sender; nothing a mail or a model says can change it."""

    is_authenticated: bool
    customer: Customer | None
    language: str
    fallback_language: str
    category: Category | None
    today: date
    mailbox: str = ""
    """The address that the mail came to."""
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was read for this draft already, by the code that asked for it: orders that are looked up by a code of the mail."""

    def require_customer(self) -> Customer:
        """The one customer whose data may be read. Raises Refused or NotFound."""
        if not self.is_authenticated:
            raise Refused(NOT_AUTHENTICATED)
        if self.customer is None:
            raise NotFound(UNKNOWN_SENDER)
        return self.customer


class FieldType(StrEnum):
    """What a connector's field holds. A customer number is compared with the scope's before anything of an answer is kept."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    YES_NO = "yes_no"
    CUSTOMER_NUMBER = "customer_number"


@dataclass(frozen=True)
class ToolField:
    """One value that is kept of a connector's answer, found there at `path`; a fact for rules as "<tool>.<name>".

    In evidence a text is a string, a number an int (or a string such as "2.5"), an amount a string such as "123.40", a date ISO 8601,
    yes or no a bool; each may be None.
    """

    name: str
    path: str
    type: FieldType
    about: str = ""


@dataclass(frozen=True)
class Tool:
    """A read-only lookup. `about` is what the model is told; `source` is which system answers, in words for people.

    Those of connectors declare the `fields` of their answers (an object, or a list of objects where there are several), and may have a
    `pattern`: what `patterns.find(pattern, text)` finds in a mail is looked up before the first turn.
    """

    name: str
    about: str
    source: str
    look_up: Callable[[Scope, str], Any]
    fields: tuple[ToolField, ...] = ()
    pattern: str = ""
    needs_customer: bool = False
    pin: Any = None
    """What a setup's fingerprint takes of a connector's tool; the built-in ones are pinned as code."""


@dataclass(frozen=True)
class Lookup:
    """What one lookup returned; becomes an Evidence row. `number` counts from 1 within the draft."""

    number: int
    tool: str
    source: str
    question: dict[str, str]
    outcome: str
    answer: Any
    asked_by: str
    milliseconds: int
    at: datetime = field(default_factory=timezone.now)


class LookupFailed(Exception):
    """A system behind a tool does not answer. Carries the lookup for the record and the Unavailable that caused it."""

    def __init__(self, lookup: Lookup, cause: Unavailable) -> None:
        super().__init__(str(cause))
        self.lookup = lookup
        self.cause = cause


def look_up(tool: Tool, *, scope: Scope, query: str, number: int, asked_by: str) -> Lookup:
    """Ask `tool` and keep what came back, also when it is nothing. Raises LookupFailed where the draft has to wait."""
    started = time.monotonic()

    def lookup(outcome: str, answer: Any) -> Lookup:
        milliseconds = round((time.monotonic() - started) * 1000)
        return Lookup(number, tool.name, tool.source, {"query": query}, outcome, answer, asked_by, milliseconds)

    try:
        return lookup(Evidence.Outcome.FOUND, tool.look_up(scope, query))
    except NotFound as error:
        return lookup(Evidence.Outcome.NOT_FOUND, {"words": str(error)})
    except Refused as error:
        return lookup(Evidence.Outcome.REFUSED, {"words": str(error)})
    except Unavailable as error:
        raise LookupFailed(lookup(Evidence.Outcome.UNAVAILABLE, {"words": str(error)}), error) from error
