"""Files that the demo's mails carry, made by code."""

import struct
import zlib
from email.message import EmailMessage, Message
from email.policy import SMTP

INVITATION = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Demo//made up//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:visit-{day}@demo.example
DTSTAMP:{day}T080000Z
DTSTART:{day}T090000Z
DTEND:{day}T100000Z
SUMMARY:Bezoek magazijn
ORGANIZER:mailto:{sender}
ATTENDEE:mailto:{company}
END:VEVENT
END:VCALENDAR
"""


def attach(message: EmailMessage, wanted: str) -> None:
    """Add the files that `wanted` names: kinds and names, separated by semicolons."""
    for item in filter(None, (part.strip() for part in wanted.split(";"))):
        kind, _, name = item.partition(" ")
        if kind == "pdf":
            message.add_attachment(pdf(f"Made up for a demo: {name}"), maintype="application", subtype="pdf", filename=name)
        else:
            message.add_attachment(png(160, 120), maintype="image", subtype="png", filename=name)


def png(width: int, height: int) -> bytes:
    """A picture of a crate with a crushed corner, more or less (PNG, 8-bit RGB)."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y, width, height) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def pdf(line: str) -> bytes:
    """One page with one line of text (PDF 1.4)."""
    drawing = f"BT /F1 14 Tf 60 780 Td ({line}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def delivery_status(reporter: str, recipient: str) -> EmailMessage:
    """The part of a bounce that programs read (RFC 3464, 2)."""
    host = reporter.rpartition("@")[2]
    about_mail, about_recipient = Message(policy=SMTP), Message(policy=SMTP)
    about_mail["Reporting-MTA"] = f"dns; {host}"
    about_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    about_recipient["Action"] = "failed"
    about_recipient["Status"] = "5.1.1"
    about_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    status = EmailMessage(policy=SMTP)
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([about_mail, about_recipient])
    return status


def _pixel(x: int, y: int, width: int, height: int) -> bytes:
    if x + y > (width + height) * 0.78 and (x * y) % 7 < 4:
        return bytes((70, 58, 48))
    plank = (y // 20) % 2 * 14
    return bytes((184 - plank, 146 - plank, 96 - plank)) if x % 40 > 2 else bytes((112, 86, 54))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
