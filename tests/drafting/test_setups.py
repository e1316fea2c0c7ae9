from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from drafting import pinning, setups
from drafting.errors import Unavailable
from drafting.models import Guidance, Rule, Setup
from drafting.protocol import fingerprint
from tests.drafting.factories import make_category, make_draft, make_setup
from tests.drafting.model_server import MODEL, obeys, refuses_format, says, sends, serving

pytestmark = pytest.mark.django_db
ANSWER = says("{}")


def pinned(**about: Any) -> Setup:
    with serving(ANSWER) as script:
        return pinning.pin(base_url=script.base_url, model=MODEL, by=None, **about)


def test_the_fingerprint_is_the_hash_of_the_parts() -> None:
    setup = pinned()
    assert setup.fingerprint == fingerprint(setup.parts)
    assert {"base_url", "model", "sampling", "prompts", "rules", "tools", "gate", "parser", "dialect"} <= setup.parts.keys()


def test_every_module_that_shapes_a_draft_is_pinned() -> None:
    keeps_or_shows = {"admin", "apps", "drafts", "errors", "models", "pinning", "records", "setups", "tables", "tasks"}
    keeps_or_shows |= {"canaries", "checks", "presets", "probing", "replays", "setup_jobs", "versions"}
    runs_elsewhere = {"bounded_http", "management", "migrations", "standin"}
    folder = Path(setups.__file__).parent
    modules = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    pinned_modules = {name.removeprefix("drafting.") for names in setups.CODE.values() for name in names if name.startswith("drafting.")}
    assert modules - keeps_or_shows - runs_elsewhere == pinned_modules


def test_pinning_the_same_twice_gives_the_same_setup() -> None:
    with serving(ANSWER) as script:
        first = pinning.pin(base_url=script.base_url, model=MODEL, by=None)
        assert pinning.pin(base_url=f"{script.base_url}/", model=MODEL, by=None) == first
        assert pinning.pin(base_url=script.base_url, model=MODEL, by=None, weights="sha256:1") != first


def test_the_database_refuses_to_change_or_delete_a_setup() -> None:
    setup = make_setup()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Setup.objects.filter(pk=setup.pk).update(model="another")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Setup.objects.filter(pk=setup.pk).delete()
    setup.refresh_from_db()
    assert setup.model == "none"


def test_the_newest_activation_says_which_setup_is_active() -> None:
    assert setups.active() is None
    first, second = make_setup(), make_setup()
    for setup in (first, second, first):
        setups.activate(setup=setup, by=None)
    assert setups.active() == first


def test_activating_a_setup_wakes_the_drafts_that_wait() -> None:
    draft = make_draft(due_at=timezone.now() + timedelta(minutes=5))
    setups.activate(setup=make_setup(), by=None)
    draft.refresh_from_db()
    assert draft.due_at <= timezone.now()


def test_nothing_differs_right_after_pinning() -> None:
    assert setups.differences(pinned()) == []


def test_what_changes_after_pinning_is_named() -> None:
    setup = pinned()
    make_category()
    Guidance.objects.create(title="Tone", text="Be kind.")
    Rule.objects.create(name="Large", expression="order.total > 500.0", effect="needs_person")
    assert setups.differences(setup) == ["rules", "guidance", "categories"]


def test_an_inactive_rule_changes_nothing() -> None:
    setup = pinned()
    Rule.objects.create(name="Large", expression="order.total > 500.0", effect="needs_person", is_active=False)
    assert setups.differences(setup) == []


def test_the_dialect_is_what_the_server_takes() -> None:
    with serving(ANSWER, probe=refuses_format("json_schema", status=500, then=obeys)) as script:
        setup = pinning.pin(base_url=script.base_url, model=MODEL, by=None)
    assert setup.parts["dialect"] == "json_object_schema"


def test_a_server_that_says_it_is_the_stand_in_is_known_as_one() -> None:
    with serving(ANSWER, owned_by="countersign-standin") as script:
        standin = pinning.pin(base_url=script.base_url, model=MODEL, by=None)
    assert setups.is_standin(standin)
    assert not setups.is_standin(pinned())


def test_a_model_that_the_server_does_not_have_is_not_pinned() -> None:
    with serving(ANSWER) as script, pytest.raises(Unavailable, match=MODEL):
        pinning.pin(base_url=script.base_url, model="another", by=None)
    assert not Setup.objects.exists()


def test_a_server_that_cannot_complete_is_not_pinned() -> None:
    with serving(ANSWER, probe=sends(400, {"error": "no"})) as script, pytest.raises(Unavailable, match="cannot be used"):
        pinning.pin(base_url=script.base_url, model=MODEL, by=None)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("setup", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_pins_and_activates() -> None:
    with serving(ANSWER) as script:
        said = run("add", "--base-url", script.base_url, "--model", MODEL)
    setup = Setup.objects.get()
    assert setups.active() == setup
    assert f"{setup} is active now" in said
    assert setup.fingerprint[:12] in run("list")
    assert "prompts" in run("show")


def test_the_command_only_pins_where_asked_to() -> None:
    with serving(ANSWER) as script:
        run("add", "--base-url", script.base_url, "--model", MODEL, "--no-activate")
    assert setups.active() is None
    run("activate", str(Setup.objects.get().pk))
    assert setups.active() == Setup.objects.get()


def test_the_command_says_what_to_do_about_a_server_that_does_not_answer() -> None:
    with pytest.raises(CommandError, match=r"http://127.0.0.1:9/v1 does not answer\. Nothing was pinned"):
        run("add", "--base-url", "http://127.0.0.1:9/v1", "--model", MODEL)


def test_the_command_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="Say which server"):
        run("add", "--base-url", "", "--model", "")
    with pytest.raises(CommandError, match="no setup 999"):
        run("activate", "999")
    with pytest.raises(CommandError, match="No setup is active"):
        run("show")
