"""Style examples: the last sent replies of the same category and mailbox, masked, within the bytes that there are."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting import examples
from drafting.models import Category, Draft, Evidence
from inbox.models import Mailbox, OutgoingMail
from tests.drafting.factories import make_category, make_conversation, make_customer, make_draft, make_mailbox, make_message

pytestmark = pytest.mark.django_db
_number = count(1)


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """The one that is answered from."""
    return make_mailbox(language="de", signature="Our Shop\n+49 40 1")


@pytest.fixture
def category(db: None) -> Category:
    """The kind of the mail."""
    return make_category()


def answered(
    mailbox: Mailbox, category: Category, *, reply: str = "", text: str = "Where is it?", state: str = "sent", **about: Any
) -> Draft:
    """A draft that was decided, and the mail that went out."""
    number = next(_number)
    reply = reply or f"It is on its way, for the {number}. time."
    message = about.pop("message", None) or make_message(text, conversation=make_conversation(mailbox=mailbox))
    assert message.conversation is not None
    values = {"state": Draft.State.DECIDED, "category": category, "language": "en", "body": "As it was drafted."}
    draft = make_draft(message, **values | about)
    OutgoingMail.objects.create(
        mailbox=mailbox,
        conversation=message.conversation,
        in_reply_to=message,
        message_id=f"example-{number}@shop.example",
        recipient=message.from_address,
        subject="Re",
        body=f"{reply}\n\n{mailbox.signature}",
        mime=b"-",
        queued_by=User.objects.get_or_create(username="ana", first_name="Ana", last_name="Borg")[0],
        state=state,
        due_at=timezone.now(),
        sent_at=timezone.now() if state == "sent" else None,
    )
    return draft


def replies(mailbox: Mailbox, category: Category, **about: Any) -> list[str]:
    found = examples.for_category(**{"category": category, "mailbox": mailbox, "language": "en", "most_bytes": 10_000, **about})
    return [one["reply"] for one in found]


def test_the_last_sent_replies_come_newest_first_in_their_final_text(mailbox: Mailbox, category: Category) -> None:
    for word in ("one", "two", "three", "four"):
        answered(mailbox, category, reply=f"The answer is {word}.")
    assert replies(mailbox, category) == ["The answer is four.", "The answer is three.", "The answer is two."]


def test_an_example_has_its_mail(mailbox: Mailbox, category: Category) -> None:
    answered(mailbox, category, text="Where is my belt?", reply="On its way.")
    found = examples.for_category(category=category, mailbox=mailbox, language="en", most_bytes=10_000)
    assert found == [{"mail": "Where is my belt?", "reply": "On its way."}]


def test_a_reply_of_another_mailbox_is_no_example(mailbox: Mailbox, category: Category) -> None:
    answered(make_mailbox(language="de"), category)
    assert replies(mailbox, category) == []


def test_a_reply_of_another_category_is_no_example(mailbox: Mailbox, category: Category) -> None:
    answered(mailbox, make_category("return"))
    assert replies(mailbox, category) == []


@pytest.mark.parametrize("state", ["held", "ready", "failed", "cancelled"])
def test_only_what_was_sent_is_an_example(mailbox: Mailbox, category: Category, state: str) -> None:
    answered(mailbox, category, state=state)
    assert replies(mailbox, category) == []


def test_what_was_drafted_but_never_answered_is_no_example(mailbox: Mailbox, category: Category) -> None:
    message = make_message(conversation=make_conversation(mailbox=mailbox))
    make_draft(message, state=Draft.State.DECIDED, category=category, language="en", body="No reply was needed.")
    assert replies(mailbox, category) == []


def test_of_a_mail_that_was_drafted_twice_only_the_decided_draft_counts(mailbox: Mailbox, category: Category) -> None:
    draft = answered(mailbox, category, reply="Once.")
    make_draft(draft.message, state=Draft.State.SUPERSEDED, category=category, language="en", body="Rejected.")
    assert replies(mailbox, category) == ["Once."]


def test_replies_in_the_language_come_first_else_those_in_the_mailboxs(mailbox: Mailbox, category: Category) -> None:
    answered(mailbox, category, reply="Unterwegs.", language="de")
    answered(mailbox, category, reply="W drodze.", language="pl")
    assert replies(mailbox, category, language="pl") == ["W drodze."]
    assert replies(mailbox, category, language="fr") == ["Unterwegs."]


def test_the_same_reply_is_shown_once(mailbox: Mailbox, category: Category) -> None:
    for _ in range(3):
        answered(mailbox, category, reply="We have read it.")
    assert replies(mailbox, category) == ["We have read it."]


def test_examples_stay_within_their_bytes(mailbox: Mailbox, category: Category) -> None:
    answered(mailbox, category, reply="Short and sweet.")
    answered(mailbox, category, reply="ü" * 400)
    answered(mailbox, category, reply="Kind of middling, but fine.")
    assert replies(mailbox, category, most_bytes=150) == ["Kind of middling, but fine.", "Short and sweet."]
    found = examples.for_category(category=category, mailbox=mailbox, language="en", most_bytes=60)
    assert sum(len(text.encode()) for one in found for text in one.values()) <= 60 and len(found) == 1
    assert replies(mailbox, category, most_bytes=0) == []


def test_the_conversation_itself_and_what_came_later_can_be_left_out(mailbox: Mailbox, category: Category) -> None:
    draft = answered(mailbox, category)
    assert replies(mailbox, category, apart_from=draft.conversation) == []
    assert replies(mailbox, category, before=timezone.now() - timedelta(hours=1)) == []
    assert len(replies(mailbox, category, before=timezone.now() + timedelta(hours=1))) == 1


def test_an_example_names_nobody(mailbox: Mailbox, category: Category) -> None:
    customer = make_customer("ewa@customer.example", name="Nowak Maszyny", number="K-7431")
    customer.addresses.update(contact="Ewa Wójcik")
    text = "Gdzie jest SO-10423? Ewa Wojcik, Nowak Maszyny, Portowa 4, Gdynia"
    message = make_message(text, conversation=make_conversation(mailbox=mailbox, customer_name="Ewcia"), from_name="E. Wojcik")
    reply = "Dear Ewcia, order 10423 of customer K-7431 goes to Portowa 4, Gdynia. Ewa.W@customer.example knows. Ana Borg"
    draft = answered(mailbox, category, message=message, customer=customer, reply=reply)
    answer = {"number": "SO-10423", "delivery_address": "Portowa 4, 81-350 Gdynia"}
    values = {"tool": "order", "source": "Orders", "question": {}, "outcome": "found", "asked_by": "code", "milliseconds": 1}
    Evidence.objects.create(draft=draft, position=1, answer=answer, **values)
    found = examples.for_category(category=category, mailbox=mailbox, language="en", most_bytes=10_000)
    assert found == [
        {
            "mail": "Gdzie jest [order number]? [name], [address]",
            "reply": "Dear [name], order [order number] of customer [customer number] goes to [address]. [e-mail] knows. [name]",
        }
    ]


def test_examples_take_one_query(mailbox: Mailbox, category: Category, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        answered(mailbox, category)
    with django_assert_num_queries(1):
        assert len(replies(mailbox, category)) == 3


def test_the_search_reads_the_index_and_not_the_history(mailbox: Mailbox, category: Category) -> None:
    message = make_message(conversation=make_conversation(mailbox=mailbox))
    values = {"message": message, "conversation": message.conversation, "state": Draft.State.DECIDED, "language": "en", "body": "-"}
    Draft.objects.bulk_create(Draft(**values, category=make_category("return")) for _ in range(3_000))
    answered(mailbox, category)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE drafting_draft")
        with CaptureQueriesContext(connection) as queries:
            assert len(replies(mailbox, category)) == 1
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "draft_decided_newest" in plan and "Seq Scan on drafting_draft" not in plan
