"""PDFs for tests, honest and hostile, written by hand or by the library that writes our exports."""

import io
import zlib

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def pdf(*pages: str) -> bytes:
    """A PDF with a page for each text."""
    made = FPDF()
    made.set_font("helvetica", size=10)
    for text in pages:
        made.add_page()
        made.multi_cell(w=0, text=text)
    return bytes(made.output())


def encrypted(content: bytes, *, password: str) -> bytes:
    """It opens with the password only; with "" for everybody, though its author forbids things."""
    writer, made = PdfWriter(clone_from=PdfReader(io.BytesIO(content))), io.BytesIO()
    writer.encrypt(password, "owner", algorithm="AES-256")
    writer.write(made)
    return made.getvalue()


def bomb(*, size: int) -> bytes:
    """A page of a few kilobytes whose content becomes `size` bytes of text commands."""
    command = b"BT /F 9 Tf (a) Tj ET "
    packed = zlib.compress(command * (size // len(command)))
    stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(packed), packed)
    return _file(_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", _PAGE, stream)


def endless() -> bytes:
    """A tree of pages that contains itself."""
    return _file(_CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")


def bushy() -> bytes:
    """A tree of pages, each of whose branches has four, which are the same: 4 to the power of 38 pages in two kilobytes."""
    branches = [b"<</Type/Pages/Kids[%b]/Count 9>>" % b" ".join([b"%d 0 R" % (number + 1)] * 4) for number in range(2, 40)]
    return _file(_CATALOG, *branches, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")


def _file(*objects: bytes) -> bytes:
    made, starts = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + tail
