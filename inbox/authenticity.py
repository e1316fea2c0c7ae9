"""Did the sender's domain really send this mail? Read from Authentication-Results (RFC 8601), trusting only our own receiving server's.

A forger can write such a header too. So only fields with the configured authserv-id count, and of these only the topmost run: the receiving
server puts its own above everything that came with the mail.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

_QUOTED = re.compile(r'"((?:[^"\\]|\\.){0,2000})"')
_PLAIN = re.compile(r"[\w.@-]+")
_COMMENT = re.compile(r"\([^()]{0,2000}\)")
_RESULT = re.compile(r"^\s*([A-Za-z][A-Za-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]+)")
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom|smtp\.helo|policy\.\S+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_METHODS = frozenset({"dmarc", "spf", "dkim"})


class Authenticity(NamedTuple):
    """The verdict, and why, in words for a reviewer."""

    result: Literal["pass", "fail", "none"]
    reason: str


def judge(authentication_results: Sequence[str], *, authserv_id: str, from_addr: str, sender_addrs: Sequence[str] = ()) -> Authenticity:
    """The verdict on a mail.

    `authentication_results` are the values of that header, topmost first; `authserv_id` is how the mailbox's own server signs them;
    `from_addr` is the address in From, `sender_addrs` all addresses of all From headers. Several From addresses fail: a reader may be shown
    another one than was checked. A DMARC verdict counts only for the domain that From names.
    """
    if len({addr.casefold() for addr in sender_addrs}) > 1:
        return Authenticity("fail", f"The mail names several senders in From ({', '.join(sender_addrs)}); none of them can be relied on.")
    if not authserv_id.strip():
        return Authenticity(
            "none",
            "No receiving server (authserv-id) is configured for this mailbox, so nothing in the mail can be trusted to prove its sender.",
        )
    domain = _domain(from_addr)
    if not domain:
        return Authenticity("fail", "The mail has no usable From address.")
    own = _topmost_block(authentication_results, authserv_id.strip())
    if not own:
        return Authenticity("none", f"The mail carries no Authentication-Results of {authserv_id.strip()}.")
    return _from_dmarc([one for field in own for one in field], domain, authserv_id.strip())


def _from_dmarc(results: list[tuple[str, str, dict[str, str]]], domain: str, authserv_id: str) -> Authenticity:
    verdicts = [(value, properties.get("header.from", "")) for method, value, properties in results if method == "dmarc"]
    if not verdicts:
        seen = ", ".join(sorted({f"{method}={value}" for method, value, _ in results if method in _METHODS})) or "nothing"
        return Authenticity("none", f"{authserv_id} gave no DMARC verdict on {domain} (it reports {seen}).")
    if any(value == "fail" for value, _ in verdicts):
        return Authenticity("fail", f"{authserv_id} says that DMARC failed for {domain}.")
    passed = [named for value, named in verdicts if value == "pass"]
    if not passed:
        return Authenticity("none", f"{authserv_id} says DMARC {verdicts[0][0]} for {domain}.")
    if any(named and not _covers(named, domain) for named in passed):
        return Authenticity("fail", f"{authserv_id} checked {', '.join(passed)}, but the mail says it is from {domain}.")
    return Authenticity("pass", f"{authserv_id} says that DMARC passed for {domain}.")


def _topmost_block(fields: Sequence[str], authserv_id: str) -> list[list[tuple[str, str, dict[str, str]]]]:
    """The first uninterrupted run of fields with our server's id; a later one may be the forger's own."""
    block: list[list[tuple[str, str, dict[str, str]]]] = []
    for field in fields:
        named, results = read_field(field)
        if named.casefold() == authserv_id.casefold():
            block.append(results)
        elif block:
            break
    return block


def read_field(value: str) -> tuple[str, list[tuple[str, str, dict[str, str]]]]:
    """The authserv-id of one header value and its results as (method, result, properties); comments and unknown syntax are passed over.

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
            results.append((found[1].lower(), found[2].lower(), properties))
    words = named.split()
    return (words[0].strip('"') if words else ""), results


def _domain(addr: str) -> str:
    return addr.rpartition("@")[2].strip(".").casefold()


def _covers(named: str, domain: str) -> bool:
    """`header.from` is the From domain itself (RFC 8601 §2.7); some servers write the organisational domain above it."""
    named = named.rpartition("@")[2].strip(".").casefold()
    return named == domain or (named.count(".") > 0 and domain.endswith("." + named))
