"""Mails that were fetched together are read together: parsed first, then rows, conversations and the watermark in one transaction.

That is the way of ordinary mail. Whatever is not, is recorded unread and goes the way of `reading`, each mail by itself: what cannot be
parsed, bounces, what is known already or not here in full. So does a whole chunk that the database refuses.
"""

import logging
import time
from collections.abc import Mapping, Sequence

from inbox import parsing
from inbox.ingest.arrivals import Arrival
from inbox.ingest.interpreting import interpret, our_addresses
from inbox.ingest.joining import join
from inbox.ingest.storing import Recorded, are_strangers, record_all, row
from inbox.models import Mailbox, Message
from inbox.parsing import ParsedMail
from inbox.placing import Letter

BUDGET = 10.0
"""Seconds for the parsing of one chunk; what is left then is read by itself."""

logger = logging.getLogger(__name__)


def parse_all(arrivals: Sequence[Arrival]) -> dict[str, ParsedMail]:
    """What the ordinary ones of these mails say, by the hash of their bytes."""
    until = time.monotonic() + BUDGET
    understood = {}
    for one in arrivals:
        if time.monotonic() > until:
            break
        parsed = _parse(one) if one.is_whole else None
        # A bounce changes what becomes of our own mail, and is rare.
        if parsed and not parsed.is_bounce:
            understood[one.sha256] = parsed
    return understood


def _parse(arrival: Arrival) -> ParsedMail | None:
    try:
        return parsing.parse(arrival.raw)
    except Exception:
        logger.exception("The mail %s is left to be read by itself", arrival.sha256)
        return None


def record(*, mailbox: Mailbox, arrivals: Sequence[Arrival], understood: Mapping[str, ParsedMail]) -> Recorded:
    """Write the rows of mails that arrived, with all that follows for those that are `understood`. Run it in a transaction."""
    if not (understood and are_strangers(mailbox, arrivals)):
        return record_all(mailbox=mailbox, arrivals=arrivals)
    messages, ours, letters = [row(mailbox, one) for one in arrivals], our_addresses(), []
    for message in messages:
        if parsed := understood.get(message.raw_sha256):
            interpret(message, parsed, ours=ours)
            letters.append(Letter(message, parsed))
    join(mailbox=mailbox, letters=letters, save=lambda: Message.objects.bulk_create(messages))
    unread = [one.pk for one in messages if one.state == Message.State.RECEIVED]
    return Recorded({one.raw_sha256: one.pk for one in messages}, [one.pk for one in messages], unread)
