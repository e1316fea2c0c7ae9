"""The system check of the active setup."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from drafting import checks, setups
from drafting.models import Setup
from tests.drafting.factories import make_category, make_setup

pytestmark = pytest.mark.django_db
USABLE = {"dialect": "json_schema", "sampling": {"max_tokens": 100}, "context_length": 8192}


def found() -> list[str]:
    return [each.id or "" for each in checks.active_setup(databases=["default"])]


def active(**about: Any) -> Setup:
    setup = make_setup(**{"parts": USABLE} | about)
    setups.activate(setup=setup, by=None)
    return setup


def test_without_a_setup_nothing_is_wrong() -> None:
    assert found() == []


def test_a_setup_that_can_be_used_is_fine(settings: Any) -> None:
    settings.ACTIVE_SETUP = active().fingerprint[:64]
    assert found() == []


def test_a_setup_that_the_environment_names_must_exist(settings: Any) -> None:
    active()
    settings.ACTIVE_SETUP = "feed"
    assert found() == ["drafting.E001"]


def test_a_name_must_mean_one_setup(settings: Any) -> None:
    active(fingerprint="ab" * 32)
    make_setup(fingerprint="abcd" * 16)
    settings.ACTIVE_SETUP = "ab"
    assert found() == ["drafting.E002"]


def test_the_named_setup_must_be_the_active_one(settings: Any) -> None:
    active()
    settings.ACTIVE_SETUP = make_setup(fingerprint="ab" * 32, parts=USABLE).fingerprint
    assert found() == ["drafting.E003"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "lacks dialect and sampling and context_length"),
        (USABLE | {"dialect": "xml"}, "wants the dialect 'xml'"),
        (USABLE | {"sampling": {}}, "sets no max_tokens"),
    ],
)
def test_a_setup_that_this_code_cannot_use_is_said_why(parts: dict[str, Any], words: str) -> None:
    active(parts=parts)
    assert words in checks.active_setup(databases=["default"])[0].msg


def test_a_categorys_own_setup_is_looked_at_too() -> None:
    active()
    setups.activate(setup=make_setup(parts={}), by=None, category=make_category())
    assert found() == ["drafting.E004"]


def test_only_checks_that_may_read_the_database_look() -> None:
    active(parts={})
    call_command("check")
    with pytest.raises(SystemCheckError, match=r"drafting\.E004"):
        call_command("check", databases=["default"])
