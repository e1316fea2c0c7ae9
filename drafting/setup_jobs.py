"""What admins ask of model servers on the setup pages, done by a worker: the web side never waits for a server.

waiting → running → done | failed. A job whose worker vanished fails after a while; asking again is a new job.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from drafting import canaries
from drafting.errors import Refused, Unavailable
from drafting.models import Setup, SetupJob

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST = timedelta(minutes=10)
PATIENCE = timedelta(seconds=10)
"""A worker takes a job up within a second or two; after this long, none seems to run."""
_PROBE = (
    "Asking for the list of models",
    "Trying the ways to hand over a schema",
    "Asking the same question twice",
    "Reading what the server tells of itself",
    "Sending more than fits the context",
)
STEPS = {"add": (*_PROBE, "Asking the canaries twice"), "probe": _PROBE, "check": ("Asking the canaries",)}
"""What a job of each kind says on its way, in this order."""
VANISHED = "The worker that did this has vanished. Try again."


def begin(*, kind: str, by: "User", setup: Setup | None = None, given: dict[str, Any] | None = None) -> SetupJob:
    """Ask for a job. `given` are the arguments of `pinning.pin` where a setup is to be added. One that waits already is returned."""
    same = SetupJob.objects.filter(kind=kind, setup=setup, given=given or {}, state__in=["waiting", "running"]).first()
    return same or SetupJob.objects.create(kind=kind, setup=setup, given=given or {}, by=by)


def waiting() -> list[int]:
    """The jobs that nobody does yet, oldest first; those whose worker vanished fail."""
    lost = SetupJob.objects.filter(state=SetupJob.State.RUNNING, started_at__lt=timezone.now() - LONGEST)
    lost.update(state=SetupJob.State.FAILED, error=VANISHED, finished_at=timezone.now())
    return list(SetupJob.objects.filter(state=SetupJob.State.WAITING).order_by("pk").values_list("pk", flat=True)[:20])


def run(*, job_id: int) -> None:
    """Do a job, unless somebody else does or did; however it ends, the job says how."""
    mine = SetupJob.objects.filter(pk=job_id, state=SetupJob.State.WAITING)
    if not mine.update(state=SetupJob.State.RUNNING, started_at=timezone.now()):
        return
    job = SetupJob.objects.select_related("setup", "by").get(pk=job_id)
    try:
        setup = _do(job)
    except (Unavailable, Refused) as error:
        _end(job, state=SetupJob.State.FAILED, error=str(error))
    except Exception:
        _end(job, state=SetupJob.State.FAILED, error="This went wrong on our side; the log of the drafts worker says why.")
        raise
    else:
        _end(job, state=SetupJob.State.DONE, setup=setup)


def _do(job: SetupJob) -> Setup | None:
    from drafting import pinning

    def say(words: str) -> None:
        SetupJob.objects.filter(pk=job.pk).update(step=words[:200])

    if job.kind == SetupJob.Kind.ADD:
        return pinning.pin(**job.given, by=job.by, say=say)
    assert job.setup is not None
    if job.kind == SetupJob.Kind.PROBE:
        pinning.probe_again(setup=job.setup, by=job.by, say=say)
    else:
        say("Asking the canaries")
        canaries.check(job.setup, job.by)
    return job.setup


def _end(job: SetupJob, *, state: str, error: str = "", setup: Setup | None = None) -> None:
    running = SetupJob.objects.filter(pk=job.pk, state=SetupJob.State.RUNNING)
    running.update(state=state, error=error, setup=setup or job.setup, finished_at=timezone.now())
