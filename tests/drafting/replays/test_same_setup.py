"""The setup that wrote a draft, replayed, writes it again: the recording gives it all that it had, whatever the data has become."""

import threading
from collections.abc import Iterator

import pytest

from drafting import model_client, pinning, setups, writing
from drafting.models import Draft, Order, Product, Setup
from drafting.replays import comparison
from drafting.standin import MODEL
from drafting.standin.server import make_server
from tests.drafting.factories import make_article, make_category, make_customer, make_draft, make_message, make_order, make_template
from tests.drafting.replays.past import begin, run_all, send

pytestmark = pytest.mark.django_db
MAILS = [
    "Where is my order SO-4711?",
    "What does the steel bracket 40 mm cost? I need 25.",
    "I want to return order SO-4711, how do I do that?",
    "Where is SO-99999?",
    "Please send me the invoice for SO-4711 and tell me when it arrives.",
]


@pytest.fixture
def setup() -> Iterator[Setup]:
    """The stand-in model, active."""
    server = make_server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    pinned = pinning.pin(base_url=f"http://127.0.0.1:{server.server_address[1]}/v1", model=MODEL, by=None)
    setups.activate(setup=pinned, by=None)
    yield pinned
    model_client.close()
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_says_the_same_every_time_and_asks_nothing_new(setup: Setup) -> None:
    make_order(make_customer("ann@customer.example"), "SO-4711")
    make_article()
    make_template(make_category())
    make_category("price")
    for text in MAILS:
        draft = make_draft(make_message(text))
        writing.write(draft_id=draft.pk)
        draft.refresh_from_db()
        Draft.objects.filter(pk=draft.pk).update(state=Draft.State.DECIDED)
        send(draft.message, draft.body or "We look into it.")
    Order.objects.update(status=Order.Status.RETURNED, total=1)
    Product.objects.update(price=99, stock=0)
    replay = begin(setup, repeats=2)
    runs = run_all(replay)
    assert {run.verdict for run in runs} == {"same"}
    assert [run.unrecorded for run in runs if run.unrecorded] == []
    assert comparison.rows(replay)[0].pass_hats == {1: 1.0, 2: 1.0}
