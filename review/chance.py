"""Chance that nobody can steer, foresee or repeat until it suits: it hangs on the installation's secret and on what it is about alone."""

from django.utils.crypto import salted_hmac

_BITS = 53


def share(purpose: str, *ids: int) -> float:
    """A number in [0, 1), the same for the same `purpose` ("ramp", "audit" …) and ids, and as good as random over them.

    The first bits of an HMAC-SHA256 (RFC 2104) whose key is made from SECRET_KEY. It is known before anything is known about a draft.
    """
    words = ":".join([purpose, *map(str, ids)])
    digest = salted_hmac("review.chance", words, algorithm="sha256").digest()
    bits = int.from_bytes(digest[:8], "big") >> (64 - _BITS)
    return bits / (1 << _BITS)
