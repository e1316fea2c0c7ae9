"""What runs: the setups in use, and in which parts they differ from what is pinned."""

from dataclasses import dataclass
from typing import cast

from django.core.cache import caches

from drafting import setups
from review.desk import words

SETUP_SECONDS = 15
"""How long what is known of the setup may be old; reading it and the rules anew costs several queries."""
_SETUP = "setup-in-use"


@dataclass(frozen=True, slots=True)
class SetupInUse:
    """The default setup by name ("" for none), in which parts what runs differs from which setup in use, and those whose model changed.

    `used` are the ids of the setups in use by category, the default one under None.
    """

    name: str
    is_standin: bool
    differing: list[tuple[str, list[str]]]
    changed: list[str]
    used: dict[int | None, int]


def setup_in_use() -> SetupInUse:
    """What is known of the setups in use, a few seconds old at most."""
    return cast(SetupInUse, caches["process"].get_or_set(_SETUP, _setup_in_use, SETUP_SECONDS))


def forget_setup() -> None:
    """Look anew at what runs: a rule or something else that is pinned was saved."""
    caches["process"].delete(_SETUP)


def _setup_in_use() -> SetupInUse:
    by_category = setups.by_category()
    setup = by_category.get(None)
    if setup is None:
        return SetupInUse("", False, [], [], {})
    found = [(str(used), setups.differences(used)) for used in setups.in_use()]
    differing = [(name, [words.humanised(part).lower() for part in parts if part != "canaries"]) for name, parts in found]
    changed = [name for name, parts in found if "canaries" in parts]
    used = {category: each.pk for category, each in by_category.items()}
    return SetupInUse(str(setup), setups.is_standin(setup), [each for each in differing if each[1]], changed, used)
