"""A small company for measuring: what a draft meets in operation."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting import setups, writing
from drafting.models import Draft, Guidance, Rule, Setup
from drafting.pinning import SAMPLING
from drafting.protocol import fingerprint
from inbox import outbox
from inbox.models import Mailbox, OutgoingMail
from tests.drafting.factories import (
    make_article,
    make_category,
    make_conversation,
    make_customer,
    make_draft,
    make_mailbox,
    make_message,
    make_order,
    make_product,
    make_template,
)

_number = count(1)
TEXT = "Hello,\n\ncould you please tell me where my order {} is? We need the parts on Friday.\n\nKind regards\nAnn Lee"


def make_company() -> None:
    """Categories, rules, guidance, articles, templates, products, other customers' orders, and one reply that was approved before."""
    category = make_category(description="Where an order is and when it comes.")
    for slug in ("stock", "returns", "invoices", "complaints"):
        make_category(slug)
    for number in range(8):
        make_article(title=f"Delivery of orders {number}", body="Orders leave our warehouse within two working days. " * 20)
        make_product(name=f"Steel bracket {number} mm")
    make_template(category, body="Your order {number} has left our warehouse.")
    Guidance.objects.create(title="Tone", text="Friendly and short.")
    for number in range(4):
        rule = Rule.objects.create(
            name=f"Large order {number}", expression=f"order.total > {1000 + number}", effect=Rule.Effect.NEEDS_PERSON
        )
        rule.categories.add(category)
    make_mailbox()
    for _ in range(50):
        make_order(make_customer())
    _approved_before()


def activate(base_url: str, *, model: str) -> Setup:
    """The setup of a stub that writes from now on."""
    told = {"base_url": base_url, "model": model, "dialect": "json_schema", "sampling": SAMPLING, "context_length": 16_384}
    parts = told | setups.running_parts()
    setup = Setup.objects.create(fingerprint=fingerprint(parts), base_url=base_url, model=model, parts=parts)
    setups.activate(setup=setup, by=None)
    return setup


def queued_draft() -> Draft:
    """A known customer with one order asks where it is."""
    number = next(_number)
    address = f"customer{number}@customer.example"
    order = make_order(make_customer(address), f"SO-{500_000 + number}", promised_on=timezone.localdate() + timedelta(days=2))
    talk = make_conversation(mailbox=Mailbox.objects.earliest("pk"), customer_address=address)
    return make_draft(make_message(TEXT.format(order.number), conversation=talk, taken_up_at=timezone.now()))


def written(draft: Draft) -> Draft:
    """The draft as it is now; it has to be ready."""
    draft.refresh_from_db()
    assert draft.state == Draft.State.READY, f"{draft.state}: {draft.last_error or draft.hand_over_words}"
    return draft


def any_unwritten(drafts: list[Draft]) -> bool:
    """Whether any of them still waits."""
    waiting = Draft.objects.filter(pk__in=[draft.pk for draft in drafts], state__in=[Draft.State.QUEUED, Draft.State.WRITING])
    return waiting.exists()


def queries_of_one() -> int:
    """How many queries one draft takes; the marks of transactions are none."""
    draft = queued_draft()
    with CaptureQueriesContext(connection) as context:
        writing.write(draft_id=draft.pk)
    written(draft)
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in context.captured_queries)


def _approved_before() -> None:
    draft = queued_draft()
    body = "Hello,\n\nyour order is on its way.\n\nKind regards"
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.DECIDED, category=make_category(), body=body, language="en")
    person = User.objects.create_user("bench")
    outbox.queue(conversation=draft.conversation, in_reply_to=draft.message, body=body, by=person)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=timezone.now())
