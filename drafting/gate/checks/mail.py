"""What the mail and its sender must be like."""

from drafting.gate.flags import find_flags
from drafting.gate.instructions import find_instructions
from drafting.gate.subject import Check, GateSubject, verdict
from drafting.gate.wording import quoted

INSTRUCTIONS_FLAG = "instructions_to_assistant"
CAP_HOURS = 24
UNREAD = {
    "truncated": "its end was cut off",
    "out_of_time": "reading it took too long",
    "too_many_parts": "it has too many parts",
    "too_deep": "it is nested too deeply",
    "long_header": "its header is too long",
    "attachments_too_large": "its attachments are too large",
    "no_text": "it has no readable text, only attachments",
}
"""What intake notices of a mail that is not read to its end, and what it means."""


def sender_authenticated(subject: GateSubject) -> Check:
    """The mail provider vouches for the sender's domain (DMARC)."""
    because = f": {subject.authentication_reason.rstrip('.')}" if subject.authentication_reason else ""
    problem = "" if subject.is_authenticated else f"The sender's address is not authenticated{because}. It may be forged."
    return verdict("sender_authenticated", problem=problem, otherwise=f"The sender's address is authenticated{because}.")


def sender_known(subject: GateSubject) -> Check:
    """The address belongs to a customer."""
    problem = "" if subject.is_known else f"{subject.sender or 'The sender'} belongs to no customer that we know."
    return verdict("sender_known", problem=problem, otherwise=f"{subject.sender} belongs to a customer.")


def not_automation(subject: GateSubject) -> Check:
    """The mail is from a person, and wants an answer from nobody's robot."""
    problem = "" if subject.message_kind == "person" else f"The mail is not from a person but {subject.message_kind or 'of unknown kind'}."
    if not problem and subject.suppress_auto_reply:
        problem = "The mail asks not to be answered automatically."
    return verdict("not_automation", problem=problem, otherwise="The mail is from a person.")


def recipient_is_sender(subject: GateSubject) -> Check:
    """The reply goes to the sender and to nobody else."""
    sender = subject.sender.strip().casefold()
    others = [address for address in (*subject.recipients, *subject.reply_to) if address.strip().casefold() != sender]
    problem = f"The reply would go to {quoted(others)} and not only to the sender." if others else ""
    if not sender or len(subject.recipients) != 1:
        problem = problem or "It is not certain to whom the reply would go."
    return verdict("recipient_is_sender", problem=problem, otherwise=f"The reply goes to {subject.sender} and nobody else.")


def mail_read_whole(subject: GateSubject) -> Check:
    """Nothing of the mail was left out: what nobody read may be what matters."""
    missing = [words for flag, words in UNREAD.items() if flag in subject.mail_flags]
    missing += [f"its file {file}" for file in subject.unread_files]
    problem = f"Not all of the mail was read: {' and '.join(missing)}." if missing else ""
    return verdict("mail_read_whole", problem=problem, otherwise="The mail was read to its end.")


def no_hidden_text(subject: GateSubject) -> Check:
    """The mail has no text that its reader would not have seen."""
    hidden = " ".join(subject.hidden_text.split())
    problem = f"The mail has hidden text: {quoted([hidden])}." if hidden else ""
    return verdict("no_hidden_text", problem=problem, otherwise="No hidden text.")


def no_instructions(subject: GateSubject) -> Check:
    """Nothing in the mail, or in what else the assistant read, tries to tell it what to do."""
    found = find_instructions(subject.sender_name, subject.subject, subject.mail_text, subject.hidden_text, *subject.attachment_names)
    problem = f"The mail seems to instruct an assistant: {quoted(found)}." if found else ""
    attached = find_instructions(*subject.attachment_texts)
    if not problem and attached:
        problem = f"A file that came with the mail seems to instruct an assistant: {quoted(attached)}."
    elsewhere = find_instructions(*subject.other_texts)
    if not problem and elsewhere:
        problem = f"Something that was looked up, or an earlier mail, seems to instruct an assistant: {quoted(elsewhere)}."
    if not problem and INSTRUCTIONS_FLAG in subject.flags:
        problem = "The assistant saw instructions to itself in the mail."
    return verdict("no_instructions", problem=problem, otherwise="No instructions aimed at an assistant.")


def no_sensitive_flags(subject: GateSubject) -> Check:
    """No complaint, threat, legal or medical matter, no press."""
    by_words = find_flags(subject.subject, subject.mail_text, *subject.attachment_texts)
    reasons = [f"{flag} ({quoted(words)})" for flag, words in by_words.items()]
    reasons += [
        f"{flag} (says the assistant)" for flag in dict.fromkeys(subject.flags) if flag not in by_words and flag != INSTRUCTIONS_FLAG
    ]
    problem = f"The mail may be sensitive: {', '.join(reasons)}." if reasons else ""
    return verdict("no_sensitive_flags", problem=problem, otherwise="No complaint, threat, legal or medical matter, no press.")


def caps_not_reached(subject: GateSubject) -> Check:
    """Two assistants that answer each other stop after one reply, and no sender can have us write without end.

    Counted is what left alone, or could have, within `CAP_HOURS`; not the draft that is judged.
    """
    counts = (
        (subject.replies_in_conversation, subject.most_in_conversation, "in this conversation"),
        (subject.replies_to_sender, subject.most_to_sender, "to this sender"),
        (subject.replies_in_category, subject.most_in_category, "in this category"),
    )
    capped = [(count, most, where) for count, most, where in counts if most is not None]
    unknown = [where for count, _, where in capped if count is None]
    reached = [f"{count} {where} (at most {most})" for count, most, where in capped if count is not None and count >= most]
    problem = f"Nobody counted the replies {' and '.join(unknown)}." if unknown else ""
    problem = f"Within {CAP_HOURS} hours there were enough replies that could leave alone: {', '.join(reached)}." if reached else problem
    return verdict("caps_not_reached", problem=problem, otherwise="No daily cap is reached.")
