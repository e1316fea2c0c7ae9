"""The benchmark runs; what it measures is for people to judge."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_of_drafting_runs_and_prints_its_table() -> None:
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "COUNTERSIGN_DATA"}}
    command = [sys.executable, "-m", "tests.bench.drafting", "--drafts", "2", "--in-flight", "2", "--rounds", "1", "--seconds", "0.1"]
    result = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=1200, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    for words in ("our overhead", "queries of ours", "2 in flight", "drafts a minute", "MB after"):
        assert words in result.stdout
