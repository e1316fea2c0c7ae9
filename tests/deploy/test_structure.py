"""The code base keeps its own rules."""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from deploy.celery import app

ROOT = Path(settings.BASE_DIR)
TOP_LEVEL = {"manage.py", "pyproject.toml", "README.md", "inbox", "drafting", "review", "templates", "tests", "deploy"}


def tracked(*patterns: str) -> list[Path]:
    output = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in output.splitlines() if (ROOT / name).exists()]


def test_the_top_level_holds_what_was_agreed_and_dotfiles() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_the_lock_files_carry_hashes_and_no_addresses() -> None:
    for lock in tracked("deploy/*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text


def test_every_beat_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_there_are_no_signals() -> None:
    offenders = [
        path
        for path in tracked("inbox/*.py", "drafting/*.py", "review/*.py")
        if re.search(r"@receiver|\.connect\(.*sender=", path.read_text())
    ]
    assert offenders == []


def test_tasks_are_doorways() -> None:
    """A task takes ids and calls one function; twelve lines of code are plenty for that."""
    for path in tracked("*/tasks.py"):
        bodies = re.split(r"^@", path.read_text(), flags=re.MULTILINE)[1:]
        assert all(len([line for line in body.splitlines() if line.strip()]) <= 14 for body in bodies), path


def test_the_web_side_does_not_load_what_only_the_drafting_worker_needs() -> None:
    """Half a second and fifty megabytes each, in every process."""
    heavy = {"openai", "cel", "mcp", "py3langid", "imapclient"}
    code = f"import django, sys; django.setup(); import deploy.urls; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "deploy.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"
