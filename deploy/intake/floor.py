"""The least that could be done with the same mail: fetch it, parse it with the standard library, write the same rows with one COPY."""

import hashlib
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.db import connection
from imapclient import IMAPClient  # noqa: TID251 - beside which inbox/imap is measured

from deploy.intake import processor

BATCH = 50
TABLE = """CREATE TEMPORARY TABLE floor (raw_sha256 text, raw_size bigint, received_at timestamptz, message_id text, in_reply_to text,
    "references" text[], from_address text, "to" text[], subject text, date text, text text, html text)"""


def measure(*, port: int, user: str, password: str) -> tuple[int, float, float]:
    """How many mails the folder holds, how many seconds they took, and how many of the processor here and in PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS floor")
        cursor.execute(TABLE)
    began, worked, count = time.perf_counter(), processor.seconds(), 0
    with IMAPClient("127.0.0.1", port, ssl=False) as client, connection.cursor() as cursor:
        client.login(user, password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        with cursor.copy("COPY floor FROM STDIN") as copy:
            for start in range(0, len(uids), BATCH):
                found = client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]", "RFC822.SIZE", "INTERNALDATE"])
                for data in found.values():
                    copy.write_row(_row(data[b"BODY[]"], data[b"INTERNALDATE"]))
                count += len(found)
    return count, time.perf_counter() - began, processor.seconds() - worked


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
