"""The benchmark of pages runs; what it measures is for people to judge."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_of_pages_runs_and_compares_sizes() -> None:
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "COUNTERSIGN_DATA"}}
    command = [sys.executable, "-m", "tests.bench.pages", "--sizes", "60,120", "--waiting", "12", "--visits", "2"]
    result = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=1200, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    for words in (
        "60 conversations",
        "120 conversations",
        "queue, failed checks",
        "reports, the next nine",
        "decision, then the next item",
        "120 : 60",
    ):
        assert words in result.stdout
