"""What parsing makes of a mail: plain, frozen data."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["person", "automatic", "bounce", "list", "own"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one mail is looked at. What lies beyond is left out, flagged and named in `problems`; the caller keeps the raw mail."""

    parts: int = 500
    depth: int = 100
    header_bytes: int = 262_144
    decoded_bytes: int = 100_000_000
    text_chars: int = 1_000_000
    html_chars: int = 1_000_000
    seconds: float = 1.5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not body text. `index` is what `read_attachment` takes; `size` and `sha256` are of the decoded bytes.

    `is_packed`: a file inside another attachment, a winmail.dat. `is_last`: the mail ends within it, so it is cut if the mail is.
    """

    index: int
    name: str
    content_type: str
    size: int
    sha256: str
    content_id: str = ""
    is_inline: bool = False
    is_packed: bool = False
    is_last: bool = False
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as intake sees it. Strings hold neither NUL nor lone surrogates, ids no angle brackets; what is missing is "", () or None.

    `text` is the whole readable body, `reply_text` what the person newly wrote. `sender_addrs` are all addresses of all From headers.
    `bounce_hard` is True for a permanent failure, False for a delay or temporary one, None where the mail is no bounce or does not say;
    with `bounce_is_delay` nothing has come back, as the server goes on trying.
    `authentication_results` are the raw values of that header, topmost first, in runs that Received lines part, for `inbox.authenticity`.
    """

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_addr: str = ""
    from_name: str = ""
    sender_addrs: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    reply_text: str = ""
    html: str = ""
    hidden_text: str = ""
    kind: Kind = "person"
    is_bounce: bool = False
    bounce_recipients: tuple[str, ...] = ()
    bounce_hard: bool | None = None
    bounce_is_delay: bool = False
    bounce_original_id: str = ""
    is_auto_reply: bool = False
    suppress_auto_reply: bool = False
    is_list: bool = False
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    return_path: str = ""
    authentication_results: tuple[tuple[str, ...], ...] = ()
    flags: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    readable: bool = True

    @property
    def bounce_recipient(self) -> str:
        """The first address that could not be reached."""
        return self.bounce_recipients[0] if self.bounce_recipients else ""
