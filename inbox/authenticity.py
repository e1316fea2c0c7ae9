"""Did the sender's domain really send this mail? Read from Authentication-Results (RFC 8601), trusting only our own receiving server's.

A forger can write such a header too, with our server's name in it: RFC 8601, 5 asks servers to take these out, and not all do. What the
receiving server itself says stands above everything that came with the mail. So, of the fields with the configured authserv-id, only the
topmost run counts, which ends at a field of somebody else or at a Received line; in it the topmost DMARC verdict; and where another of our
fields stands above a pass, only one that this field bears out. A server that is configured but writes no field at all cannot be told from
the headers alone: then the topmost run may be the forger's. So configure only a server that writes one for every mail.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

_QUOTED = re.compile(r'"((?:[^"\\]|\\.){0,2000})"')
_PLAIN = re.compile(r"[\w.@-]+")
_COMMENT = re.compile(r"\([^()]{0,2000}\)")
_RESULT = re.compile(r"^\s*([A-Za-z][A-Za-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]+)")
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom|smtp\.helo|policy\.\S+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_METHODS = frozenset({"dmarc", "spf", "dkim"})
_ALIGNED = {"spf": ("smtp.mailfrom",), "dkim": ("header.d", "header.i")}
"""The properties that name the domain which a method is about."""
_REGISTRY = re.compile(r"(?:ac|co|com|edu|go|gob|gouv|gov|gv|ltd|mil|ne|net|nom|or|org|plc)\.[a-z]{2}")
"""What is no organisation's domain but a registry's, such as co.uk."""


class Result(NamedTuple):
    """What a server found by one method, such as "dmarc", and about what: properties by name, such as "header.from"."""

    method: str
    value: str
    properties: dict[str, str]


class Authenticity(NamedTuple):
    """The verdict, and why, in words for a reviewer."""

    result: Literal["pass", "fail", "none"]
    reason: str


def judge(
    authentication_results: Sequence[Sequence[str]], *, authserv_id: str, from_addr: str, sender_addrs: Sequence[str] = ()
) -> Authenticity:
    """The verdict on a mail.

    `authentication_results` are the values of that header, topmost first, in runs that Received lines part; `authserv_id` is how the
    mailbox's own server signs them; `from_addr` is the address in From, `sender_addrs` all addresses of all From headers. Several From
    addresses fail: a reader may be shown another one than was checked. A DMARC verdict counts only for the domain that From names.
    """
    if len({addr.casefold() for addr in sender_addrs}) > 1:
        return Authenticity("fail", f"The mail names several senders in From ({', '.join(sender_addrs)}); none of them can be relied on.")
    server = authserv_id.strip()
    if not server:
        return Authenticity(
            "none",
            "No receiving server (authserv-id) is configured for this mailbox, so nothing in the mail can be trusted to prove its sender.",
        )
    domain = _domain(from_addr)
    if not domain:
        return Authenticity("fail", "The mail has no usable From address.")
    own = _topmost_block(authentication_results, server)
    return _from_dmarc(own, domain, server) if own else Authenticity("none", f"The mail carries no Authentication-Results of {server}.")


def _from_dmarc(block: list[list[Result]], domain: str, server: str) -> Authenticity:
    """By the topmost field that has a DMARC verdict."""
    above = next((number for number, field in enumerate(block) if _of_dmarc(field)), None)
    if above is None:
        seen = ", ".join(sorted({f"{one.method}={one.value}" for field in block for one in field if one.method in _METHODS})) or "nothing"
        return Authenticity("none", f"{server} gave no DMARC verdict on {domain} above what came with the mail (it reports {seen}).")
    verdict = _of_field(_of_dmarc(block[above]), domain, server)
    if verdict.result == "pass" and above and not any(_bears_out(one, domain) for field in block[:above] for one in field):
        return Authenticity("none", f"A DMARC pass for {domain} stands below another field of {server} that does not bear it out.")
    return verdict


def _of_field(dmarc: list[Result], domain: str, server: str) -> Authenticity:
    """Of several verdicts in one field the worst counts."""
    values = [one.value for one in dmarc]
    if "fail" in values:
        return Authenticity("fail", f"{server} says that DMARC failed for {domain}.")
    if other := next((value for value in values if value != "pass"), ""):
        return Authenticity("none", f"{server} says DMARC {other} for {domain}.")
    named = [one.properties.get("header.from", "") for one in dmarc]
    if not all(named):
        return Authenticity("none", f"{server} says that DMARC passed, but not for which domain.")
    if not all(_covers(one, domain) for one in named):
        return Authenticity("fail", f"{server} checked {', '.join(named)}, but the mail says it is from {domain}.")
    return Authenticity("pass", f"{server} says that DMARC passed for {domain}.")


def _of_dmarc(field: list[Result]) -> list[Result]:
    return [one for one in field if one.method == "dmarc"]


def _bears_out(one: Result, domain: str) -> bool:
    """DMARC passes only with SPF or DKIM for a domain aligned with From (RFC 7489, 3.1)."""
    if one.value != "pass" or one.method not in _ALIGNED:
        return False
    checked = [_domain(one.properties[name]) for name in _ALIGNED[one.method] if name in one.properties]
    return any(_covers(each, domain) or each.endswith("." + domain) for each in checked)


def _topmost_block(runs: Sequence[Sequence[str]], server: str) -> list[list[Result]]:
    """The first uninterrupted fields with our server's id; a later one may be the forger's own."""
    for run in runs:
        named = [read_field(field) for field in run]
        is_own = [name.casefold() == server.casefold() for name, _ in named]
        if any(is_own):
            begin = is_own.index(True)
            return [results for _, results in takewhile(lambda one: one[0].casefold() == server.casefold(), named[begin:])]
    return []


def read_field(value: str) -> tuple[str, list[Result]]:
    """The authserv-id of one header value and its results; comments and unknown syntax are passed over.

    What stands in quotes came from the sender (a mail-from can hold `; dmarc=pass`), so it never becomes syntax.
    """
    value = _QUOTED.sub(lambda found: found[1] if _PLAIN.fullmatch(found[1]) else "_", value[:20_000])
    for _ in range(5):
        shorter = _COMMENT.sub(" ", value)
        if shorter == value:
            break
        value = shorter
    named, *statements = value.split(";")
    results = []
    for statement in statements:
        found = _RESULT.match(statement)
        if found:
            properties = {name.lower(): text.lower() for name, text in _PROPERTY.findall(statement)}
            results.append(Result(found[1].lower(), found[2].lower(), properties))
    words = named.split()
    return (words[0].strip('"') if words else ""), results


def _domain(addr: str) -> str:
    return addr.rpartition("@")[2].strip(".").casefold()


def _covers(named: str, domain: str) -> bool:
    """`header.from` is the From domain itself (RFC 8601, 2.7.4); some servers write the organisational domain above it."""
    named = _domain(named)
    return named == domain or ("." in named and not _REGISTRY.fullmatch(named) and domain.endswith("." + named))
