"""From a mail server or a file to a message in a conversation: store the bytes first, read them afterwards.

`fetching`, `posting` and the import bring mails, `storing` writes rows for those that `recognising` does not know, `reading` reads one and
`together` many, and `joining` puts what `interpreting` made of them into conversations.
"""

from inbox.ingest.arrivals import Arrival
from inbox.ingest.fetching import due_mailboxes, fetch_mailbox, ring
from inbox.ingest.posting import Posted, post_message
from inbox.ingest.reading import read_message, waiting_messages
from inbox.ingest.recognising import went_out_from_here
from inbox.ingest.storing import LIMIT, store_message

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
