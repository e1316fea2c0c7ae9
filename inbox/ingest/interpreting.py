"""What a parsed mail means for its message: its fields, its kind, who vouches for its sender."""

from inbox import authenticity, threads
from inbox.flags import WITHHELD
from inbox.ingest.arrivals import POSTED
from inbox.models import Mailbox, Message, OutgoingMail
from inbox.parsing import ParsedMail
from inbox.replies import SENT

UNPROVEN = "own_unproven"
"""The flag of a mail that we seem to have written, though nothing proves it."""
_BROUGHT = "The mail came in through the API, where no mail server of ours checked who sent it."


def our_addresses() -> frozenset[str]:
    """The addresses of all mailboxes, in lower case."""
    return frozenset(address.lower() for address in Mailbox.objects.values_list("address", flat=True))


def interpret(message: Message, parsed: ParsedMail, *, ours: frozenset[str]) -> None:
    """Fill the fields of a message, all but its conversation. `ours` as in `our_addresses`. Nothing is saved."""
    _copy_headers(message, parsed)
    _copy_content(message, parsed)
    _judge_sender(message, parsed)
    message.kind = Message.Kind.OWN if _is_own(message, parsed, ours) else Message.Kind(parsed.kind)
    if message.kind == Message.Kind.OWN and not _is_proven(message):
        message.flags.append(UNPROVEN)
    is_whole = parsed.readable and WITHHELD not in message.flags
    message.state = Message.State.PARSED if is_whole else Message.State.UNREADABLE


def _is_own(message: Message, parsed: ParsedMail, ours: frozenset[str]) -> bool:
    """Whether we wrote it. Anybody, and every contact form, can write in our name: a mail in it that fails authentication, or that nothing
    proves and that is for nobody but us or wants its answer elsewhere, is for somebody to look at."""
    if SENT in message.flags and not parsed.is_bounce:
        return not _came_in(message.mailbox, parsed)
    if parsed.is_bounce or message.authenticity == Message.Authenticity.FAIL:
        return False
    if parsed.from_addr.lower() not in ours:
        return False
    return _is_proven(message) or _is_for_others(parsed, ours)


def _is_proven(message: Message) -> bool:
    """Of a mail in our name: whether it lay in our Sent folder, our server vouches for it, or it left from here."""
    if SENT in message.flags or message.authenticity == Message.Authenticity.PASS:
        return True
    return bool(message.message_id) and OutgoingMail.objects.filter(message_id=message.message_id).exists()


def _is_for_others(parsed: ParsedMail, ours: frozenset[str]) -> bool:
    written_to, wanted = ({one.lower() for one in them} for them in ((*parsed.to, *parsed.cc), parsed.reply_to))
    return bool(written_to - ours) and not wanted - ours


def _came_in(mailbox: Mailbox, parsed: ParsedMail) -> bool:
    """Whether somebody elsewhere wrote it to us: folders named Sent may hold what people moved there."""
    address = mailbox.address.lower()
    is_foreign = parsed.from_addr.lower().rpartition("@")[2] != address.rpartition("@")[2]
    return is_foreign and address in {one.lower() for one in (*parsed.to, *parsed.cc)}


def _copy_headers(message: Message, parsed: ParsedMail) -> None:
    message.message_id = parsed.message_id[: threads.LONGEST_ID]
    message.in_reply_to = parsed.in_reply_to[: threads.LONGEST_ID]
    message.references = threads.mentioned_ids(parsed)
    message.from_address, message.from_name = parsed.from_addr[:320], parsed.from_name
    message.reply_to, message.to, message.cc = list(parsed.reply_to), list(parsed.to), list(parsed.cc)
    message.subject, message.date = parsed.subject, parsed.date


def _copy_content(message: Message, parsed: ParsedMail) -> None:
    message.text, message.reply_text = parsed.text, parsed.reply_text
    message.html, message.hidden_text = parsed.html, parsed.hidden_text
    message.language = parsed.language[:8]
    message.flags = list(dict.fromkeys([*message.flags, *(flag[:40] for flag in parsed.flags)]))
    message.problem = " ".join(filter(None, [message.problem, *parsed.problems]))
    message.suppress_auto_reply = parsed.suppress_auto_reply
    message.bounce_recipients = list(parsed.bounce_recipients)
    message.bounce_is_hard, message.bounce_is_delay = parsed.bounce_hard, parsed.bounce_is_delay


def _judge_sender(message: Message, parsed: ParsedMail) -> None:
    if POSTED in message.flags:
        message.authenticity, message.authenticity_reason = Message.Authenticity.NONE, _BROUGHT
        return
    verdict = authenticity.judge(
        parsed.authentication_results,
        authserv_id=message.mailbox.authserv_id,
        from_addr=parsed.from_addr,
        sender_addrs=parsed.sender_addrs,
    )
    message.authenticity, message.authenticity_reason = Message.Authenticity(verdict.result), verdict.reason
