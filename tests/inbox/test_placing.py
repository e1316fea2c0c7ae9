"""Messages that are read together end in the conversations that they would have ended in one by one."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inbox import ingest, parsing, placing
from inbox.ingest import storing, together
from inbox.models import Conversation, Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox

pytestmark = pytest.mark.django_db
COUNT = 45
NOW = timezone.now()


def mails(mailbox: Mailbox, seed: int) -> list[bytes]:
    """Mails of few customers that name each other's ids, known and unknown, repeated and crossed, some of them without a subject."""
    random = Random(seed)
    ids = [f"<{number}@customer.example>" for number in range(COUNT)]
    made = []
    for number in range(COUNT):
        near = ids[: max(1, number)] if random.random() < 0.8 else ids
        references = " ".join(dict.fromkeys(random.choice(near) for _ in range(random.choice((0, 0, 1, 1, 2, 4)))))
        own = ids[number] if random.random() < 0.95 else random.choice(ids)
        sender = random.choice(
            ("ana@customer.example", "ana@customer.example", "bo@customer.example", "cy@customer.example", mailbox.address)
        )
        headers = {"references": references} if references else {}
        headers |= {"auto_submitted": "auto-replied"} if random.random() < 0.1 else {}
        subject = random.choice(("", "Order", "Re: Order", "Another order", "Pump"))
        made.append(make_mail(f"Mail {number}", sender=sender, subject=subject, message_id=own, **headers))
    return made


def arrivals(mailbox: Mailbox, contents: Iterable[bytes]) -> list[ingest.Arrival]:
    """In storage, a minute apart, every seventh as history."""
    return [
        storing.arrive(one, received_at=NOW + timedelta(minutes=number), uid=number + 1, uidvalidity=1, is_past=number % 7 == 3)
        for number, one in enumerate(contents)
    ]


def take_in_together(mailbox: Mailbox, arrived: list[ingest.Arrival], size: int) -> None:
    """Chunk by chunk."""
    for start in range(0, len(arrived), size):
        chunk = arrived[start : start + size]
        with transaction.atomic():
            recorded = together.record(mailbox=mailbox, arrivals=chunk, understood=together.parse_all(chunk))
        assert recorded.unread == []


def take_in_one_by_one(mailbox: Mailbox, arrived: list[ingest.Arrival]) -> None:
    """As posted mail is."""
    for one in arrived:
        with transaction.atomic():
            [pk] = storing.record_all(mailbox=mailbox, arrivals=[one]).new
        ingest.read_message(message=Message.objects.get(pk=pk))


def outcome(mailbox: Mailbox) -> list[Any]:
    """For each mail by its number the conversation, by its place among the mailbox's, and what has become of that."""
    found = Conversation.objects.filter(mailbox=mailbox).order_by("pk")
    number = {one.pk: place for place, one in enumerate(found)} | {None: None}
    talks = [
        (one.subject, one.customer_address, one.customer_name, one.state, one.last_message_at, number[one.split_from_id]) for one in found
    ]
    placed = Message.objects.filter(mailbox=mailbox).order_by("uid")
    return [*((one.subject, one.kind, one.state, number[one.conversation_id]) for one in placed), *talks]


def expect_ours(text: list[Any], mailbox: Mailbox) -> str:
    """The two mailboxes differ by their addresses only."""
    return str(text).replace(mailbox.address, "us")


@pytest.mark.parametrize("size", [1, 3, 7, COUNT])
@pytest.mark.parametrize("seed", range(4))
def test_mails_read_together_end_where_they_would_have_ended_one_by_one(size: int, seed: int) -> None:
    one_by_one, at_once = make_mailbox(), make_mailbox()
    take_in_one_by_one(one_by_one, arrivals(one_by_one, mails(one_by_one, seed)))
    take_in_together(at_once, arrivals(at_once, mails(at_once, seed)), size)
    expected = expect_ours(outcome(one_by_one), one_by_one)
    assert expect_ours(outcome(at_once), at_once) == expected
    assert len(set(Conversation.objects.filter(mailbox=at_once).values_list("subject", flat=True))) > 2
    assert Conversation.objects.filter(mailbox=at_once, split_from__isnull=False).exists()


def test_many_mails_cost_few_statements(django_assert_max_num_queries: Any) -> None:
    mailbox = make_mailbox()
    arrived = arrivals(mailbox, [one for one in mails(mailbox, 1) if mailbox.address.encode() not in one])
    understood = together.parse_all(arrived)
    with django_assert_max_num_queries(20), transaction.atomic():
        together.record(mailbox=mailbox, arrivals=arrived, understood=understood)


def test_kin_is_found_by_its_references_and_not_along_all_messages() -> None:
    mailbox = make_mailbox()
    conversation = Conversation.objects.create(mailbox=mailbox)
    about = {"mailbox": mailbox, "conversation": conversation, "raw_size": 1, "received_at": NOW}
    Message.objects.bulk_create([Message(**about, raw_sha256=f"{n:064}", references=[f"{n}@x", f"{n % 50}@y"]) for n in range(2_000)])
    message = Message(mailbox=mailbox, message_id="new@customer.example", references=["7@x", "7@y"])
    letter = placing.Letter(message, parsing.ParsedMail(from_addr="ana@customer.example"))
    plans: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"EXPLAIN {sql}", params)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inbox_message")
    with connection.execute_wrapper(explain):
        related = placing._related(mailbox, [letter])
    assert [of for _, of, _, _ in related] == ["kin"] * placing.MOST_KIN
    assert "message_by_references" in plans[0]
    assert "inbox_message_pkey" not in plans[0]


def test_references_are_sorted_into_their_index_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'message_by_references'")
        assert cursor.fetchone() == (["fastupdate=off"],)
