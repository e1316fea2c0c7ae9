"""Write past mails once more, with a candidate setup or the rules of now, and compare."""

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafting import replays, setups
from drafting.errors import Refused
from drafting.models import Category, Replay, Setup
from drafting.replays import Choice, comparison, writing

LOOK_SECONDS = 2.0
CONSISTENCY = 4


class Command(BaseCommand):
    """`replay start|status|resume|pause|show`."""

    help = "Replays past mail with a candidate setup. Ctrl-C stops at once and loses nothing: workers, or resume, go on."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        start = commands.add_parser("start", help="begin a replay and write it here, with progress")
        start.add_argument("--setup", type=int, help="number of the candidate; the active one if left out")
        start.add_argument("--category", default="", help="slug; all if left out")
        start.add_argument("--since", type=date.fromisoformat, help="only mail that came in since this day (2026-01-31)")
        start.add_argument("--newest", type=int, default=200, help="so many mails, the newest first (200)")
        start.add_argument("--past", action="store_true", help="imported past mail with its replies, instead of mail that was drafted here")
        start.add_argument("--repeats", type=int, default=1, help="write each mail so often (1)")
        start.add_argument(
            "--consistency", action="store_const", dest="repeats", const=CONSISTENCY, help=f"short for --repeats {CONSISTENCY}"
        )
        start.add_argument("--later", action="store_true", help="leave it to the workers")
        commands.add_parser("status", help="all replays, the newest first")
        others = {"resume": "go on with a replay, here", "pause": "stop a replay until it is resumed", "show": "what came out"}
        for name, about in others.items():
            commands.add_parser(name, help=about).add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except Refused as error:
            raise CommandError(str(error)) from error

    def _start(self, options: dict[str, Any]) -> None:
        choice = Choice(_category(options["category"]), options["since"], max(1, options["newest"]), options["past"])
        if not 1 <= options["repeats"] <= 16:
            raise CommandError("Each mail can be written 1 to 16 times.")
        replay = replays.start(setup=_setup(options["setup"]), choice=choice, repeats=options["repeats"], by=None)
        self.stdout.write(f"{replay}: {choice}, {comparison.progress(replay).runs} runs with {replay.setup} ({replay.setup.model}).")
        if not options["later"]:
            self._work(replay)

    def _status(self, options: dict[str, Any]) -> None:
        for replay in Replay.objects.select_related("setup").order_by("-pk"):
            progress = comparison.progress(replay)
            through = f"{progress.through} of {progress.runs}"
            self.stdout.write(f"{replay}: {replay.get_state_display().lower()}, {through}, {replay.setup}. {replay.words}".rstrip())

    def _resume(self, options: dict[str, Any]) -> None:
        replay = _replay(options["number"])
        if replay.state == Replay.State.FINISHED:
            raise CommandError(f"{replay} is finished; see: replay show {replay.pk}.")
        if replay.state == Replay.State.PAUSED:
            replays.resume(replay=replay)
        self._work(replay)

    def _pause(self, options: dict[str, Any]) -> None:
        replay = _replay(options["number"])
        replays.pause(replay=replay, by=None)
        self.stdout.write(f"{replay} is paused; go on with: replay resume {replay.pk}.")

    def _show(self, options: dict[str, Any]) -> None:
        replay = _replay(options["number"])
        self.stdout.write(f"{replay}: {replay.choice}. With {replay.setup}. A pre-screen, never evidence.")
        for row in comparison.rows(replay):
            self._show_row(row)

    def _show_row(self, row: comparison.Row) -> None:
        said = ", ".join(f"{row.verdicts[verdict]} {verdict.label.lower()}" for verdict in comparison.Verdict if row.verdicts[verdict])
        self.stdout.write(f"\n{row.category}: {row.mails} mails{f': {said}' if said else ''}; {row.failures} failed")
        if row.close is not None:
            before = f", the recorded drafts {row.close_before:.0%}" if row.close_before is not None else ""
            self.stdout.write(f"  agrees with the reply that was sent ({row.labelled} mails) by {row.close:.0%} on average{before}")
        if any(row.verdicts.values()):
            self.stdout.write(f"  {row.test}")
        if row.asked_in_vain:
            self.stdout.write(f"  asked {row.asked_in_vain} things that were not recorded")
        if row.pass_hats:
            self.stdout.write("  " + ", ".join(f"pass^{k} {share:.0%}" for k, share in row.pass_hats.items()))

    def _work(self, replay: Replay) -> None:
        """Write runs here until none is left, beside any workers; say how far it is."""
        said = ""
        try:
            while True:
                has_written = replay.state == Replay.State.RUNNING and writing.run_next(replay_id=replay.pk)
                replay.refresh_from_db()
                said = self._say(replay, said)
                if replay.state == Replay.State.FINISHED or (replay.state == Replay.State.PAUSED and replay.due_at is None):
                    break
                if not has_written:
                    time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write(f"Stopped here. Workers go on where they run, else: replay resume {replay.pk}. To stop them: replay pause.")
            return
        self._show({"number": replay.pk})

    def _say(self, replay: Replay, said: str) -> str:
        progress = comparison.progress(replay)
        words = replay.words or ("" if progress.at_work else replays.waits_for(replay))
        line = f"{progress.through} of {progress.runs} ({progress.percent} %)" + (f". {words}" if words else "")
        if line != said:
            self.stdout.write(line)
        return line


def _setup(number: int | None) -> Setup:
    setup = setups.active() if number is None else Setup.objects.filter(pk=number).first()
    if setup is None:
        raise CommandError("There is no such setup; see: setup list.")
    return setup


def _category(slug: str) -> Category | None:
    category = Category.objects.filter(slug=slug).first() if slug else None
    if slug and category is None:
        known = ", ".join(Category.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no category {slug!r}; choose one of: {known or 'none yet'}.")
    return category


def _replay(number: int) -> Replay:
    replay = Replay.objects.select_related("setup").filter(pk=number).first()
    if replay is None:
        raise CommandError(f"There is no replay {number}; see: replay status.")
    return replay
