"""What a draft costs beside the model: `python -m tests.bench.drafting`.

Three figures, each with a stub in the model's place, in a PostgreSQL (which writes to disk as in operation) and a Redis of their own:

* overhead: the time of a whole draft (claim, lookups, rules, two turns, gate, record) beside that of two bare HTTP calls with the same
  bodies to the same stub, taken in turn; the processor time of this process, which others on the machine disturb less; and the queries
  of one draft;
* drafts a minute with so many in flight, by a real Celery worker with threads, against a stub that takes some seconds for each turn;
* the memory of that worker, when it has started and when it has worked.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deploy import services
from tests.bench import stub

if TYPE_CHECKING:
    from drafting.models import Draft

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 5


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=150, help="drafts whose overhead is taken")
    parser.add_argument("--in-flight", default="1,8,32", help="how many drafts a worker writes at once, each in turn")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long the stub takes for a turn")
    parser.add_argument("--rounds", type=int, default=4, help="drafts for each that is in flight")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="countersign-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"COUNTERSIGN_DATA": folder, "DJANGO_SETTINGS_MODULE": "deploy.settings", "SECRET_KEY": "only for measuring"}
        with services.started(Path(folder)):
            _prepare()
            say(f"{os.cpu_count()} cores; load before: {_load()}")
            measure_overhead(options.drafts)
            for in_flight in map(int, options.in_flight.split(",")):
                measure_throughput(in_flight, drafts=in_flight * options.rounds, seconds=options.seconds)
            say(f"load after: {_load()}")


def measure_overhead(drafts: int) -> None:
    """One draft after the other, each beside the same calls made bare."""
    from drafting import writing
    from tests.bench import rows

    with stub.serving(seconds=0) as port:
        rows.activate(f"http://127.0.0.1:{port}/v1", model=stub.MODEL)
        line = http.client.HTTPConnection("127.0.0.1", port)
        ours, spent, bare = [], [], []
        for number in range(WARM_UP + drafts):
            draft = rows.queued_draft()
            before = time.process_time()
            took = _timed(partial(writing.write, draft_id=draft.pk))
            worked = (time.process_time() - before) * 1000
            bodies = [json.dumps(call.request).encode() for call in rows.written(draft).model_calls.order_by("position")]
            calls = _timed(partial(_call, line, bodies))
            if number >= WARM_UP:
                ours.append(took)
                spent.append(worked)
                bare.append(calls)
        queries = rows.queries_of_one()
    over = [draft - calls for draft, calls in zip(ours, bare, strict=True)]
    say(f"{'a draft, of a known customer with one order':<52} {_spread(ours)}")
    say(f"{'the same two calls, bare':<52} {_spread(bare)}")
    say(f"{'our overhead':<52} {_spread(over)}   {statistics.median(ours) / statistics.median(bare):.1f} times the bare calls")
    say(f"{'processor time of ours':<52} {_spread(spent)}")
    say(f"{'queries of ours':<52} {queries:6d}")


def measure_throughput(in_flight: int, *, drafts: int, seconds: float) -> None:
    """A worker with as many threads writes a backlog, rung for once a second as in operation."""
    import psutil

    from tests.bench import rows

    with stub.serving(seconds=seconds) as port, _worker(in_flight) as worker:
        rows.activate(f"http://127.0.0.1:{port}/v1", model=stub.MODEL)
        idle = psutil.Process(worker.pid).memory_info().rss
        _work_off([rows.queued_draft() for _ in range(in_flight)])
        backlog = [rows.queued_draft() for _ in range(drafts)]
        took = _timed(partial(_work_off, backlog)) / 1000
        worked = psutil.Process(worker.pid).memory_info().rss
    rate = drafts / took * 60
    part = f"{rate / (in_flight * 60 / (2 * seconds)):.0%} of what the model allows" if seconds else "no model to wait for"
    memory = f"worker {idle / 2**20:.0f} MB at first, {worked / 2**20:.0f} MB after {drafts} drafts"
    say(f"{f'{in_flight} in flight, the model takes {seconds:g} s a turn':<52} {rate:6.0f} drafts a minute, {part}; {memory}")


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench import rows

    call_command("migrate", verbosity=0)
    rows.make_company()


@contextmanager
def _worker(threads: int) -> Iterator["subprocess.Popen[bytes]"]:
    from deploy.celery import app

    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "deploy", "-q", "worker", "--loglevel", "WARNING", "--queues", "draft"]
    command += ["--pool", "threads", "--concurrency", str(threads), "--without-gossip", "--without-mingle", "--hostname", "bench@%h"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        while not app.control.ping(timeout=0.5):
            assert process.poll() is None, "the worker ended"
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _work_off(backlog: "list[Draft]") -> None:
    from drafting import tasks
    from tests.bench import rows

    while rows.any_unwritten(backlog):
        tasks.write_due_drafts()
        for _ in range(10):
            time.sleep(0.1)
            if not rows.any_unwritten(backlog):
                return


def _call(line: http.client.HTTPConnection, bodies: list[bytes]) -> None:
    for body in bodies:
        line.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        line.getresponse().read()


def _timed(act: Callable[[], None]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _spread(values: list[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):6.1f} ms median {ordered[int(len(ordered) * 0.95)]:6.1f} ms p95"


def _load() -> str:
    import psutil

    busy = psutil.cpu_percent(1.0)
    return f"{' '.join(f'{value:.1f}' for value in os.getloadavg())}; {busy:.0f} % of all cores busy while this does nothing"


def say(words: str) -> None:
    """A line of the table."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
