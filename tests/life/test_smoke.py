"""The whole product from outside, as `deploy/run --smoke` tries it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.life
def test_a_mail_is_drafted_approved_and_answered_once_while_workers_are_killed_and_redis_forgets() -> None:
    """The rough run: the steps of the smooth one, with the faults in between."""
    known = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}}
    command = [sys.executable, "-m", "deploy.launch", "--rough"]
    result = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=900, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "all steps passed" in result.stdout
