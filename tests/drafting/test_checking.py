"""What the gate is told about a reply that was written, over the real parts."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting import checking
from drafting.checking import caps
from drafting.gate.checks.mail import UNREAD
from drafting.grounding import Source, atoms, trace
from drafting.models import Customer, CustomerAddress, Draft, Order, Rule
from inbox.models import Mailbox, Message
from inbox.parsing.mail import _PROBLEMS
from tests.drafting.factories import (
    make_article,
    make_category,
    make_customer,
    make_draft,
    make_message,
    make_order,
    make_template,
)
from tests.drafting.model_answers import CHOICE, REPLY
from tests.drafting.model_server import says
from tests.drafting.test_writing import setup_with, write

pytestmark = pytest.mark.django_db
BODY = "Hello Ann,\n\nyour order SO-4711 is on its way. It is planned to arrive soon.\n\nKind regards"


@pytest.fixture
def draft() -> Draft:
    """A draft for Ann, who asks for her order SO-4711."""
    make_order(make_customer("ann@customer.example"), "SO-4711")
    return make_draft(make_message("Where is my order SO-4711?", subject="My order"))


def failed(done: Draft) -> set[str]:
    return set(done.checks.filter(passed=False).values_list("code", flat=True))


def test_a_good_reply_to_a_known_sender_is_eligible(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        done = write(draft)
    assert failed(done) == set()
    assert done.is_eligible


@pytest.mark.parametrize("flag", [*UNREAD, "no_date"])
def test_a_mail_that_was_not_read_to_its_end_is_for_a_person(draft: Draft, flag: str) -> None:
    Message.objects.update(flags=[flag])
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        done = write(draft)
    assert failed(done) == ({"mail_read_whole"} if flag in UNREAD else set())


def test_of_all_mails_that_are_answered_at_once_each_must_be_read_to_its_end(draft: Draft) -> None:
    later = make_message("Please answer.", conversation=draft.conversation)
    Message.objects.filter(pk=draft.message_id).update(flags=["truncated"])
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        done = write(make_draft(later))
    assert "mail_read_whole" in failed(done)


def test_each_flag_of_a_mail_that_is_read_in_part_is_known_to_the_gate() -> None:
    about_its_header = {"several_from", "no_from", "no_date", "unreadable"}
    assert set(_PROBLEMS) == set(UNREAD) | about_its_header


@pytest.mark.parametrize(("address", "codes"), [("parts@gmail.com", {"links_allowed"}), ("parts@sites.example", set())])
def test_a_domain_that_belongs_to_everybody_is_not_the_companys(draft: Draft, address: str, codes: set[str]) -> None:
    Mailbox.objects.update(address=address)
    link = f"https://{address.partition('@')[2]}/orders"
    make_article(title="Orders", body="Orders can be followed.")
    with setup_with(says(CHOICE), says(REPLY | {"body": f"{BODY}\n{link}"})):
        done = write(draft)
    assert codes <= failed(done)
    assert ("links_allowed" in failed(done)) == bool(codes)


def test_an_invented_number_is_not_grounded(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY.replace("soon", "on 24 December 2031")})):
        done = write(draft)
    assert failed(done) == {"atoms_grounded"}
    assert not done.is_eligible
    assert [atom["text"] for atom in done.atoms if not atom["traced"]] == ["24 December 2031"]


def test_another_customers_order_is_foreign(draft: Draft) -> None:
    make_order(make_customer("bob@b.example"), "SO-5822")
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY.replace("soon", "with SO-5822")})):
        done = write(draft)
    assert {"no_foreign_data", "atoms_grounded"} <= failed(done)


def test_a_rule_that_needs_a_person_fails_the_gate_and_leaves_the_draft(draft: Draft) -> None:
    Rule.objects.create(name="All", expression="order.total > 1.0", effect="needs_person", text="Everything counts.")
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        done = write(draft)
    assert (done.state, failed(done)) == ("ready", {"rules_hold"})


def test_a_hand_over_rule_comes_before_any_drafting(draft: Draft) -> None:
    Rule.objects.create(name="All", expression="order.total > 1.0", effect="hand_over", text="Everything counts.")
    with setup_with(says(CHOICE), says(REPLY)) as script:
        done = write(draft)
    assert (done.state, done.hand_over_reason, done.hand_over_words) == ("handed_over", "rule", "Everything counts.")
    assert len(script.requests) == 1


def test_what_changed_since_the_setup_was_pinned_fails_the_gate(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        Rule.objects.create(name="Brief", expression="mail.is_authenticated", effect="tell_model", text="Be brief.")
        done = write(draft)
    assert failed(done) == {"setup_pinned"}


def test_an_unanswered_ask_and_a_doubtful_category_fail_the_gate(draft: Draft) -> None:
    choice = CHOICE | {"asks": ["Where is it?", "And the invoice?"], "is_certain": False}
    with setup_with(says(choice), says(REPLY | {"body": BODY})):
        done = write(draft)
    assert failed(done) == {"asks_answered", "category_certain"}


def test_the_language_that_the_model_claims_counts_for_nothing(draft: Draft) -> None:
    with setup_with(says(CHOICE | {"language": "de"}), says(REPLY | {"body": BODY})):
        assert failed(write(draft)) == set()


def test_a_draft_whose_language_nobody_can_tell_is_not_eligible() -> None:
    draft = make_draft(make_message("SO-4711?", subject="SO-4711", language=""))
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        assert "language_matches" in failed(write(draft))


def test_an_ask_that_the_reply_replaces_by_another_stays_unanswered(draft: Draft) -> None:
    order, greeting = {"ask": "where is my order", "answered": True}, {"ask": "Hello", "answered": True}
    two = CHOICE | {"asks": ["Where is my order?", "And the invoice?"]}
    with setup_with(says(two), says(REPLY | {"body": BODY, "asks": [order, greeting, greeting]})):
        done = write(draft)
    assert done.asks[:2] == [{"ask": "Where is my order?", "answered": True}, {"ask": "And the invoice?", "answered": False}]
    assert "asks_answered" in failed(done)


def test_foreign_values_may_be_plain_numbers() -> None:
    ann, bob = make_customer("ann@customer.example"), make_customer("bob@b.example")
    make_order(ann, "104230")
    make_order(bob, "104231")
    assert foreign("Not 104230 but 104231.", customer=ann) == ["104231"]


def test_foreign_values_are_those_of_others_only() -> None:
    ann, bob = make_customer("ann@customer.example", number="K-1"), make_customer("bob@b.example", number="K-2")
    make_order(ann, "SO-4711")
    make_order(bob, "SO-5822", invoice_number="INV-5822")
    text = "SO-4711, SO-5822, INV-5822, ann@customer.example, bob@b.example, SO-9999"
    assert foreign(text, customer=ann) == ["SO-5822", "INV-5822", "bob@b.example"]
    assert "SO-4711" in foreign(text, customer=None)


@pytest.mark.parametrize(
    "spelling", ["SO-15822", "so 15822", "So15822", "SO - 15822", "SO_15822", "order 15822", "ＳＯ-15822", "S\u200bO-15822"]
)
def test_another_customers_number_is_found_however_it_is_spelt(spelling: str) -> None:
    ann, bob = make_customer("ann@customer.example"), make_customer("bob@b.example")
    make_order(bob, "SO-15822")
    assert len(foreign(f"Your parcel is with {spelling} now.", customer=ann)) == 1
    assert foreign(f"Your parcel is with {spelling} now.", customer=bob) == []


@pytest.mark.parametrize("name", ["Müller & Weiß Anlagenbau", "müller weiß anlagenbau", "MÜLLER & WEISS Anlagenbau GmbH", "Karla Groß"])
def test_another_customers_name_is_found(name: str) -> None:
    ann, bob = make_customer("ann@customer.example"), make_customer(name="Müller & Weiß Anlagenbau GmbH")
    CustomerAddress.objects.create(customer=bob, address="karla@b.example", contact="Karla Groß")
    assert len(foreign(f"That was ordered by {name} last week.", customer=ann)) == 1
    assert foreign(f"That was ordered by {name} last week.", customer=bob) == []


def test_ordinary_words_and_ones_own_name_are_nobodys() -> None:
    ann = make_customer("ann@customer.example", name="Ann Lee Ltd")
    make_customer("bob@b.example", name="Transport AG")
    assert foreign("Dear Ann Lee, your order left us. The carrier will call you before noon.", customer=ann) == []
    namesake = make_customer("ann2@customer.example", name="Ann Lee")
    assert foreign("Dear Ann Lee, your order left us.", customer=ann) == []
    assert namesake.pk


def test_a_number_that_evidence_has_is_no_order_of_another() -> None:
    ann, bob = make_customer("ann@customer.example"), make_customer("bob@b.example")
    make_order(bob, "SO-10115")
    address = Source("evidence:1", {"delivery_address": "Elm Road 1, 10115 Berlin"})
    body = "We deliver to 10115 Berlin."
    assert checking.foreign_values(body, trace(atoms(body), [address]), customer=ann) == []
    assert foreign(body, customer=ann) == ["10115"]


def test_foreign_data_is_looked_up_by_indexes_only() -> None:
    customers = Customer.objects.bulk_create(
        Customer(number=f"K-{number}", name=f"Company {number} GmbH") for number in range(10_000, 13_000)
    )
    CustomerAddress.objects.bulk_create(
        CustomerAddress(customer=each, address=f"{each.number}@x.example", contact=f"Mary {each.number}") for each in customers
    )
    about = {"status": "open", "ordered_on": date(2026, 3, 4), "total": 1}
    Order.objects.bulk_create(Order(customer=each, number=f"SO-{each.number}", **about) for each in customers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE drafting_customer, drafting_customeraddress, drafting_order")
    body = "Dear Ms Wolf, SO-K-12000 of Company 12001 GmbH and Mary K-12002 and K-12003 and mary@x.example, 12004."
    with CaptureQueriesContext(connection) as queries:
        assert len(foreign(body, customer=customers[0])) >= 4
    assert 1 < len(queries) <= 3
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan" not in plan, plan


def test_two_assistants_stop_after_one_reply() -> None:
    first = make_message("Where is it?")
    make_draft(first, is_eligible=True, state=Draft.State.DECIDED)
    again = make_message("Where is it now?", conversation=first.conversation)
    other = make_message("Hello", from_address="else@where.example")
    assert checking_caps(again) == (1, 1)
    assert checking_caps(first) == (0, 0)
    assert checking_caps(other) == (0, 0)


def test_replies_to_the_same_sender_count_whatever_mailbox_they_wrote_to() -> None:
    messages = [make_message() for _ in range(4)]
    assert len({message.mailbox_id for message in messages}) == 4
    Message.objects.filter(pk=messages[0].pk).update(from_address=messages[0].from_address.upper())
    for message in messages[:3]:
        make_draft(message, is_eligible=True, state=Draft.State.DECIDED)
    assert checking_caps(messages[3]) == (0, 3)
    Message.objects.filter(pk=messages[0].pk).update(received_at=timezone.now() - timedelta(hours=25))
    Draft.objects.filter(message=messages[1]).update(state=Draft.State.SUPERSEDED)
    Draft.objects.filter(message=messages[2]).update(is_eligible=False)
    assert checking_caps(messages[3]) == (0, 0)


def test_the_second_eligible_draft_of_a_conversation_is_none(draft: Draft) -> None:
    earlier = draft.message.received_at - timedelta(hours=1)
    first = make_message("Thank you.", conversation=draft.conversation, received_at=earlier)
    make_draft(first, is_eligible=True, state=Draft.State.DECIDED)
    with setup_with(says(CHOICE), says(REPLY | {"body": BODY})):
        assert failed(write(draft)) == {"caps_not_reached"}


def test_links_of_the_mailboxs_list_and_of_what_the_company_wrote_are_allowed(draft: Draft) -> None:
    make_template(make_category(), body="See https://help.parcel.example/faq for more.")
    links = {
        "https://www.carrier.example/t": set(),
        "https://help.parcel.example/faq": set(),
        "https://help.parcel.example/other": {"links_allowed"},
        "https://evil.example": {"links_allowed"},
    }
    for link, codes in links.items():
        with setup_with(says(CHOICE), says(REPLY | {"body": f"{BODY} {link}"})):
            again = make_draft(make_message("Where is my order SO-4711?", subject="My order"))
            Mailbox.objects.update(link_domains="carrier.example\n track.example")
            assert failed(write(again)) & {"links_allowed"} == codes


def test_what_an_article_words_is_no_promise_of_ours(draft: Draft) -> None:
    make_article(title="Where is my order", body="Your order is free of charge within the city.")
    with setup_with(
        says(CHOICE), says(REPLY | {"body": BODY.replace("It is planned", "Your order is free of charge within the city. It is planned")})
    ):
        assert failed(write(draft)) == set()


def foreign(body: str, *, customer: Customer | None) -> list[str]:
    traced = trace(atoms(body), [Source("mail", body, is_claim=True)])
    return checking.foreign_values(body, traced, customer=customer)


def checking_caps(message: Message) -> tuple[int, int]:
    replies = caps.count(message)
    return replies.in_conversation, replies.to_sender
