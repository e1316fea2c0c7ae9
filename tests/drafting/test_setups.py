import ast
import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from drafting import pinning, setups
from drafting.errors import Refused, Unavailable
from drafting.models import Connector, ConnectorTool, Guidance, Rule, Setup, SetupActivation
from drafting.protocol import fingerprint
from tests.drafting.factories import make_category, make_draft, make_setup
from tests.drafting.model_server import MODEL, completion, instead, obeys, refuses_format, says, sends, serving

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
    keeps_or_shows = {"admin", "apps", "canaries", "checks", "drafts", "errors", "findings", "models", "pinning", "presets", "previews"}
    keeps_or_shows |= {"probing", "records", "replays", "setup_jobs", "setups", "table_imports", "tables", "tasks"}
    keeps_or_shows |= {"categories", "freshness", "mail_domains", "versions"}
    runs_elsewhere = {"bounded_http", "management", "migrations", "standin"}
    folder = Path(setups.__file__).parent
    modules = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    pinned_modules = {name.removeprefix("drafting.") for names in setups.CODE.values() for name in names if name.startswith("drafting.")}
    top_level = {name.partition(".")[0] for name in pinned_modules} - {"models"}
    assert modules - keeps_or_shows - runs_elsewhere == top_level


def test_what_pinned_code_uses_is_pinned_too() -> None:
    """But for rows, errors and the wire, and for what pinned code only hands its results to."""
    rows_and_errors = {"drafting.models", "drafting.errors", "inbox.models", "inbox.errors", "drafting.versions"}
    not_shaping = rows_and_errors | {"drafting.bounded_http", "drafting.setups", "drafting.drafts"}
    files = {path for names in setups.CODE.values() for name in names for path in setups._sources(name)}
    assert {name for path in files for name in ours_in(path) if not files.issuperset(setups._sources(name))} <= not_shaping


def ours_in(path: Path) -> set[str]:
    """The modules of ours that the module at `path` imports, wherever in it."""
    found = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom) and node.module]
    named = [(node.module, alias.name) for node in found for alias in node.names if (node.module or "").startswith(("drafting", "inbox"))]
    return {f"{module}.{name}" if is_module(f"{module}.{name}") else str(module) for module, name in named}


def is_module(name: str) -> bool:
    path = Path(setups.__file__).parent.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


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


def test_a_changed_connector_is_named() -> None:
    setup = pinned()
    connector = Connector.objects.create(name="Warehouse", kind="http", address="https://stock.example/")
    ConnectorTool.objects.create(connector=connector, name="bins", about="Where goods lie.", request={"path": "/bins/{query}"})
    assert setups.differences(setup) == ["connectors"]


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


def test_what_a_person_declares_may_not_contradict_the_server() -> None:
    pages: dict[str, Any] = {
        "/api/version": {"version": "1"},
        "/api/tags": {"models": [{"name": MODEL, "digest": "ab" * 32, "details": {"quantization_level": "Q4_K_M"}}]},
        "/api/ps": {"models": [{"name": MODEL, "context_length": 4096}]},
    }
    with serving(ANSWER, pages=pages) as script:
        for declared, words in [
            ({"weights": "sha256:" + "cd" * 32}, "declared weights"),
            ({"quantisation": "Q8_0"}, "server says Q4_K_M"),
            ({"context_length": 16_384}, "has a context of 4,096"),
        ]:
            with pytest.raises(Refused, match=words):
                pinning.pin(base_url=script.base_url, model=MODEL, by=None, **declared)  # type: ignore[arg-type]
        assert not Setup.objects.exists()
        setup = pinning.pin(
            base_url=script.base_url, model=MODEL, by=None, weights="abababababab", quantisation="q4_k_m", context_length=2048
        )
    assert setup.parts["context_length"] == 2048


def test_a_server_that_cuts_questions_sets_the_context_length() -> None:
    cuts = instead(lambda request: completion("t", prompt_tokens=2048) if request["messages"][-1]["content"].startswith("tree") else None)
    with serving(ANSWER, probe=cuts) as script:
        assert pinning.pin(base_url=script.base_url, model=MODEL, by=None).parts["context_length"] == 2048
        with pytest.raises(Refused, match="cuts questions after 2,048"):
            pinning.pin(base_url=script.base_url, model=MODEL, by=None, context_length=4096)


def test_what_the_server_tells_is_pinned() -> None:
    pages = {"/props": {"default_generation_settings": {"n_ctx": 4096}, "build_info": "b1", "chat_template": "{{ a }}"}}
    with serving(ANSWER, pages=pages) as script:
        parts = pinning.pin(base_url=script.base_url, model=MODEL, by=None).parts
        pages["/props"]["chat_template"] = "{{ b }}"
        other = pinning.pin(base_url=script.base_url, model=MODEL, by=None).parts
    assert (parts["server"]["kind"], parts["server"]["version"], parts["context_length"]) == ("llama.cpp", "b1", 4096)
    assert parts["chat_template"] != other["chat_template"]


def test_a_category_may_have_a_setup_of_its_own_and_return_to_the_default() -> None:
    category, other = make_category("returns"), make_category("prices")
    default, own = make_setup(), make_setup()
    setups.activate(setup=own, by=None, category=category)
    assert (setups.active(), setups.active(category)) == (None, own)
    setups.activate(setup=default, by=None)
    assert (setups.active(category), setups.active(other), setups.active()) == (own, default, default)
    assert setups.in_use() == [default, own]
    setups.return_to_default(category=category, by=None)
    assert setups.active(category) == default
    assert setups.in_use() == [default]


