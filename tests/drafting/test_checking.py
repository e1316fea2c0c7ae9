"""What the gate is told about a reply that was written, over the real parts."""

import pytest

from drafting import checking
from drafting.grounding import Source, atoms, trace
from drafting.models import Draft, Rule
from tests.drafting.factories import make_customer, make_draft, make_message, make_order
from tests.drafting.model_server import says
from tests.drafting.test_writing import CHOICE, REPLY, setup_with, write

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
    traced = trace(atoms("Not 104230 but 104231."), [])
    assert checking.foreign_values(traced, customer=ann) == ["104231"]


def test_foreign_values_are_those_of_others_only() -> None:
    ann, bob = make_customer("ann@customer.example", number="K-1"), make_customer("bob@b.example", number="K-2")
    make_order(ann, "SO-4711")
    make_order(bob, "SO-5822", invoice_number="INV-5822")
    text = "SO-4711, SO-5822, INV-5822, ann@customer.example, bob@b.example, SO-9999"
    traced = trace(atoms(text), [Source("mail", text)])
    assert checking.foreign_values(traced, customer=ann) == ["SO-5822", "INV-5822", "bob@b.example"]
    assert "SO-4711" in checking.foreign_values(traced, customer=None)
