"""Whether what admins edit is still what the setups in use pinned."""

from dataclasses import dataclass

from django.urls import reverse

from drafting import setups
from drafting.models import Version
from review.desk import words
from review.desk.automation import losing

PINNED = {Version.Kind.RULE, Version.Kind.GUIDANCE, Version.Kind.CONNECTOR, Version.Kind.LOOKUP, Version.Kind.CATEGORY}
"""What goes into the fingerprint of a setup. Articles and templates are looked up like other facts."""


@dataclass(frozen=True, slots=True)
class Differing:
    """That what runs is not what was pinned; `pin_url` is where an admin pins it, by which `losing` is lost."""

    setup: str
    parts: str
    losing: str
    pin_url: str


def is_pinned(kind: str) -> bool:
    """Whether a change of this kind is a difference from the setup."""
    return kind in PINNED


def differs() -> Differing | None:
    """Whether what runs differs from a setup in use; none of its drafts is eligible as long as it does.

    Another model (its canaries differ) is not meant: pinning anew does not mend that.
    """
    found = setups.compare()
    first = next((setup for setup in found.used.values() if setup in found.changed), None)
    if first is None:
        return None
    parts = [words.humanised(part).lower() for part in found.changed[first]]
    return Differing(str(first), words.listed(parts), losing.told(losing.by_pinning(found)), reverse("setup_repin"))