def test_pinning_what_runs_now_renews_every_setup_in_use() -> None:
    category = make_category()
    default, own = pinned(), pinned(weights="another")
    setups.activate(setup=default, by=None)
    setups.activate(setup=own, by=None, category=category)
    Guidance.objects.create(title="Tone", text="Be kind.")
    renewed = setups.repin(by=None)
    assert setups.active() == renewed != default
    assert [setups.differences(setup) for setup in setups.in_use()] == [[], []]
    assert [setup.canaries.count() for setup in setups.in_use()] == [16, 16]
    assert {part for part in default.parts if default.parts[part] != renewed.parts[part]} == {"guidance"}


def test_pinning_what_runs_now_changes_nothing_where_nothing_changed() -> None:
    setup = pinned()
    activation = setups.activate(setup=setup, by=None)
    assert setups.repin(by=None) == setup
    assert SetupActivation.objects.get() == activation


def test_pinning_what_runs_now_needs_a_setup() -> None:
    with pytest.raises(Refused, match="add one first"):
        setups.repin(by=None)


def test_a_guard_model_is_pinned_with_the_setup() -> None:
    with serving(ANSWER) as script:
        plain = pinning.pin(base_url=script.base_url, model=MODEL, by=None)
        guarded = pinning.pin(base_url=script.base_url, model=MODEL, by=None, guard_base_url=script.base_url, guard_model=MODEL)
        with pytest.raises(Unavailable, match="no model 'llama-guard'"):
            pinning.pin(base_url=script.base_url, model=MODEL, by=None, guard_base_url=script.base_url, guard_model="llama-guard")
    assert setups.guard(plain) is None
    guard = setups.guard(guarded)
    assert guard is not None
    assert (guard.model, guard.dialect, guard.base_url) == (MODEL, "text", script.base_url)


def test_the_setup_that_the_environment_names_is_the_only_one_that_may_be_active(settings: Any) -> None:
    named, other = make_setup(fingerprint="ab" * 32), make_setup()
    settings.ACTIVE_SETUP = "abab"
    setups.activate(setup=named, by=None)
    with pytest.raises(Refused, match="COUNTERSIGN_SETUP"):
        setups.activate(setup=other, by=None)
    setups.activate(setup=other, by=None, category=make_category())


def test_the_command_probes_in_words() -> None:
    with serving(ANSWER) as script:
        run("add", "--base-url", script.base_url, "--model", MODEL)
        said = run("probe")
    assert "JSON schema: the answer always fits" in said
    assert "Refuses a question that is too long" in said


def test_the_command_checks_the_canaries_and_fails_where_they_differ() -> None:
    with serving(ANSWER) as script:
        run("add", "--base-url", script.base_url, "--model", MODEL)
        assert "Same as when it was pinned" in run("canary")
        script.probe = says("Something else")
        with pytest.raises(CommandError, match="Nothing is sent automatically"):
            run("canary")
    assert "no longer answers as when it was pinned" in run("show")


def test_the_command_says_that_a_server_did_not_answer_its_canaries() -> None:
    with serving(ANSWER) as script:
        run("add", "--base-url", script.base_url, "--model", MODEL)
    with pytest.raises(CommandError, match="did not answer"):
        run("canary")


def test_the_command_gives_a_category_its_own_setup_and_takes_it_back() -> None:
    usable = {"dialect": "text", "sampling": {"max_tokens": 100}, "context_length": 8192}
    default, own, category = make_setup(parts=usable), make_setup(parts=usable), make_category("returns")
    with pytest.raises(CommandError, match="lacks dialect"):
        run("activate", str(make_setup().pk))
    run("activate", str(default.pk))
    assert "for Returns" in run("activate", str(own.pk), "--category", "returns")
    assert setups.active(category) == own
    assert "partly" in run("list")
    run("activate", "--category", "returns", "--default")
    assert setups.active(category) == default
    with pytest.raises(CommandError, match="no category nothing; there are: returns"):
        run("activate", str(own.pk), "--category", "nothing")
    with pytest.raises(CommandError, match="Say which setup"):
        run("activate")


def test_the_command_pins_what_runs_now() -> None:
    setups.activate(setup=pinned(), by=None)
    assert "nothing changed" in run("repin")
    Guidance.objects.create(title="Tone", text="Be kind.")
    assert "is active now" in run("repin")


def test_the_command_takes_a_preset_and_what_differs_from_it() -> None:
    with serving(ANSWER) as script:
        run("add", "--preset", "ollama-mistral-nemo-12b", "--base-url", script.base_url, "--model", MODEL, "--context-length", "4096")
    parts = Setup.objects.get().parts
    assert (parts["context_length"], parts["sampling"]["temperature"]) == (4096, 0)
    assert "vllm serve mistralai/Mistral-Nemo-Instruct-2407 --revision COMMIT" in run("presets")


def test_the_command_takes_the_digest_of_a_file_of_weights(tmp_path: Path) -> None:
    weights = tmp_path / "weights.gguf"
    weights.write_bytes(b"weights")
    with serving(ANSWER) as script:
        run("add", "--base-url", script.base_url, "--model", MODEL, "--weights-file", str(weights))
        with pytest.raises(CommandError, match="cannot be read"):
            run("add", "--base-url", script.base_url, "--model", MODEL, "--weights-file", str(tmp_path / "nothing"))
    assert Setup.objects.get().parts["weights"] == f"sha256:{hashlib.sha256(b'weights').hexdigest()}"


def test_the_command_pins_a_guard_model_on_the_same_server() -> None:
    with serving(ANSWER) as script:
        run("add", "--base-url", script.base_url, "--model", MODEL, "--guard-model", MODEL)
    guard = setups.guard(Setup.objects.get())
    assert guard is not None
    assert guard.base_url == Setup.objects.get().base_url
