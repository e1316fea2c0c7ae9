"""`manage.py replay`, and last year's mail of a small company before it starts."""

import mailbox as mailboxes
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from drafting import setups
from drafting.models import Draft, Replay, ReplayRun
from drafting.replays import writing
from inbox.models import Mailbox, Message, OutgoingMail
from tests.drafting.factories import make_category, make_customer, make_mailbox, make_order
from tests.drafting.model_server import says
from tests.drafting.replays.past import CHOICE, REPLY, candidate, make_ann, past_draft

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("replay", *arguments, stdout=out)
    return out.getvalue()


def test_a_replay_is_started_written_and_shown() -> None:
    make_ann()
    past_draft(sent="SO-4711 left on 3 November 2026.")
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        said = run("start", "--setup", str(setup.pk))
    number = Replay.objects.get().pk
    assert f"Replay {number}: The newest 200 mails with a recorded draft, 1 runs with {setup}" in said
    assert "1 of 1 (100 %)" in said
    assert "All categories: 1 mails: 1 same; 0 failed" in said
    assert "agrees with the reply that was sent (1 mails) by 100% on average, the recorded drafts 100%" in said
    assert "finished, 1 of 1" in run("status")
    assert "All categories: 1 mails: 1 same" in run("show", str(number))


def test_consistency_is_asked_for_by_one_word() -> None:
    make_ann()
    past_draft()
    with candidate(*[says(CHOICE), says(REPLY)] * 4) as (setup, _):
        said = run("start", "--setup", str(setup.pk), "--consistency")
    assert "pass^1 100%, pass^2 100%, pass^3 100%, pass^4 100%" in said


def test_a_replay_that_was_broken_off_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    make_ann()
    for _ in range(3):
        past_draft()
    real, calls = writing.sent_text, list[Message]()

    def interrupted(message: Message) -> str:
        calls.append(message)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(message)

    monkeypatch.setattr(writing, "sent_text", interrupted)
    with candidate(*[says(CHOICE), says(REPLY)] * 4) as (setup, _):
        said = run("start", "--setup", str(setup.pk))
        number = Replay.objects.get().pk
        assert "1 of 3 (33 %)" in said
        assert f"replay resume {number}" in said
        assert sorted(ReplayRun.objects.values_list("state", flat=True)) == ["done", "waiting", "waiting"]
        assert "3 of 3 (100 %)" in run("resume", str(number))
    assert ReplayRun.objects.filter(attempts=1).count() == 3


def test_a_paused_replay_is_resumed_by_its_number() -> None:
    make_ann()
    past_draft()
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        run("start", "--setup", str(setup.pk), "--later")
        number = str(Replay.objects.get().pk)
        assert f"go on with: replay resume {number}" in run("pause", number)
        assert "paused, 0 of 1" in run("status")
        assert "1 of 1 (100 %)" in run("resume", number)
    with pytest.raises(CommandError, match="is finished"):
        run("resume", number)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["start", "--setup", "999999"], "There is no such setup"),
        (["start"], "There is no such setup"),
        (["show", "999999"], "There is no replay 999999"),
        (["start", "--category", "nonsense"], "There is no category 'nonsense'; choose one of: order-status"),
    ],
)
def test_what_does_not_exist_is_said(arguments: list[str], words: str) -> None:
    make_category()
    with pytest.raises(CommandError, match=words):
        run(*arguments)


YEAR = datetime(2025, 6, 2, 9, tzinfo=UTC)
"""When the small company below was asked."""


def mail(sender: str, to: str, text: str, *, message_id: str, answers: str = "", day: int = 0) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, f"{'Re: ' if answers else ''}Garden shears"
    made["Date"], made["Message-Id"] = format_datetime(YEAR.replace(day=2 + day)), f"<{message_id}>"
    if answers:
        made["In-Reply-To"] = f"<{answers}>"
    else:
        made["Authentication-Results"] = f"mx.shop.example; dmarc=pass header.from={sender.partition('@')[2]}"
    made.set_content(text)
    return made.as_bytes()


def mbox(path: Path, *mails: bytes) -> str:
    box = mailboxes.mbox(path)
    for one in mails:
        box.add(one)
    box.close()
    return str(path)


@pytest.fixture
def company(tmp_path: Path) -> Mailbox:
    """A company that sells garden tools, with two mails and two replies of last year."""
    shop = make_mailbox(name="Shop", address="hello@shop.example")
    make_order(make_customer("ines@garden.example"), "SO-4711")
    came_in = [
        mail("ines@garden.example", "hello@shop.example", "Where is my order SO-4711?", message_id="1@garden.example"),
        mail("joel@park.example", "hello@shop.example", "Do you sell rakes?", message_id="2@park.example", day=1),
        mail("mia@yard.example", "hello@shop.example", "Thanks, all good.", message_id="3@yard.example", day=2),
    ]
    sent = [
        mail("rita@shop.example", "ines@garden.example", "SO-4711 has left.", message_id="4@shop", answers="1@garden.example", day=1),
        mail("hello@shop.example", "joel@park.example", "Yes, for 12.50 EUR.", message_id="5@shop", answers="2@park.example", day=2),
    ]
    arguments = [mbox(tmp_path / "in.mbox", *came_in), "--past", "--sent", mbox(tmp_path / "sent.mbox", *sent), "--mailbox", "Shop"]
    call_command("import_mail", *arguments, stdout=StringIO())
    return shop


def test_a_company_replays_last_year_before_it_starts(company: Mailbox) -> None:
    make_category()
    rake = REPLY | {"body": "Hello Joel,\n\nyes, they cost 12.50 EUR.\n\nKind regards"}
    order = REPLY | {"body": "Hello Ines,\n\nSO-4711 is on its way.\n\nKind regards"}
    with candidate(says(CHOICE), says(rake), says(CHOICE), says(order)) as (setup, script):
        setups.activate(setup=setup, by=None)
        said = run("start", "--past")
    assert "The newest 200 imported mails with the reply that people sent, 2 runs" in said
    assert "agrees with the reply that was sent (2 mails) by 100% on average" in said
    runs = ReplayRun.objects.order_by("pk")
    assert [(one.message.from_address, one.agreement, one.verdict, one.is_live) for one in runs] == [
        ("joel@park.example", 1.0, "", True),
        ("ines@garden.example", 1.0, "", True),
    ]
    evidence = script.materials()[3]["evidence"]
    assert [each["answer"]["number"] for each in evidence if each["tool"] == "order"] == ["SO-4711"]
    assert "left today" not in str(script.requests)
    assert not Draft.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not Message.objects.filter(taken_up_at=None).exists()
