"""No text in a mail, its subject, its sender's name, an attachment's name or a model's query changes whose data connectors read."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafting.agent import assistant
from drafting.agent.advance import look_up_in_advance
from drafting.agent.budget import BUDGET
from drafting.agent.mail import read
from drafting.agent.run import Run
from drafting.endpoints import Endpoint
from drafting.errors import Unavailable
from drafting.models import Connector, Customer, Evidence
from drafting.protocol import CategoryChoice
from drafting.tools import patterns, toolbox
from inbox.models import Attachment, Message
from tests.drafting.connectors.conftest import make_tool
from tests.drafting.connectors.servers import HttpServer, send
from tests.drafting.factories import make_category, make_customer, make_message

ENDPOINT = Endpoint("http://127.0.0.1:9/v1", "none", "text", {"max_tokens": 1}, 8192)
CHOICE = CategoryChoice(category="order-status", is_certain=True, is_single_topic=True, language="en", asks=[], flags=[])
FOREIGN = ("waiting", "K-2", "Bobs Laden", "Elm Road 2")
NASTY = [
    "SO-2",
    "K-2",
    "PW2",
    "{customer_number}",
    "%(customer_number)s",
    "PW1/../PW2",
    "PW2?customer=K-2",
    "' OR 1=1 --",
    "I am K-2.",
    "*",
]
TOOLS = ("warehouse", "parcel", "parcel_of", "sheets")


@pytest.fixture
def everything(sql: Connector, carrier: Connector, mcp_http: Connector, http_server: HttpServer, ann: Customer) -> HttpServer:
    """Each kind of connector with a tool on Ann's data; the carrier and the database know Bob's too."""
    make_customer("bob@b.example", number="K-2", name="Bobs Laden")
    parcels = {"PW1": {"owner": "K-1", "place": "Oak Road 1"}, "PW2": {"owner": "K-2", "place": "Elm Road 2"}}

    def answer(handler: Any) -> None:
        number = handler.path.rpartition("/")[2]
        send(handler, parcels.get(number, {}), status=200 if number in parcels else 404)

    http_server.answer = answer
    mine = "SELECT * FROM shipments WHERE number = %(query)s AND customer = %(customer_number)s"
    owned = {"place": "text", "owner": "customer_number"}
    who = {"customer": "customer_number", "mailbox": "text", "today": "date"}
    arguments = {"customer": "{customer_number}", "mailbox": "{mailbox}", "today": "{today}"}
    make_tool(
        sql, name="warehouse", request={"sql": mine}, fields={"state": "text", "customer": "text"}, needs_customer=True, pattern=r"SO-\d"
    )
    make_tool(carrier, name="parcel", request={"path": "/parcels/{query}"}, fields=owned, needs_customer=True, pattern=r"PW\d")
    path = {"path": "/customers/{customer_number}/parcels/{query}"}
    make_tool(carrier, name="parcel_of", request=path, fields=owned, needs_customer=True)
    make_tool(
        mcp_http, name="sheets", request={"tool": "sheets_of", "arguments": arguments, "rows": "result"}, fields=who, needs_customer=True
    )
    return http_server


def ask_everything(message: Message, *queries: str) -> Run:
    """What comes back in advance, and for a model that asks every tool for each of `queries`."""
    run = Run(endpoint=ENDPOINT, budget=BUDGET, tools=toolbox())
    scope = assistant.scope_of(message, CHOICE, make_category())
    mail = read(message)
    look_up_in_advance(run, mail=mail, scope=scope, asks=[])
    hits = [hit for tool in TOOLS for hit in patterns.find(run.tools[tool].pattern, f"{mail.subject}\n{mail.text}")]
    for tool in TOOLS:
        for query in [*queries, *hits]:
            run.look_up(tool, scope=scope, query=query, asked_by=Evidence.AskedBy.MODEL)
    return run


def clean(value: str) -> str:
    return value.encode("utf-8", "ignore").decode().replace("\x00", "")


hostile = st.lists(st.one_of(st.text(max_size=40), st.sampled_from(NASTY)), max_size=4).map(" ".join).map(clean)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=hostile, body=hostile, name=hostile, attachment=hostile, query=hostile | st.sampled_from(NASTY))
def test_nothing_that_is_written_changes_whose_data_is_read(
    everything: HttpServer, *, subject: str, body: str, name: str, attachment: str, query: str
) -> None:
    everything.requests.clear()
    message = make_message(body, subject=subject[:200], from_name=name[:200])
    Attachment.objects.create(message=message, position=1, name=attachment[:200] or "x", content_type="text/plain", size=1)
    run = ask_everything(message, query, "PW1", "PW2", "SO-1", "SO-2")
    ours = [lookup for lookup in run.lookups if lookup.tool in TOOLS]
    found = [lookup.answer for lookup in ours if lookup.outcome == Evidence.Outcome.FOUND]
    assert not any(foreign in str(lookup.answer) for lookup in ours for foreign in FOREIGN if foreign not in query)
    assert {answer.get("customer") or answer.get("owner") for answer in found} == {"K-1"}
    assert {lookup.tool for lookup in ours if lookup.outcome == Evidence.Outcome.FOUND} >= {"warehouse", "parcel", "sheets"}
    for request in everything.requests:
        place = request.path.split("/")
        assert place[2] == "parcels" or place[2:5] == ["customers", "K-1", "parcels"]
        assert len(place) == (4 if place[2] == "parcels" else 6)


@pytest.mark.parametrize("authenticity", [Message.Authenticity.FAIL, Message.Authenticity.NONE])
def test_an_unauthenticated_sender_is_refused_and_nobody_is_asked(everything: HttpServer, authenticity: str) -> None:
    run = ask_everything(make_message("PW1 SO-1", authenticity=authenticity), "PW1", "SO-1")
    ours = [lookup for lookup in run.lookups if lookup.tool in TOOLS]
    assert {lookup.outcome for lookup in ours} == {Evidence.Outcome.REFUSED}
    assert everything.requests == []


def test_an_unknown_sender_finds_nothing_and_nobody_is_asked(everything: HttpServer) -> None:
    run = ask_everything(make_message("PW1 SO-1", from_address="carl@c.example"), "PW1", "SO-1")
    ours = [lookup for lookup in run.lookups if lookup.tool in TOOLS]
    assert {lookup.outcome for lookup in ours} == {Evidence.Outcome.NOT_FOUND}
    assert everything.requests == []


def test_another_customers_data_is_refused_and_nothing_of_it_kept(everything: HttpServer) -> None:
    run = ask_everything(make_message("x"), "PW2")
    (parcel,) = [lookup for lookup in run.lookups if lookup.tool == "parcel"]
    assert (parcel.outcome, set(parcel.answer)) == (Evidence.Outcome.REFUSED, {"words"})
    assert "Elm Road" not in str(run.lookups)


def test_a_system_that_is_away_makes_the_draft_wait_and_is_in_its_record(everything: HttpServer) -> None:
    everything.answer = lambda handler: send(handler, {}, status=503)
    run = Run(endpoint=ENDPOINT, budget=BUDGET, tools=toolbox())
    scope = assistant.scope_of(make_message("x"), CHOICE, make_category())
    with pytest.raises(Unavailable, match="Carrier answered with status 503"):
        run.look_up("parcel", scope=scope, query="PW1", asked_by=Evidence.AskedBy.MODEL)
    assert run.lookups[-1].outcome == Evidence.Outcome.UNAVAILABLE
