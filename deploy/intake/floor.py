"""The least that could be done with the same mail: fetch it, parse it with the standard library, write the same rows with one COPY."""

import hashlib
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.db import connection
from imapclient import IMAPClient  # noqa: TID251 - beside which inbox/imap.py is measured

BATCH = 50
TABLE = """CREATE TEMPORARY TABLE floor (raw_sha256 text, raw_size bigint, received_at timestamptz, message_id text, in_reply_to text,
    "references" text[], from_address text, "to" text[], subject text, date text, text text, html text)"""


def measure(*, port: int, user: str, password: str) -> tuple[int, float]:
    """How many mails the folder holds, and how many seconds they took."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    began = time.perf_counter()
    rows = []
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client.login(user, password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), BATCH):
            found = client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]", "RFC822.SIZE", "INTERNALDATE"])
            rows += [_row(data[b"BODY[]"], data[b"INTERNALDATE"]) for data in found.values()]
    with connection.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows), time.perf_counter() - began


def _row(raw: bytes, received_at: object) -> tuple[object, ...]:
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    sender = mail["From"].addresses[0].addr_spec if mail["From"] else ""
    to = [one.addr_spec for one in mail["To"].addresses] if mail["To"] else []
    ids = str(mail["References"] or "").split()
    return (
        *(hashlib.sha256(raw).hexdigest(), len(raw), received_at, str(mail["Message-ID"]), str(mail["In-Reply-To"] or ""), ids),
        *(sender, to, str(mail["Subject"]), str(mail["Date"]), _text(mail, "plain"), _text(mail, "html")),
    )


def _text(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()).replace("\x00", "") if body else ""
