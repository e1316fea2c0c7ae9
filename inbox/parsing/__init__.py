"""Mail parsing: bytes in, a frozen `ParsedMail` out. Pure: no database, no network, no clock but for its time limit."""

from inbox.parsing.mail import open_attachment, parse, read_attachment
from inbox.parsing.model import DEFAULT_LIMITS, Attachment, Kind, Limits, ParsedMail

__all__ = ["DEFAULT_LIMITS", "Attachment", "Kind", "Limits", "ParsedMail", "open_attachment", "parse", "read_attachment"]
