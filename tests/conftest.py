"""Fixtures that every test may ask for."""

import gc
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

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
AT_A_TIME = {
    "whole machine": ("life", "faults", *TIMED),
    "pages": ("browser/test_craft.py", "bench", "deploy/simulation"),
    "browser": ("browser",),
}
"""Tests of one group run on one worker, one after the other: two Chromiums are enough, and what starts the whole product or rests on time
does not do so twice at once. These groups take longest and begin first, each in the order of its paths."""
APART = ("drafting/test_hostile_model.py",)
"""Files whose tests take minutes: each may run on any worker."""


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each worker one group after the other. xdist's own groups (`--dist loadgroup`) rest on names of tests that pytest 9.2 does not
    let it change any more."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, name = nodeid.removeprefix(f"{ROOT.name}/").partition("::")
        return _group(file, name)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """How tests are shared out where several workers run them (deploy/test)."""
    return Sharing(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: it is not looked through for garbage while thousands of tests make theirs."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long groups first: at the end one worker would be alone with them. Last, as pytest-django sorts too."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    file = item.path.relative_to(ROOT).as_posix()
    paths = [*(path for group in AT_A_TIME.values() for path in group), *APART]
    return next((place for place, path in enumerate(paths) if file.startswith(path)), len(paths))


def _group(file: str, name: str) -> str:
    found = next((group for group, paths in AT_A_TIME.items() if file.startswith(paths)), file)
    return f"{file} {name}" if file in APART else found
