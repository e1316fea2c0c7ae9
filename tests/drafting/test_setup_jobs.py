"""What admins ask of model servers, done by a worker."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from drafting import canaries, pinning, setup_jobs, tasks
from drafting.models import CanaryRun, Probe, Setup, SetupJob
from tests.drafting.factories import make_setup
from tests.drafting.model_server import MODEL, says, serving
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


def add(base_url: str, **given: Any) -> SetupJob:
    """A job that pins the model at `base_url`, done."""
    job = setup_jobs.begin(kind="add", by=make_person("admin"), given={"base_url": base_url, "model": MODEL} | given)
    return do(job)


def do(job: SetupJob) -> SetupJob:
    setup_jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_a_model_server_is_pinned_for_the_person_who_asked() -> None:
    with serving(says("{}")) as script:
        job = add(script.base_url)
    setup = Setup.objects.get()
    assert (job.state, job.setup, setup.created_by, job.step) == ("done", setup, job.by, "Asking the canaries twice")
    assert job.finished_at is not None


def test_a_server_that_does_not_answer_fails_the_job_in_words() -> None:
    job = add("http://127.0.0.1:9/v1")
    assert (job.state, job.setup) == ("failed", None)
    assert "does not answer" in job.error


def test_what_contradicts_the_server_fails_the_job_in_words() -> None:
    with serving(says("{}"), card={"max_model_len": 1000}) as script:
        assert "context" in add(script.base_url, context_length=5000).error


def test_a_fault_of_ours_fails_the_job_and_is_raised_for_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinning, "pin", lambda **about: 1 / 0)
    job = setup_jobs.begin(kind="add", by=make_person("admin"), given={"base_url": "", "model": ""})
    with pytest.raises(ZeroDivisionError):
        setup_jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, "log" in job.error) == ("failed", True)


def test_a_job_is_done_once() -> None:
    job = add("http://127.0.0.1:9/v1")
    ended = job.finished_at
    assert do(job).finished_at == ended


def test_asking_twice_for_the_same_is_one_job() -> None:
    setup, ana = make_setup(), make_person("admin")
    first = setup_jobs.begin(kind="check", by=ana, setup=setup)
    assert setup_jobs.begin(kind="check", by=ana, setup=setup) == first
    assert setup_jobs.begin(kind="probe", by=ana, setup=setup) != first


def test_a_job_whose_worker_vanished_fails() -> None:
    job = setup_jobs.begin(kind="check", by=make_person("admin"), setup=make_setup())
    SetupJob.objects.update(state="running", started_at=timezone.now() - timedelta(hours=1))
    assert setup_jobs.waiting() == []
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", setup_jobs.VANISHED)


def test_canaries_are_checked_and_servers_probed_on_demand() -> None:
    with serving(says("{}")) as script:
        setup, admin = pinning.pin(base_url=script.base_url, model=MODEL, by=None), make_person("admin")
        assert do(setup_jobs.begin(kind="check", by=admin, setup=setup)).state == "done"
        assert do(setup_jobs.begin(kind="probe", by=admin, setup=setup)).state == "done"
    assert canaries.state(setup) == CanaryRun.Result.SAME
    assert CanaryRun.objects.filter(by=admin).exists()
    assert Probe.objects.filter(by=admin, setup=setup).exists()


def test_the_sweep_rings_for_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks.run_setup_job, "apply_async", lambda args, **options: rung.append(args[0]))
    job = setup_jobs.begin(kind="check", by=make_person("admin"), setup=make_setup())
    tasks.run_setup_jobs()
    assert rung == [job.pk]
