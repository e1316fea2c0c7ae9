"""A short run of the fuzzing; `python -m tests.inbox.fuzzing` does 200,000."""

import pytest

from inbox.parsing import parse
from tests.inbox import fuzzing
from tests.inbox.mail_classes import CLASSES


@pytest.mark.parametrize("seed", range(4))
def test_mutated_mails_are_read_in_time_and_nothing_is_lost(seed: int) -> None:
    assert fuzzing.fuzz(seed=seed, numbers=range(250)) == []


@pytest.mark.parametrize("content", CLASSES.values(), ids=CLASSES)
def test_every_class_of_mail_is_read(content: bytes) -> None:
    assert not fuzzing.check(content)
    assert parse(content).readable or content in {CLASSES["no header"]}


def test_a_case_can_be_made_again() -> None:
    assert fuzzing.mutate(seed=7, number=3) == fuzzing.mutate(seed=7, number=3)


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.parsing.mail._parse", lambda *_: 1 / 0)
    [finding] = fuzzing.fuzz(seed=1, numbers=range(1, 2))
    assert finding == fuzzing.Finding(1, 1, "the parser raised")


def test_words_that_are_lost_are_found() -> None:
    assert fuzzing.check(CLASSES["no body"], must_hold=fuzzing.MARK) == "what the customer wrote is lost"
