"""What is written in the files that came with a mail, as far as the model is shown it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Left

from inbox import extraction
from inbox.models import Attachment

MOST_CHARACTERS = 6_000
"""Of all files together: a model that reads 8,000 tokens at once has room for the rest then."""
_State = Attachment.Text
_UNREAD = {
    _State.NONE: "was not read",
    _State.WAITING: "was not read in time",
    _State.START: "was read in part",
    _State.EMPTY: "has no text that can be read",
    _State.ENCRYPTED: "is encrypted",
    _State.TOO_LARGE: "is too large to be read",
    _State.TOO_SLOW: "took too long to read",
    _State.DAMAGED: "is damaged",
}


@dataclass(frozen=True)
class Written:
    """`texts` are {"name", "text"} of the files in which something was read; `unread` says of each that was not read whole why, in words.

    Files of which no text is ever read, such as pictures, are in neither.
    """

    texts: list[dict[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """All of it, one file after the other."""
        return "\n\n".join(each["text"] for each in self.texts)


def read(files: Sequence[Attachment]) -> Written:
    """What is written in these files, in their order, while there is room."""
    texts = dict(Attachment.objects.filter(pk__in=[one.pk for one in files]).values_list("pk", Left("text", MOST_CHARACTERS + 1)))
    written, room = Written(), MOST_CHARACTERS
    for file in (one for one in files if extraction.can_read(one.content_type)):
        text, state = texts.get(file.pk, ""), _State(file.text_state)
        if shown := text[:room]:
            written.texts.append({"name": name_of(file), "text": shown})
        if problem := _UNREAD[_State.START] if len(text) > room else _UNREAD.get(state):
            written.unread.append(f"“{name_of(file)}” {problem}")
        room -= len(shown)
    return written


def name_of(file: Attachment) -> str:
    """What the model, and whoever reads a check, is told that it is called."""
    return file.name or "(no name)"
