"""Mails over the limit: what is kept, and what is said of the rest."""

import pytest

from inbox.ingest import storing
from inbox.models import Message
from inbox.parsing import parse
from tests.inbox.factories import make_mailbox, receive

HEAD = b"""From: ana@customer.example
Subject: The plan
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"
"""
SMALL = b"""
--b
Content-Type: image/png; name="sketch.png"
Content-Disposition: attachment; filename="sketch.png"

small
"""
LARGE = (
    b"""
--b
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"

"""
    + b"line of the plan\n" * 500
)
TEXT = b"""
--b
Content-Type: text/plain

Please cancel the order.
"""
END = b"\n--b--\n"


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "LIMIT", 3_000)
    monkeypatch.setattr(storing, "KEPT", 2_000)


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
def test_an_attachment_that_is_cut_has_no_hash_and_the_mail_says_what_is_missing() -> None:
    message = receive(make_mailbox(), HEAD + SMALL + LARGE + TEXT + END)
    assert [(one.name, bool(one.sha256)) for one in message.attachments.order_by("position")] == [("sketch.png", True), ("plan.pdf", False)]
    assert "Of “plan.pdf” only the start is here; what came after it, perhaps the text of the mail, is not." in message.problem
    assert {"truncated", "no_text"} <= set(message.flags)
    assert message.state == Message.State.PARSED


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
def test_where_the_text_is_cut_no_attachment_is() -> None:
    message = receive(make_mailbox(), HEAD + SMALL + TEXT + b"And more.\n" * 500 + END)
    assert [bool(one.sha256) for one in message.attachments.all()] == [True]
    assert "only the start is here" not in message.problem


@pytest.mark.django_db
def test_a_mail_within_the_limit_is_whole_though_nothing_ends_it() -> None:
    message = receive(make_mailbox(), HEAD + TEXT + SMALL)
    assert [bool(one.sha256) for one in message.attachments.all()] == [True]
    assert "only the start" not in message.problem


@pytest.mark.parametrize(("content", "last"), [(HEAD + SMALL + END, []), (HEAD + SMALL + LARGE, ["plan.pdf"]), (HEAD + LARGE + TEXT, [])])
def test_only_what_the_mail_ends_within_is_last(content: bytes, last: list[str]) -> None:
    assert [one.name for one in parse(content).attachments if one.is_last] == last
