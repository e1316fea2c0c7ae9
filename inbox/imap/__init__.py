"""IMAP, seen from us: list and fetch a folder, change its mails, file a copy. Whatever fails is `Unavailable` and names the step."""

from inbox.imap.changing import ChangeableFolder, open_to_change
from inbox.imap.folder import LONGEST, PIECE, Folder, Listed, Part, open_folder
from inbox.imap.idling import Idling
from inbox.imap.sent import file_copy, is_in_sent

__all__ = [
    "LONGEST",
    "PIECE",
    "ChangeableFolder",
    "Folder",
    "Idling",
    "Listed",
    "Part",
    "file_copy",
    "is_in_sent",
    "open_folder",
    "open_to_change",
]
