"""Durations in buckets, so that medians of a million mails cost a few hundred sums.

Up to 40 seconds each second has a bucket of its own; after that its end is at most 5 % above its beginning. A bucket is named by the
most seconds that fall into it, so a quantile read from buckets is never below the true one and at most 5 % above it.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from math import ceil

WIDTH = 0.05
LONGEST = 2**31 - 1
"""Seconds, as the columns hold them; 68 years."""


def _uppers() -> Iterator[int]:
    upper = 0
    while upper < LONGEST:
        yield upper
        upper = max(upper + 1, int(upper * (1 + WIDTH)))
    yield LONGEST


UPPERS = tuple(_uppers())
"""The most seconds of each bucket, ascending; in SQL `UPPERS[width_bucket(seconds, LOWERS)]`."""
LOWERS = (0, *(upper + 1 for upper in UPPERS[:-1]))


def bucket(seconds: int) -> str:
    """The key of the bucket into which so many seconds fall."""
    return str(UPPERS[bisect_left(UPPERS, seconds)])


def quantile(counts: Mapping[str, int], q: float) -> int | None:
    """The seconds within which a share `q` of all durations lies, 0.5 for the median; None where there are none.

    That is the smallest duration of which at least `q` of all are no longer (the inverse of the distribution function), rounded up to
    its bucket: 0 to 5 % above the exact one.
    """
    wanted = max(ceil(q * sum(counts.values())), 1)
    for upper, count in sorted((int(key), count) for key, count in counts.items()):
        wanted -= count
        if wanted <= 0:
            return upper
    return None
