"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dovecot import dovecot_account, dovecot_server
from tests.mailservers import imap_account, imap_server, smtp_server
from tests.oauth_provider import oauth_provider, oauth_server

__all__ = ["dovecot_account", "dovecot_server", "imap_account", "imap_server", "oauth_provider", "oauth_server", "smtp_server"]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database goes with its server when the run ends. Dropping it before would wait for each connection that a thread still holds."""
    return True


ROOT = Path(__file__).parent
TIMED = ("drafting/test_hostile_lengths.py", "drafting/test_misbehaving_servers.py", "drafting/test_previews.py")
AT_A_TIME = {"browser": ("browser",), "whole machine": ("life", "bench", "faults", *TIMED)}
"""Tests of one group run on one worker, one after the other: one Chromium is enough, and what starts the whole product or measures time
does not do so twice at once. These groups take longest and begin first."""
APART = ("drafting/test_hostile_model.py",)
"""Files whose tests take minutes: each may run on any worker."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Share the tests out where several workers run them (deploy/test): by file, the long ones first.

    The groups are marked before every other plugin, as xdist reads them; the order is made after every other, as pytest-django sorts by
    the kind of database that a test asks for, which leaves the tests of the whole machine to the end, alone on one core.
    """
    # A worker is told of `--dist loadgroup` by this option; its own `dist` is always "no".
    shared_out = getattr(config.option, "loadgroup", False)
    for item in items if shared_out else ():
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    yield
    if shared_out:
        items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    long = [*AT_A_TIME, *APART]
    return next((place for place, name in enumerate(long) if _group(item).startswith(name)), len(long))


def _group(item: pytest.Item) -> str:
    file = item.path.relative_to(ROOT).as_posix()
    found = next((name for name, paths in AT_A_TIME.items() if file.startswith(paths)), file)
    return f"{file} {item.name}" if file in APART else found
