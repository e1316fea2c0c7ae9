"""What is said of a mail of which only the start is kept."""

from dataclasses import replace

from inbox.parsing import Attachment, ParsedMail


def marked(parsed: ParsedMail) -> ParsedMail:
    """The mail whose last attachment is cut: it has no hash, as not all of it is here, and the mail says what is missing."""
    cut = [one for one in parsed.attachments if one.is_last]
    names = " and ".join(f"“{one.name}”" if one.name else "a file without a name" for one in cut)
    problem = f"Of {names} only the start is here; what came after it, perhaps the text of the mail, is not." if cut else ""
    return replace(
        parsed,
        attachments=tuple(_without_hash(one) if one.is_last else one for one in parsed.attachments),
        problems=(*([problem] if problem else []), *parsed.problems),
    )


def _without_hash(attachment: Attachment) -> Attachment:
    return replace(attachment, sha256="")
