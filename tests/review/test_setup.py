"""The setup page, and what every page says of the setup."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from drafting import setup_jobs, setups
from drafting.findings import Findings, Server
from drafting.models import CanaryRun, Setup, SetupActivation, SetupJob
from tests.drafting.factories import make_category, make_setup
from tests.drafting.model_server import MODEL, says, serving
from tests.review.factories import activate, make_person, ready_draft
from tests.review.proofs import make_attempt

USABLE: dict[str, Any] = {"dialect": "json_schema", "sampling": {"max_tokens": 100}, "context_length": 8192}


@pytest.fixture
def desk(db: None) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(make_person("admin", is_staff=True))
    return client


def test_without_a_setup_it_says_what_to_do(desk: Client) -> None:
    page = desk.get("/setup/").content.decode()
    assert "manage.py setup add" in page
    assert "No setup is active" in desk.get("/queue/").content.decode()


def test_the_active_setup_is_shown_part_by_part(desk: Client) -> None:
    setup = activate(prompts="3f1c", sampling={"temperature": 0})
    page = desk.get("/setup/").content.decode()
    for words in [setup.fingerprint, "3f1c", "Temperature: 0", str(setup)]:
        assert words in page
    assert [part.name for part in desk.get("/setup/").context["parts"]] == ["Sampling", "Prompts"]


def test_what_runs_otherwise_than_pinned_is_named(desk: Client) -> None:
    activate(**setups.running_parts() | {"prompts": "something older"})
    page = desk.get("/setup/").content.decode()
    assert "differs from what was pinned: Prompts." in page
    assert page.count("something else runs now") == 1


@pytest.mark.parametrize(("role", "act"), [("admin", "Pin what runs now on the Setup page."), ("reviewer", "Tell an admin")])
def test_everybody_who_reviews_sees_that_what_runs_differs(role: str, act: str, desk: Client) -> None:
    setup = activate(**setups.running_parts() | {"prompts": "something older", "gate": "older too"})
    desk.force_login(make_person(role))
    page = desk.get("/queue/").content.decode()
    assert "What runs differs from the pinned setup" in page
    assert f"{setup}, in prompts and gate. {act}" in page


def test_what_is_known_of_the_setup_is_not_read_for_each_page(desk: Client, django_assert_max_num_queries: Any) -> None:
    activate(**setups.running_parts())
    desk.get("/conversations/")
    with django_assert_max_num_queries(6) as asked:
        desk.get("/conversations/")
    assert not any("drafting_setup" in query["sql"] for query in asked.captured_queries)


def test_what_runs_as_pinned_is_said_so(desk: Client) -> None:
    activate(**setups.running_parts())
    assert "exactly what was pinned" in desk.get("/setup/").content.decode()


def test_pinning_what_runs_now_takes_one_click(desk: Client) -> None:
    before = activate(**USABLE, **setups.running_parts() | {"prompts": "older"})
    page = desk.get("/setup/").content.decode()
    assert 'action="/setup/repin/"' in page
    answer = desk.post("/setup/repin/", follow=True)
    now = setups.active()
    assert now is not None
    assert now != before
    assert f"What runs now is pinned as {now}" in answer.content.decode()
    assert "What runs differs" not in desk.get("/queue/").content.decode()


def test_without_a_setup_there_is_nothing_to_pin_anew(desk: Client) -> None:
    assert "add one first" in desk.post("/setup/repin/", follow=True).content.decode()


def changed_model() -> Setup:
    """The active setup, whose canaries differ."""
    setup = activate(**USABLE, **setups.running_parts())
    differences = [{"position": 3, "expected": "391", "got": "<b>four</b>"}, {"part": "weights", "expected": "a", "got": "b"}]
    CanaryRun.objects.create(setup=setup, result="different", differences=differences, words="2 differ.", milliseconds=900)
    return setup


@pytest.mark.parametrize(("role", "act"), [("admin", "pin the one that runs"), ("reviewer", "Tell an admin")])
def test_another_model_than_the_pinned_one_is_said_on_every_page(role: str, act: str, desk: Client) -> None:
    setup = changed_model()
    desk.force_login(make_person(role))
    for address in ("/queue/", "/conversations/", "/outgoing/"):
        page = desk.get(address).content.decode()
        assert f"Another model answers than the one pinned as {setup}. Drafting goes on; nothing is sent automatically." in page
        assert "Another model answers than the pinned one" in page
        assert act in page


def test_the_canaries_history_says_what_differs(desk: Client) -> None:
    changed_model()
    page = desk.get("/setup/").content.decode()
    assert "The model no longer answers as when" in page
    assert "Canary 3" in page
    assert "&lt;b&gt;four&lt;/b&gt;" in page
    assert "exactly what was pinned" not in page


def test_the_server_s_health_is_told_in_words(desk: Client) -> None:
    setup = activate(**USABLE, **setups.running_parts())
    assert "Not asked yet." in desk.get("/setup/").content.decode()
    CanaryRun.objects.create(setup=setup, result="unavailable", words="It hangs.", milliseconds=900)
    assert "Did not answer just now. It hangs." in strip_tags(desk.get("/setup/").content.decode())
    CanaryRun.objects.create(setup=setup, result="same", milliseconds=900)
    assert "Answered its canaries just now." in strip_tags(desk.get("/setup/").content.decode())
    draft = ready_draft(setup=setup)
    call = {"purpose": "draft", "request": {}, "milliseconds": 1200}
    draft.model_calls.create(position=1, **call)
    assert "Answered for a draft just now, in 1.2 s." in strip_tags(desk.get("/setup/").content.decode())
    draft.model_calls.create(position=2, error="It hung.", **call)
    assert "Asked for a draft just now: It hung." in strip_tags(desk.get("/setup/").content.decode())


def test_what_the_newest_probe_found_is_shown_in_words(desk: Client) -> None:
    setup = activate(**USABLE)
    findings = Findings(
        models=["m"], server=Server(kind="ollama", version="0.9"), dialects={"json_schema": "enforced"}, dialect="json_schema"
    )
    setup.probes.create(base_url=setup.base_url, model=setup.model, findings=findings.as_json())
    page = desk.get("/setup/").content.decode()
    assert "ollama 0.9" in page
    assert "JSON schema: the answer always fits" in page


def test_all_setups_are_listed_with_what_they_draft_for(desk: Client) -> None:
    default, own = activate(), make_setup(model="small")
    setups.activate(setup=own, by=None, category=make_category("returns"))
    page = desk.get("/setup/all/").content.decode()
    for words in [str(default), str(own), "Default", "Returns", "small", f"/setup/{own.pk}/switch/"]:
        assert words in page


def test_the_list_of_setups_costs_the_same_whatever_their_number(desk: Client, django_assert_max_num_queries: Any) -> None:
    activate()
    for _ in range(12):
        changed_model()
    desk.get("/setup/all/")
    with django_assert_max_num_queries(14):
        desk.get("/setup/all/")


def test_an_inactive_setup_has_its_page(desk: Client) -> None:
    setup = make_setup(parts={"prompts": "3f1c"})
    page = desk.get(f"/setup/{setup.pk}/").content.decode()
    assert "3f1c" in page
    assert f"Switch to {setup}" in page
    assert "Pin what runs now" not in page
    assert desk.get("/setup/999999/").status_code == 404


def test_switching_says_first_what_follows(desk: Client) -> None:
    before, after = activate(prompts="older"), make_setup(parts=USABLE | {"prompts": "newer"})
    page = desk.get(f"/setup/{after.pk}/switch/").content.decode()
    assert "Proof for auto-send starts again" in page
    assert "<del>older</del> <ins>newer</ins>" in page
    assert setups.active() == before


def test_switching_says_which_categories_lose_their_evidence(desk: Client) -> None:
    setup, new = activate(), make_setup(parts=USABLE)
    make_attempt(category=make_category("order-status"), setup=setup, n=5)
    make_attempt(category=make_category("returns"), setup=setup, n=3, unsafe=(2,))
    make_attempt(category=make_category("other"), setup=setup)
    page = desk.get(f"/setup/{new.pk}/switch/").content.decode()
    assert "<li>Order status: 5 clean reviews, collecting</li>" in page
    assert "<li>Returns: 3 reviews, 1 of them unsafe, collecting</li>" in page
    assert "<li>Other" not in page


def test_switching_back_says_which_evidence_holds_again(desk: Client) -> None:
    old, category = make_setup(parts=USABLE), make_category("returns")
    make_attempt(category=category, setup=old, n=4)
    make_attempt(category=category, setup=activate(), n=2)
    page = desk.get(f"/setup/{old.pk}/switch/").content.decode()
    assert f"<li>Returns: 2 clean reviews, collecting; goes on with the 4 that {old} has</li>" in page


def test_giving_the_default_to_a_category_says_what_that_one_loses(desk: Client) -> None:
    default, own, category = activate(), make_setup(parts=USABLE), make_category("returns")
    setups.activate(setup=own, by=None, category=category)
    make_attempt(category=category, setup=own, chooser=default, n=2)
    assert "<li>Returns: 2 clean reviews" in desk.get(f"/setup/{default.pk}/switch/").content.decode()
    assert "Gives up 2 clean reviews, collecting." in desk.get("/setup/").content.decode()


def test_without_any_proof_switching_says_that_none_is_lost(desk: Client) -> None:
    activate()
    assert "No category has any proof to lose." in desk.get(f"/setup/{make_setup(parts=USABLE).pk}/switch/").content.decode()


def test_pinning_what_runs_now_says_which_categories_lose_their_evidence(desk: Client) -> None:
    setup = activate(**setups.running_parts() | {"prompts": "something older"})
    make_attempt(category=make_category("returns"), setup=setup, n=2)
    for address in ("/setup/", "/rules/"):
        assert "which takes it from Returns (2 clean reviews, collecting)." in desk.get(address).content.decode()


def test_a_person_switches_and_the_switch_is_kept_with_their_name(desk: Client) -> None:
    before, after = activate(), make_setup(parts=USABLE)
    answer = desk.post(f"/setup/{after.pk}/activate/", {"category": ""}, follow=True).content.decode()
    assert f"{after} drafts all other mails from now on." in answer
    assert setups.active() == after != before
    newest = SetupActivation.objects.latest("pk")
    assert newest.by is not None
    assert newest.by.get_username() in answer


def test_a_category_gets_its_own_setup_and_returns_to_the_default(desk: Client) -> None:
    default, own, category = activate(), make_setup(parts=USABLE), make_category("returns")
    page = desk.post(f"/setup/{own.pk}/activate/", {"category": category.pk}, follow=True).content.decode()
    assert "Categories with a setup of their own" in page
    assert (setups.active(category), setups.active()) == (own, default)
    desk.post("/setup/return/returns/")
    assert setups.active(category) == default


def test_a_setup_that_this_code_cannot_use_cannot_be_chosen(desk: Client) -> None:
    setup = make_setup(parts=USABLE | {"dialect": "xml"})
    page = desk.get(f"/setup/{setup.pk}/switch/").content.decode()
    assert "wants the dialect &#x27;xml&#x27;" in page
    assert f">Switch to {setup}</button>" not in page
    assert desk.post(f"/setup/{setup.pk}/activate/", {"category": ""}).status_code == 422
    assert setups.active() is None


def test_a_switch_that_the_environment_forbids_says_so(desk: Client, settings: Any) -> None:
    settings.ACTIVE_SETUP = "feed"
    setup = make_setup(parts=USABLE)
    answer = desk.post(f"/setup/{setup.pk}/activate/", {"category": ""})
    assert answer.status_code == 422
    assert "COUNTERSIGN_SETUP names the setup feed" in answer.content.decode()


FORM = {"base_url": "http://127.0.0.1:9/v1/", "model": "m", "temperature": "0.2", "max_tokens": "900", "weights": "abc"}


def test_a_preset_fills_the_form_and_shows_how_to_start_its_server(desk: Client) -> None:
    page = desk.get("/setup/new/?preset=vllm-mistral-nemo-12b").content.decode()
    assert 'value="mistralai/Mistral-Nemo-Instruct-2407"' in page
    assert "--revision COMMIT" in page
    assert "recommendations that we could not try" in page
    assert desk.get("/setup/new/?preset=nonsense").status_code == 200


def test_adding_a_setup_is_a_job_whose_page_tells_how_it_goes(desk: Client) -> None:
    answer = desk.post("/setup/add/", FORM)
    job = SetupJob.objects.get()
    assert answer["Location"] == f"/setup/jobs/{job.pk}/"
    assert job.given["sampling"] == {"temperature": 0.2, "max_tokens": 900, "seed": 7}
    assert (job.given["base_url"], job.given["context_length"]) == ("http://127.0.0.1:9/v1", None)
    page = desk.get(f"/setup/jobs/{job.pk}/").content.decode()
    assert f'hx-get="/setup/jobs/{job.pk}/progress/"' in page
    assert "Waiting for a worker" in page
    SetupJob.objects.update(state="running", step="Asking the same question twice")
    part = desk.get(f"/setup/jobs/{job.pk}/progress/", headers={"HX-Request": "true"})
    assert 'max="6" value="2"' in part.content.decode()
    assert "HX-Refresh" not in part.headers


def test_a_job_that_no_worker_takes_says_so(desk: Client) -> None:
    desk.post("/setup/add/", FORM)
    SetupJob.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert "is one running?" in desk.get(f"/setup/jobs/{SetupJob.objects.get().pk}/").content.decode()


def test_a_server_that_cannot_be_pinned_leaves_the_form_as_it_was_typed(desk: Client) -> None:
    desk.post("/setup/add/", FORM)
    job = SetupJob.objects.get()
    setup_jobs.run(job_id=job.pk)
    assert desk.get(f"/setup/jobs/{job.pk}/progress/").headers["HX-Refresh"] == "true"
    page = desk.get(f"/setup/jobs/{job.pk}/").content.decode()
    assert "The model server at http://127.0.0.1:9/v1 does not answer." in page
    for value in ("http://127.0.0.1:9/v1", "0.2", "900", "abc"):
        assert f'value="{value}"' in page


def test_a_setup_that_was_pinned_is_not_active_before_somebody_switches(desk: Client) -> None:
    with serving(says("{}")) as script:
        desk.post("/setup/add/", FORM | {"base_url": script.base_url, "model": MODEL, "weights": "", "guard_model": MODEL})
        job = SetupJob.objects.get()
        setup_jobs.run(job_id=job.pk)
    setup = Setup.objects.get()
    page = desk.get(f"/setup/jobs/{job.pk}/").content.decode()
    assert f"/setup/{setup.pk}/switch/" in page
    assert setup.parts["guard"]["base_url"] == setup.base_url
    assert setups.active() is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"base_url": ""}, "required"),
        ({"base_url": "gpu1:8000/v1"}, "Write it as http://host:port/v1"),
        ({"base_url": "http://user:key@gpu1/v1"}, "Leave out user names"),
        ({"base_url": "file:///etc/passwd"}, "Write it as http://host:port/v1"),
        ({"temperature": "9"}, "at most 2."),
        ({"max_tokens": "1"}, "at least 100."),
        ({"guard_model": "g", "guard_base_url": "nonsense"}, "Write it as http://host:port/v1"),
    ],
)
def test_a_form_with_a_mistake_says_so_and_keeps_what_was_typed(desk: Client, typed: dict[str, str], words: str) -> None:
    answer = desk.post("/setup/add/", FORM | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="abc"' in answer.content.decode()
    assert not SetupJob.objects.exists()


@pytest.mark.parametrize("verb", ["check", "probe"])
def test_canaries_and_probe_run_on_demand_and_are_seen_on_the_setups_page(desk: Client, verb: str) -> None:
    setup = activate(**USABLE)
    desk.post(f"/setup/{setup.pk}/{verb}/")
    job = SetupJob.objects.get()
    assert (job.kind, job.setup) == (verb, setup)
    assert f"/setup/jobs/{job.pk}/progress/" in desk.get("/setup/").content.decode()
    setup_jobs.run(job_id=job.pk)
    assert f"/setup/{setup.pk}/" in desk.get(f"/setup/jobs/{job.pk}/").content.decode()


def test_the_admin_site_is_there_for_who_may_see_all_tables(desk: Client) -> None:
    for address in ["/admin/", "/admin/inbox/mailbox/", "/admin/drafting/rule/", "/admin/review/decision/"]:
        assert desk.get(address).status_code == 200


def test_a_categorys_setup_that_differs_is_marked_beside_a_button_that_pins_it(desk: Client) -> None:
    activate(**USABLE, **setups.running_parts())
    own = make_setup(parts=USABLE | setups.running_parts() | {"gate": "older"})
    setups.activate(setup=own, by=None, category=make_category("returns"))
    page = desk.get("/setup/").content.decode()
    assert "something else runs now</span> " in page
    desk.post("/setup/repin/")
    assert setups.differences(setups.active(make_category("returns")) or own) == []
