"""Auto-send from the first click to the second unlocking, as `python -m tests.life.earning` tries it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.life
def test_a_category_earns_auto_send_loses_it_and_earns_it_again() -> None:
    """A customer's mailbox gets an automatic reply in between."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.life.earning"], cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "all steps passed" in result.stdout
