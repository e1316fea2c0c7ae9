"""The report of the demo company, as `python -m tests.life.reporting` reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.life
def test_the_numbers_on_the_page_are_those_of_the_demo_company() -> None:
    """Counted a second time from the raw rows, and each followed to its mails."""
    command = [sys.executable, "-m", "tests.life.reporting"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "all steps passed" in result.stdout
