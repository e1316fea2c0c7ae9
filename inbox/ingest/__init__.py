"""From a mail server or a file to a message in a conversation: store the bytes first, read them afterwards."""

from inbox.ingest.fetching import due_mailboxes, fetch_mailbox, ring
from inbox.ingest.posting import Posted, post_message
from inbox.ingest.reading import read_message, waiting_messages
from inbox.ingest.storing import LIMIT, Arrival, store_message, went_out_from_here

__all__ = [
    "LIMIT",
    "Arrival",
    "Posted",
    "due_mailboxes",
    "fetch_mailbox",
    "post_message",
    "read_message",
    "ring",
    "store_message",
    "waiting_messages",
    "went_out_from_here",
]
