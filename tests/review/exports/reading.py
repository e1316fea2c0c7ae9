"""What a PDF says."""

import io

from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """All of its words, one blank between them."""
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    # pypdf tells both bytes of a code in a font with more than 256 signs.
    return " ".join(found.replace("\0", "").split())
