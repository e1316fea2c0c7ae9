"""Delivery status reports (RFC 3464): which recipients they are about, and whether they failed for good (RFC 3463)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from inbox import charsets
from inbox.bounces import words

_DECLARED = frozenset({"message/delivery-status", "message/global-delivery-status", "message/x-delivery-status"})
_UNDECLARED = frozenset({"text/plain", "application/octet-stream"})
ORIGINALS = frozenset(
    {"message/rfc822", "text/rfc822-headers", "text/rfc822", "message/rfc822-headers", "message/global", "message/global-headers"}
)
"""Types of parts that hold the mail that came back, or its headers."""
_MAX = 300_000


class Leaf(NamedTuple):
    """A part without children: its type and its decoded bytes."""

    content_type: str
    data: bytes


class Recipient(NamedTuple):
    """One per-recipient group of a report: address, action ("failed", "delayed" …), status code and diagnostic text."""

    addr: str
    action: str
    status: str
    diagnostic: str


def declared_recipients(leaves: Iterable[Leaf]) -> list[Recipient]:
    """The recipients of all parts that are declared as delivery status."""
    return [one for leaf in leaves if leaf.content_type in _DECLARED for one in read_report(leaf.data)]


def undeclared_recipients(leaves: Iterable[Leaf]) -> list[Recipient]:
    """The recipients of reports that came as plain text. Anybody can paste such text, so it only counts in a known bounce."""
    candidates = (leaf for leaf in leaves if leaf.content_type in _UNDECLARED and b"-recipient" in leaf.data[:_MAX].lower())
    return [one for leaf in candidates for one in read_report(leaf.data) if one.action or one.status]


def read_report(data: bytes) -> list[Recipient]:
    """Every group of fields that names a recipient."""
    report = charsets.decode(data[:_MAX], "utf-8").replace("\r\n", "\n")
    found = []
    for group in re.split(r"\n[ \t]*\n", report)[:2_000]:
        fields = {name.lower(): " ".join(value.split()) for name, value in words.FIELD.findall(group)}
        named = (fields.get(name, "") for name in ("original-recipient", "final-recipient", "x-actual-recipient"))
        addr = next(filter(None, map(_address_of, named)), "")
        if addr:
            action = fields.get("action", "").split(" ")[0].lower().strip("();,")
            found.append(Recipient(addr, action, fields.get("status", ""), fields.get("diagnostic-code", "")))
    return found


def is_permanent(one: Recipient) -> bool:
    """By the status field, else by a code in the diagnostic; a failure without any code is for good.

    X.2.2, mailbox full, is "a persistent transient failure" whatever its class (RFC 3463 §3.3); so is what only the diagnostic calls full.
    """
    status = words.STATUS.search(one.status)
    if words.FULL.search(one.diagnostic) and not (status and status[2] == "1"):
        return False
    if status and status[1] in "45":
        return status[1] == "5" and (status[2], status[3]) != ("2", "2")
    code = words.STATUS.search(one.diagnostic) or words.REPLY_CODE.search(one.diagnostic)
    return code is None or code[1] != "4"


def _address_of(value: str) -> str:
    """The address of `rfc822; ann@example.com`, also where the type is missing or doubled, a route or angle brackets are written."""
    bare = (value.partition(";")[2] or value)[:1_000].rpartition(";")[2]
    bare = bare.strip().strip("<>\"' ").removeprefix("mailto:")
    bare = bare.rpartition(":")[2] if bare.startswith("@") else bare
    if "@" in bare[1:] and " " not in bare:
        return bare.strip("<>")
    found = re.search(r"[^\s<>;\"@]+@[^\s<>;\"@]+", bare)
    return found[0] if found else ""
