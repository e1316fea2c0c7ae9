"""Doorways for Celery: each takes an id and calls one function, or sweeps for rows that wait. Safe to deliver twice."""

from celery import shared_task

from drafting import canaries, drafts, setup_jobs, table_imports, writing
from drafting.replays import writing as replay_writing
from inbox.models import Message

RING_SECONDS = 30
REPLAY_SECONDS = 60.0


@shared_task
def take_up_messages() -> None:
    """Begin drafts for messages that were read, and ring for them at once."""
    for message_id in drafts.messages_to_take_up():
        drafts.take_up(message=Message.objects.get(pk=message_id))
    _ring()


@shared_task
def write_due_drafts() -> None:
    """Ring for drafts that are due, after putting back those whose worker vanished."""
    drafts.return_lost()
    _ring()


@shared_task
def write_draft(draft_id: int) -> None:
    """Write one draft, unless somebody else does or did."""
    writing.write(draft_id=draft_id)


@shared_task
def run_replays() -> None:
    """Write past mails once more for a while, as long as replays run and no draft waits."""
    replay_writing.run_for(seconds=REPLAY_SECONDS)


@shared_task
def check_canaries() -> None:
    """Compare every model that writes drafts with what it was when it was pinned."""
    canaries.check_all()


@shared_task
def run_setup_jobs() -> None:
    """Ring for what admins asked for on the setup pages."""
    for job_id in setup_jobs.waiting():
        run_setup_job.apply_async((job_id,), expires=RING_SECONDS)


@shared_task
def run_setup_job(job_id: int) -> None:
    """Do one of them, unless somebody else does or did."""
    setup_jobs.run(job_id=job_id)


@shared_task
def import_waiting_tables() -> None:
    """Ring for every uploaded file that waits to be taken."""
    for import_id in table_imports.waiting():
        import_table.apply_async((import_id,), expires=RING_SECONDS)


@shared_task
def import_table(import_id: int) -> None:
    """Take one uploaded file into its table, unless somebody else does or did."""
    table_imports.run(import_id=import_id)


def _ring() -> None:
    """A bell that nobody heard may fade away: by then the sweep rings again."""
    for draft_id in drafts.ring_due():
        write_draft.apply_async((draft_id,), expires=RING_SECONDS)
