"""What workers do for the setup pages, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from drafting import setup_jobs
from drafting.models import SetupJob


@dataclass(frozen=True, slots=True)
class Job:
    """Something a worker does or did for the setup pages."""

    title: str
    state: str
    tone: str
    step: str
    through: int
    steps: int
    error: str
    poll_url: str
    setup_url: str
    switch_url: str
    setup: str


def shown(job: SetupJob) -> Job:
    """A job in words."""
    is_open = job.state in {SetupJob.State.WAITING, SetupJob.State.RUNNING}
    steps = setup_jobs.STEPS[job.kind]
    started = job.started_at or job.at
    waits = timezone.now() - started > setup_jobs.PATIENCE and job.state == SetupJob.State.WAITING
    step = "No worker has taken this up yet; is one running?" if waits else job.step or "Waiting for a worker"
    return Job(
        title=f"{job.get_kind_display()}: {job.given.get('model') or job.setup}",
        state=job.get_state_display(),
        tone={"failed": "red", "done": "green"}.get(job.state, "blue"),
        step=f"{step} …" if is_open else "",
        through=steps.index(job.step) if job.step in steps else 0,
        steps=len(steps),
        error=job.error,
        poll_url=reverse("setup_job_progress", args=[job.pk]) if is_open else "",
        setup_url=reverse("setup_details", args=[job.setup_id]) if job.setup_id else "",
        switch_url=reverse("setup_switch", args=[job.setup_id]) if job.setup_id and job.kind == SetupJob.Kind.ADD else "",
        setup=str(job.setup or ""),
    )
