"""Trying a lookup out, as the *Try it* box does: the whole answer, what is kept of it, and how long it took, or exactly what failed."""

import json
import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from drafting.connectors import asking, fields
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import ConnectorTool, Customer, Evidence
from drafting.tools.base import Scope

LONGEST_SHOWN = 20_000


@dataclass(frozen=True)
class Trial:
    """How a lookup went. `raw` and `kept` are JSON to read, "" where there is none; `words` say what failed."""

    outcome: Evidence.Outcome
    words: str
    raw: str
    kept: str
    milliseconds: int


def try_out(tool: ConnectorTool, *, query: str, customer_number: str, mailbox: str) -> Trial:
    """Ask as for a mail of the customer with this number ("" for a sender whom nobody knows) to `mailbox`."""
    customer = Customer.objects.filter(number=customer_number).first() if customer_number else None
    scope = Scope(True, customer, "en", "en", None, timezone.localdate(), mailbox)
    started, raw, kept = time.monotonic(), "", ""
    outcome, words = Evidence.Outcome.FOUND, ""
    try:
        answer = asking.fetch(tool, scope, query)
        raw = _shown(answer, tool)
        number = scope.require_customer().number if tool.needs_customer else None
        kept = _shown(asking.keep(tool, answer, customer_number=number), tool)
    except NotFound as error:
        outcome, words = Evidence.Outcome.NOT_FOUND, str(error)
    except Refused as error:
        outcome, words = Evidence.Outcome.REFUSED, str(error)
    except Unavailable as error:
        outcome, words = Evidence.Outcome.UNAVAILABLE, str(error)
    return Trial(outcome, words, raw, kept, round((time.monotonic() - started) * 1000))


def _shown(answer: Any, tool: ConnectorTool) -> str:
    try:
        text = asking.hide(json.dumps(answer, ensure_ascii=False, indent=1, default=str), tool.connector)
    except RecursionError:
        return "(nested too deeply to be shown)"
    shown = fields.UNWANTED.sub("", text)
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "\n…"
