"""A system check: does the active setup exist, and can this code draft with it? See README, "Connect a model".

It reads the database, so it runs with `manage.py check --database default` and when a drafting worker starts, and not with every command:
whoever has to mend the setup can still do so.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import ProgrammingError

from drafting.models import Setup

MEND = "Choose one with manage.py setup list and manage.py setup activate NUMBER, or pin one with manage.py setup add."


@register(Tags.database)
def active_setup(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Errors that keep drafting workers from starting. None where there is no setup yet: then drafts wait and say so."""
    if not databases:
        return []
    from drafting import setups  # every process registers this check, few run it

    try:
        return [
            *_named(setups.active()),
            *(Error(f"{words}.", hint=MEND, id="drafting.E004") for words in map(setups.unusable, setups.in_use()) if words),
        ]
    except ProgrammingError:
        # Before the first migrate there are no tables, and so no setup that could be wrong.
        return []


def _named(active: Setup | None) -> list[CheckMessage]:
    """What is wrong with the setup that the environment names."""
    named = settings.ACTIVE_SETUP
    if not named:
        return []
    known = list(Setup.objects.filter(fingerprint__startswith=named)[:2])
    if not known:
        words = f"COUNTERSIGN_SETUP names the setup {named}, which does not exist here."
        return [Error(words, hint="Correct it (manage.py setup list shows the fingerprints), or unset it.", id="drafting.E001")]
    if len(known) > 1:
        return [Error(f"COUNTERSIGN_SETUP is {named}, which several setups begin with.", hint="Give more characters.", id="drafting.E002")]
    if active != known[0]:
        words = f"COUNTERSIGN_SETUP names {known[0]}, but {active or 'no setup'} is active."
        return [Error(words, hint=f"Activate it with manage.py setup activate {known[0].pk}, or unset it.", id="drafting.E003")]
    return []
