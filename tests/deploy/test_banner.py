"""What is printed once everything runs."""

import pytest
from django.core.management import CommandError

from deploy import banner


def refuse(*_arguments: str) -> None:
    raise CommandError("No model is pinned yet: the model server does not answer.")


def test_a_demo_without_its_model_still_says_where_to_go_and_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COUNTERSIGN_DEMO", "1")
    monkeypatch.setenv("DEMO_POSTBOX_PORT", "8001")
    monkeypatch.setattr(banner, "wait_for", lambda address: True)
    monkeypatch.setattr(banner, "wait_for_first_drafts", lambda: None)
    monkeypatch.setattr(banner, "call_command", refuse)
    monkeypatch.setattr(banner, "demo_lines", lambda address: [f"ready at {address}"])
    banner.show_when_ready()
    printed = capsys.readouterr().out
    assert "ready at http://localhost:8000/" in printed
    assert "No model is pinned yet" in printed
