"""One mail of every class that intake knows, made up for these tests: what the fuzzing run mutates."""

from base64 import b64encode
from struct import pack

HEAD = (
    b"From: Ana Sol <ana@customer.example>\nTo: service@company.example\n"
    b"Date: Mon, 2 Mar 2026 09:12:01 +0100\nMessage-ID: <1@customer.example>\n"
)
PIXEL = b64encode(bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")).decode().encode()
TEXT = "Grüße, where is order SO-1204? 東京 Łódź"


def plain(body: bytes, *, headers: bytes = b"Subject: order\n") -> bytes:
    """A mail of one part."""
    return HEAD + headers + b"\n" + body


def parts(kind: bytes, *bodies: bytes, headers: bytes = b"Subject: order\n") -> bytes:
    """A mail of several parts, each with its own header lines."""
    joined = b"".join(b"--b\n" + body + b"\n" for body in bodies)
    return HEAD + headers + b"MIME-Version: 1.0\nContent-Type: multipart/" + kind + b"; boundary=b\n\n" + joined + b"--b--\n"


def _text(charset: str, *, encoding: bytes = b"8bit") -> bytes:
    body = TEXT.encode(charset, "replace")
    coded = b64encode(body) if encoding == b"base64" else body
    head = b"Subject: order\nContent-Type: text/plain; charset=" + charset.encode() + b"\nContent-Transfer-Encoding: " + encoding + b"\n"
    return plain(coded, headers=head)


def attribute(number: int, value: bytes) -> bytes:
    """One attribute of a winmail.dat."""
    return b"\1" + pack("<II", number, len(value)) + value + pack("<H", sum(value) & 0xFFFF)


def properties(*found: tuple[int, int, bytes]) -> bytes:
    """MAPI properties as (type, number, value), each of a type with a length."""
    padded = (pack("<HHII", kind, number, 1, len(value)) + value + bytes(-len(value) % 4) for kind, number, value in found)
    return pack("<I", len(found)) + b"".join(padded)


def element(tag: int, *inner: bytes) -> bytes:
    """One element of BER with a known length."""
    content = b"".join(inner)
    return bytes([tag, 0x82]) + pack(">H", len(content)) + content


WINMAIL = (
    b"\x78\x9f\x3e\x22\1\0"
    + attribute(0x00069007, pack("<II", 1252, 0))
    + attribute(0x0002800C, b"Where is order 4711?\0")
    + attribute(0x00069002, bytes(14))
    + attribute(0x00018010, b"UBERSI~1.PDF\0")
    + attribute(0x0006800F, b"%PDF-1.4 packed")
    + attribute(0x00069005, properties((0x1F, 0x3707, "Übersicht Mai.pdf\0".encode("utf-16-le"))))
    + attribute(0x00069002, bytes(14))
    + attribute(0x00018010, b"note.txt\0")
    + attribute(0x0006800F, b"a note")
)
INSIDE = (
    b"Content-Type: multipart/mixed; boundary=s\r\n\r\n--s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "Grüße".encode()
    + b"\r\n--s\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n--s--\r\n"
)  # fmt: skip
SIGNED = element(
    0x30,
    bytes.fromhex("06092a864886f70d010702"),
    b"\xa0\x80"
    + b"0\x80\2\1\1\x31\0"
    + b"0\x80"
    + bytes.fromhex("06092a864886f70d010701")
    + b"\xa0\x80\x24\x80"
    + element(4, INSIDE[:50])
    + element(4, INSIDE[50:])
    + bytes(6)
    + b"\0\0"
    + b"\x31\0"
    + bytes(4),
)
HTML = b"""Content-Type: text/html; charset=utf-8

<div>Where is <b>order SO-1204</b>?<ul><li>two belts<li>one pulley</ul><table><tr><td>SKU<td>4711</table>
<span style="display:none">hidden words</span><div class="gmail_quote"><div class="gmail_attr">On Mon, Ana wrote:<br></div>
<blockquote>It left on Friday.</blockquote></div></div>"""
STATUS = b"""Content-Type: message/delivery-status

Reporting-MTA: dns; mx.company.example

Final-Recipient: rfc822; nobody@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user"""
CALENDAR = b"""Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:Delivery slot
END:VEVENT
END:VCALENDAR"""
QUOTES = {
    "de": "Am 02.03.2026 um 09:12 schrieb Ana Sol:",
    "fr": "Le lun. 2 mars 2026 à 09:12, Ana Sol <ana@customer.example> a écrit :",
    "es": "El lun, 2 mar 2026 a las 9:12, Ana Sol (<ana@customer.example>) escribió:",
    "it": "Il giorno lun 2 mar 2026 alle ore 09:12 Ana Sol ha scritto:",
    "nl": "Op ma 2 mrt 2026 om 09:12 schreef Ana Sol:",
    "pl": "W dniu 02.03.2026 o 09:12, Ana Sol pisze:",
    "pt": "Em seg., 2 de mar. de 2026 às 09:12, Ana Sol escreveu:",
    "ru": "2 марта 2026 г., 09:12, Ana Sol написал(а):",
    "ja": "2026年3月2日(月) 9:12 Ana Sol <ana@customer.example>:",
    "zh": "Ana Sol <ana@customer.example> 于2026年3月2日周一 09:12写道：",
}
CHARSETS = ("utf-8", "iso-8859-1", "cp1252", "iso-2022-jp", "gb18030", "euc-kr", "koi8-r", "utf-16")
SIGNATURE = b"Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----"
PICTURE = b"Content-Type: image/png\nContent-ID: <i>\nContent-Transfer-Encoding: base64\n\n" + PIXEL
RETURNED = b"Content-Type: text/rfc822-headers\n\n" + HEAD
DAEMON = b"From: Mail Delivery <MAILER-DAEMON@mx.company.example>\nReturn-Path: <>\nSubject: Undelivered Mail\n\n"
OUTLOOK = "Thanks, that helps.\n\n-----Original Message-----\nFrom: Ana Sol\nSent: Monday\nTo: Service\nSubject: order\n\nWhere is it?\n"

CLASSES: dict[str, bytes] = {
    **{f"text in {name}": _text(name) for name in CHARSETS},
    **{f"text in base64, {name}": _text(name, encoding=b"base64") for name in ("utf-8", "cp1252", "big5")},
    **{f"a quote in {name}": plain(f"Yes please.\n\n{line}\n> Shall we?\n".encode()) for name, line in QUOTES.items()},
    "an Outlook quote": plain(OUTLOOK.encode()),
    "answers between the lines": plain(b"> Which order?\nSO-1204.\n\n> By when?\nFriday.\n"),
    "a signature": plain(b"Where is it?\n\n-- \nAna Sol\nCustomer Ltd\n+49 30 1234\n"),
    "quoted-printable": plain(b"Gr=C3=BC=C3=9Fe=\n, soft line", headers=b"Subject: a\nContent-Transfer-Encoding: quoted-printable\n"),
    "format flowed": plain(b"a line that \ngoes on\n> quoted \n> too\n", headers=b"Content-Type: text/plain; format=flowed; delsp=yes\n"),
    "raw 8-bit headers": plain(b"hello", headers="Subject: Grüße\nX-Name: Łódź\n".encode("cp1252", "replace")),
    "encoded words": plain(b"hello", headers=b"Subject: =?utf-8?Q?Gr=C3?=\n =?utf-8?Q?=BC=C3=9Fe?= =?iso-8859-1?B?/Pw=?=\n"),
    "alternatives": parts(b"alternative", b"Content-Type: text/plain\n\nWhere is SO-1204?", HTML),
    "an inline picture": parts(b"related", HTML, PICTURE),
    "an attachment": parts(
        b"mixed",
        b"Content-Type: text/plain\n\nsee the note",
        b"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''Liefer%C3%BCbersicht.pdf\n\n%PDF-1.4",
    ),
    "a continued file name": parts(b"mixed", b"Content-Type: application/x; name*0*=utf-8''a%20; name*1*=b; name*2=c.txt\n\nx"),
    "an enclosed mail": parts(b"mixed", b"Content-Type: message/rfc822\n\n" + plain(b"inside")),
    "a calendar": parts(b"alternative", b"Content-Type: text/plain\n\nsee invitation", CALENDAR),
    "a TNEF part": parts(b"mixed", b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgAA"),
    "a TNEF part with text and files": parts(
        b"mixed", b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + b64encode(WINMAIL)
    ),
    "only an invitation": HEAD + CALENDAR,
    "inside its signature": plain(
        b64encode(SIGNED),
        headers=b"Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: base64\n",
    ),
    "signed": parts(b"signed", b"Content-Type: text/plain\n\nhello", SIGNATURE),
    "uuencoded": plain(b"see\n\nbegin 644 note.txt\n#0V%T\n`\nend\n"),
    "a boundary that never comes": HEAD + b"Content-Type: multipart/mixed; boundary=never\n\nhello there",
    "a boundary without an end": parts(b"mixed", b"Content-Type: text/plain\n\nhello").replace(b"--b--", b""),
    "no header": b"hello there\n",
    "no body": HEAD,
    "no From": b"To: service@company.example\nSubject: x\n\nhello",
    "several From": b"From: a@customer.example, b@customer.example\nSubject: x\n\nhello",
    "a bounce by the standard": parts(b"report", b"Content-Type: text/plain\n\nIt could not be delivered.", STATUS, RETURNED),
    "a bounce in prose": DAEMON + b"<nobody@customer.example>: 550 user unknown\n",
    "out of office": plain(b"I am away.", headers=b"Subject: Out of office\nAuto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n"),
    "a newsletter": plain(b"News", headers=b"List-Id: <news.company.example>\nList-Unsubscribe: <mailto:x@y.example>\nPrecedence: bulk\n"),
    "right to left": plain("\u202eאיפה ההזמנה שלי?\u202c".encode()),
    "tags and invisible characters": plain("Hello\u200b\u2060\ufeff \U000e0041\U000e0042\U000e007f".encode()),
}  # fmt: skip
"""By what is special about it."""
