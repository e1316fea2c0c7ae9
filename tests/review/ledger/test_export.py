"""The ledger for others: everything to recompute the evidence, by a script that needs nothing of ours."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from review import csv_files, ledger
from review.ledger import evidence, export
from review.models import Attempt, Transition
from tests.review.ledger.rows import draft_of, entered, make_attempt, make_terms, settle
from tests.review.ledger.test_evidence import plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(ana: User, ben: User) -> Attempt:
    """A second attempt with verdicts of every sort; the draft at its end waits."""
    attempt = make_attempt(number=2)
    make_terms(attempt.category, epsilon=0.015, alpha=0.04)
    entries = [entered(attempt) for _ in range(7)]
    for entry in entries[:3]:
        settle(entry, ana)
    settle(entries[3], ben, "rejected", reason="=cmd")
    settle(entries[4], ben, seconds_open=1)
    flag = ledger.flags.flag(draft=draft_of(entries[1]), kind="wrong_fact", words="=1+1", by=ben)
    ledger.flags.clear(flag=flag, by=User.objects.create(username="eva"), words="It was right.")
    ledger.flags.flag(draft=draft_of(entries[2]), kind="leak", words="Another's address.", by=ben)
    ledger.flags.flag(draft=draft_of(entries[6]), kind="complaint", words="", by=None)
    plant(ana, met=30, caught=29)
    Transition.objects.create(attempt=attempt, after="collecting", n=0, k=0, at=timezone.now())
    attempt.refresh_from_db()
    return attempt


def unpacked(attempt: Attempt, folder: Path) -> dict[str, Any]:
    """The archive in a folder; returns the JSON file."""
    with zipfile.ZipFile(io.BytesIO(export.archive(attempt))) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    ledger: dict[str, Any] = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
    return ledger


def recompute(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script, by a Python that knows nothing but its standard library."""
    command = [sys.executable, "-I", "-S", str(folder / "recompute.py"), *arguments]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=30, check=False)


def test_the_file_says_what_happened_to_every_draft(attempt: Attempt) -> None:
    found = json.loads(export.as_json(attempt))
    assert found["setup"]["fingerprint"] == attempt.setup.fingerprint
    assert found["attempt"]["number"] == 2
    assert [(terms["epsilon"], terms["alpha"]) for terms in found["terms"]] == [(0.015, 0.04)]
    assert found["reviewers"] == {"planted": 23, "caught": 23}  # Ana gave 3 of the 4 decisions that count.
    assert [step["after"] for step in found["transitions"]] == ["collecting"]
    assert [entry["position"] for entry in found["entries"]] == list(range(1, 8))
    reasons = [[verdict["reason"] for verdict in entry["verdicts"]] for entry in found["entries"]]
    assert reasons == [
        ["approved"],
        ["approved", "flagged", "cleared"],
        ["approved", "flagged"],
        ["rejected"],
        ["too_fast"],
        [],
        ["flagged"],
    ]
    standing = evidence.standing(attempt)
    assert (standing.n, standing.k) == (4, 2)
    assert found["result"]["n"] == 4
    assert found["result"]["log_e"] == standing.log_e


def test_no_free_words_and_no_formula_leave_with_it(attempt: Attempt) -> None:
    for text in (export.as_json(attempt), export.as_csv(attempt)):
        assert "Another's" not in text
        assert "=1" not in text
        assert "ann@customer.example" not in text
        assert "ana" not in text
    cells = [cell for row in csv.reader(io.StringIO(export.as_csv(attempt))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_spreadsheet_has_a_line_for_each_verdict_and_one_for_what_has_none(attempt: Attempt) -> None:
    rows = list(csv.DictReader(io.StringIO(export.as_csv(attempt).removeprefix(csv_files.MARK))))
    assert [(row["position"], row["reason"], row["unsafe"], row["counts"]) for row in rows] == [
        ("1", "approved", "false", "true"),
        ("2", "approved", "false", "true"),
        ("2", "flagged", "true", "true"),
        ("2", "cleared", "false", "true"),
        ("3", "approved", "false", "true"),
        ("3", "flagged", "true", "true"),
        ("4", "rejected", "true", "true"),
        ("5", "too_fast", "", "false"),
        ("6", "", "", ""),
        ("7", "flagged", "true", "true"),
    ]


def test_anybody_can_recompute_the_evidence(attempt: Attempt, tmp_path: Path) -> None:
    unpacked(attempt, tmp_path)
    done = recompute(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    standing = evidence.standing(attempt)
    assert (int(said["n"]), int(said["k"])) == (standing.n, standing.k)
    for name in ("catch_rate", "tested_epsilon", "tested_alpha", "threshold", "log_e", "bound"):
        assert float(said[name]) == pytest.approx(getattr(standing, name), rel=1e-9)
    assert said["is_proven"] == "False"
    assert float(said["E"]) == pytest.approx(standing.e, rel=1e-4)
    assert done.stdout.endswith("The files agree with this.\n")


def test_what_was_proven_is_seen_as_proven(attempt: Attempt, tmp_path: Path) -> None:
    found = unpacked(attempt, tmp_path)
    approved = found["entries"][0]
    found["entries"] = [approved | {"position": place} for place in range(1, 1001)]
    (tmp_path / "other.json").write_text(json.dumps(found), encoding="utf-8")
    said = recompute(tmp_path, "other.json", "no.csv").stdout
    assert "n: 1000\nk: 0\n" in said
    assert "is_proven: True" in said


@pytest.mark.parametrize("what", ["result", "entries", "csv"])
def test_a_file_that_was_tampered_with_does_not_agree(attempt: Attempt, tmp_path: Path, what: str) -> None:
    found = unpacked(attempt, tmp_path)
    if what == "csv":
        path = tmp_path / "ledger.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("rejected,true", "rejected,false"), encoding="utf-8")
    else:
        if what == "result":
            found["result"]["bound"] /= 2
        else:
            found["entries"][3]["verdicts"][0]["unsafe"] = False
        (tmp_path / "ledger.json").write_text(json.dumps(found), encoding="utf-8")
    done = recompute(tmp_path)
    assert done.returncode == 1
    assert "the file claims" in done.stdout or "counts other verdicts" in done.stdout


def test_an_attempt_without_drafts_has_a_file_too(tmp_path: Path) -> None:
    found = unpacked(make_attempt(), tmp_path)
    assert found["entries"] == []
    assert [terms["epsilon"] for terms in found["terms"]] == [0.02]
    assert recompute(tmp_path).returncode == 0
