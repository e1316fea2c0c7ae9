"""What there is about a person, taking it away with them, and erasing it; and how long what is kept.

`findings`, `export` and `erase` are about one person; `retention` about everybody. Reports and the ledger count rows, whose content goes
here while they stay, so that both add up as before.
"""

from review.privacy.addresses import digest, read
from review.privacy.erasing import erase
from review.privacy.errors import CannotErase, Hindrance, NotAPerson
from review.privacy.exporting import export
from review.privacy.findings import Findings, findings

__all__ = ["CannotErase", "Findings", "Hindrance", "NotAPerson", "digest", "erase", "export", "findings", "read"]
