"""The ledger of an attempt for others, with everything that it takes to recompute the evidence."""

from review.models import Attempt


def as_json(attempt: Attempt) -> str:
    """The ledger as JSON."""
    raise NotImplementedError


def as_csv(attempt: Attempt) -> str:
    """The ledger as CSV, a line for each verdict."""
    raise NotImplementedError


def archive(attempt: Attempt) -> bytes:
    """Both in a ZIP archive, with a script that recomputes the evidence by the standard library alone."""
    raise NotImplementedError
