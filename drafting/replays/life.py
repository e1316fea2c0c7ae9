"""The life of a replay and of its runs. Only this module changes their `state`.

A run: waiting → running (lease) → done | failed. It is claimed by one conditional update, and who lost its lease can write nothing.
A replay: running ⇄ paused → finished, once no run is left. What it needs and cannot reach pauses it for a minute; a person pauses it until
a person resumes it. Live drafts go first.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from drafting import setups
from drafting.errors import Refused
from drafting.models import Draft, Replay, ReplayRun, Setup
from drafting.replays.choosing import Choice, choose

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 3
OPEN = (ReplayRun.State.WAITING, ReplayRun.State.RUNNING)


class LostLease(Refused):
    """Another worker owns the run now: drop what was made."""


def start(*, setup: Setup, rules: list[Any] | None = None, choice: Choice, repeats: int = 1, by: "User | None") -> Replay:
    """Begin a replay of the chosen mails, each `repeats` times (1 to 16).

    Raises Refused where there is none to replay, `setup` cannot write, or `rules` are no rules.
    """
    if words := setups.unusable(setup):
        raise Refused(f"{words}, so it cannot write anything. Choose another.")
    if rules is not None:
        _read(rules)
    chosen = choose(choice)
    if not chosen:
        raise Refused(_nothing(choice))
    with transaction.atomic():
        replay = Replay.objects.create(setup=setup, rules=rules, repeats=repeats, choice=str(choice), by=by)
        runs = (
            ReplayRun(replay=replay, message_id=message, draft_id=draft, number=number, is_live=draft is None)
            for number in range(1, repeats + 1)
            for message, draft in chosen
        )
        ReplayRun.objects.bulk_create(runs, batch_size=500)
    return replay


def pause(*, replay: Replay, by: "User | None") -> None:
    """Stop taking runs until somebody resumes; those at work are finished. Raises Refused where it is finished."""
    words = f"Paused by {by.get_username()}." if by else "Paused."
    going = Replay.objects.filter(pk=replay.pk).exclude(state=Replay.State.FINISHED)
    if not going.update(state=Replay.State.PAUSED, due_at=None, words=words):
        raise Refused("This replay is finished.")
    replay.refresh_from_db()


def resume(*, replay: Replay) -> None:
    """Go on with a paused replay, whatever paused it. Raises Refused where it is not paused."""
    if not Replay.objects.filter(pk=replay.pk, state=Replay.State.PAUSED).update(state=Replay.State.RUNNING, due_at=None, words=""):
        raise Refused("This replay is not paused.")
    replay.refresh_from_db()


def claim(*, replay_id: int | None = None) -> ReplayRun | None:
    """Take the next run, of this replay if one is named. None if there is none, live drafts wait, or enough are at work.

    Counting those at work and claiming one is a single step for whoever else claims.
    """
    with transaction.atomic():
        _take_turn()
        _wake()
        _return_lost()
        return None if _drafts_wait() or _enough_at_work() else _take(replay_id)


def waits_for(replay: Replay) -> str:
    """Why a replay that runs, and of which nobody writes anything, does not go on; in words, "" if somebody can."""
    if replay.state != Replay.State.RUNNING:
        return ""
    if _drafts_wait():
        return "Mails that wait for their draft go first."
    return "Another replay goes first." if _enough_at_work() else ""


def finish(*, run: ReplayRun) -> None:
    """Keep the result that `run` carries unsaved. Raises LostLease."""
    with _owned(run):
        run.state, run.lease_until = ReplayRun.State.DONE, None
        run.save()
        _finish_replay(run.replay_id)


def put_back(*, run: ReplayRun, words: str, seconds: float | None = None) -> None:
    """Something the run needs does not answer: the replay pauses, says why, and goes on by itself. Raises LostLease."""
    with _owned(run):
        ReplayRun.objects.filter(pk=run.pk).update(state=ReplayRun.State.WAITING, lease_until=None, attempts=F("attempts") - 1)
        due_at = timezone.now() + max(PAUSE, timedelta(seconds=seconds or 0))
        running = Replay.objects.filter(pk=run.replay_id, state=Replay.State.RUNNING)
        running.update(state=Replay.State.PAUSED, words=words, due_at=due_at)


def give_back(*, run: ReplayRun) -> None:
    """Whoever writes it was told to stop: somebody else may take it at once. Does nothing where the lease is lost."""
    mine = ReplayRun.objects.filter(pk=run.pk, state=ReplayRun.State.RUNNING, lease_until=run.lease_until)
    mine.update(state=ReplayRun.State.WAITING, lease_until=None, attempts=F("attempts") - 1)


def break_off(*, run: ReplayRun, words: str) -> None:
    """A fault of ours: try again, and give up after MOST_ATTEMPTS. Does nothing where the lease is lost."""
    state = ReplayRun.State.FAILED if run.attempts >= MOST_ATTEMPTS else ReplayRun.State.WAITING
    with transaction.atomic():
        mine = ReplayRun.objects.filter(pk=run.pk, state=ReplayRun.State.RUNNING, lease_until=run.lease_until)
        if mine.update(state=state, lease_until=None, why=words):
            _finish_replay(run.replay_id)


def give_up(*, messages: Collection[int], words: str) -> None:
    """These mails are not written once more where nobody has begun with them. Within a transaction; whoever claims waits for its end."""
    waiting = ReplayRun.objects.filter(message__in=messages, state=ReplayRun.State.WAITING)
    if not waiting.exists():
        return
    _take_turn()
    found = list(waiting.order_by("pk").select_for_update(no_key=True).values_list("pk", "replay"))
    ReplayRun.objects.filter(pk__in=[pk for pk, _ in found]).update(state=ReplayRun.State.FAILED, why=words)
    for replay in sorted({replay for _, replay in found}):
        _finish_replay(replay)


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('replays', 0))")


def _read(rules: list[Any]) -> None:
    from drafting import rulebook  # loads what evaluates rules

    try:
        rulebook.parse(rules)
    except ValueError as error:
        raise Refused(str(error)) from error


def _drafts_wait() -> bool:
    return Draft.objects.filter(state=Draft.State.QUEUED, due_at__lte=timezone.now()).exists()


def _enough_at_work() -> bool:
    return ReplayRun.objects.filter(state=ReplayRun.State.RUNNING).count() >= settings.REPLAYS_AT_ONCE


def _nothing(choice: Choice) -> str:
    if choice.is_imported:
        return "There is no imported mail with a reply. Import some: manage.py import_mail INBOUND --past --sent SENT --mailbox NAME."
    return "There is no past mail like this: none whose draft was decided on."


def _wake() -> None:
    due = Replay.objects.filter(state=Replay.State.PAUSED, due_at__lte=timezone.now())
    due.update(state=Replay.State.RUNNING, due_at=None)


def _return_lost() -> None:
    lost = ReplayRun.objects.filter(state=ReplayRun.State.RUNNING, lease_until__lt=timezone.now())
    for run in lost.only("pk", "replay_id", "attempts", "lease_until", "state"):
        break_off(run=run, words=f"Writing broke off {run.attempts} times.")


def _take(replay_id: int | None) -> ReplayRun | None:
    waiting = ReplayRun.objects.filter(state=ReplayRun.State.WAITING, replay__state=Replay.State.RUNNING)
    if replay_id is not None:
        waiting = waiting.filter(replay=replay_id)
    pk = waiting.order_by("replay", "pk").values_list("pk", flat=True).first()
    lease = {"state": ReplayRun.State.RUNNING, "lease_until": timezone.now() + LEASE}
    if pk is None or not ReplayRun.objects.filter(pk=pk, state=ReplayRun.State.WAITING).update(**lease, attempts=F("attempts") + 1):
        return None
    rows = ReplayRun.objects.select_related("replay__setup", "message__mailbox", "message__conversation", "draft__category")
    return rows.get(pk=pk)


def _finish_replay(pk: int) -> None:
    """Run it in a transaction that has ended a run. Of the last two, ending together, the second waits here and sees the first."""
    Replay.objects.select_for_update(no_key=True).get(pk=pk)
    if not ReplayRun.objects.filter(replay=pk, state__in=OPEN).exists():
        Replay.objects.filter(pk=pk).exclude(state=Replay.State.FINISHED).update(
            state=Replay.State.FINISHED, finished_at=timezone.now(), due_at=None, words=""
        )


@contextmanager
def _owned(run: ReplayRun) -> Iterator[None]:
    """A transaction in which this worker still owns `run`. The lease's end is the proof: it differs for each claim."""
    with transaction.atomic():
        mine = ReplayRun.objects.select_for_update().filter(pk=run.pk, state=ReplayRun.State.RUNNING, lease_until=run.lease_until)
        if not mine.exists():
            raise LostLease(f"Run {run.pk} has another owner.")
        yield
