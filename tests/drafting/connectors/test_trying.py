"""Trying a lookup out shows the whole answer, what is kept, and exactly what failed; never a secret."""

from drafting import connectors
from drafting.connectors import trying
from drafting.models import Connector, Customer
from drafting.tools import TOOLS, toolbox
from tests.drafting.connectors.conftest import make_tool
from tests.drafting.connectors.servers import HttpServer, send


def test_both_answers_are_shown_without_the_secret(carrier: Connector, http_server: HttpServer, ann: Customer) -> None:
    http_server.answer = lambda handler: send(handler, {"state": "here", "token": handler.headers["Authorization"]})
    trial = trying.try_out(make_tool(carrier, request={"path": "/t/{query}"}), query="PW1", customer_number="", mailbox="")
    assert (trial.outcome, trial.words, trial.kept) == ("found", "", '{\n "state": "here"\n}')
    assert '"token": "Bearer •••"' in trial.raw
    assert trial.milliseconds >= 0


def test_what_failed_is_said_and_the_answer_shown_where_there_was_one(carrier: Connector, http_server: HttpServer, ann: Customer) -> None:
    http_server.answer = lambda handler: send(handler, {"owner": "K-2", "state": "secret"})
    fields = {"state": "text", "owner": "customer_number"}
    tool = make_tool(carrier, request={"path": "/t/{query}"}, fields=fields, needs_customer=True)
    trial = trying.try_out(tool, query="PW1", customer_number="K-1", mailbox="")
    assert (trial.outcome, trial.kept) == ("refused", "")
    assert "another customer" in trial.words
    assert "secret" in trial.raw
    unknown = trying.try_out(tool, query="PW1", customer_number="K-9", mailbox="")
    assert (unknown.outcome, unknown.raw) == ("not_found", "")
    assert "no known customer" in unknown.words


def test_the_toolbox_holds_what_active_connectors_offer(carrier: Connector, ann: Customer) -> None:
    tool = make_tool(carrier, request={"path": "/t/{query}"}, pattern=r"PW\d+", fields={"state": "text", "eta": "date"})
    mine = toolbox()["shipment"]
    assert (mine.source, mine.about, mine.pattern, mine.needs_customer) == ("Carrier", "A shipment.", r"PW\d+", False)
    assert [(field.name, field.type) for field in mine.fields] == [("state", "text"), ("eta", "date")]
    assert set(toolbox()) == {*TOOLS, "shipment"}
    assert "shipment" not in TOOLS
    tool.is_active = False
    tool.save()
    assert set(toolbox()) == set(TOOLS)
    tool.is_active = True
    tool.save()
    Connector.objects.update(is_active=False)
    assert set(toolbox()) == set(TOOLS)


def test_what_is_pinned_changes_with_all_that_changes_an_answer_and_holds_no_secret(carrier: Connector) -> None:
    tool = make_tool(carrier, request={"path": "/t/{query}"})
    before = connectors.pinned()
    assert "tok-4711-xyz" not in str(before)
    tool.request = {"path": "/u/{query}"}
    tool.save()
    assert connectors.pinned() != before
    Connector.objects.update(secret="another")
    assert connectors.pinned() == [{**before[0], "request": {"path": "/u/{query}"}}]


def test_the_secret_is_not_stored_as_it_is(carrier: Connector) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM drafting_connector WHERE id = %s", [carrier.pk])
        assert "tok-4711-xyz" not in cursor.fetchone()[0]


def test_an_answer_that_is_nested_deeply_does_no_harm(carrier: Connector, http_server: HttpServer, ann: Customer) -> None:
    http_server.answer = lambda handler: send(handler, b'{"state": ' + b"[" * 400 + b"]" * 400 + b"}")
    tool = make_tool(carrier, request={"path": "/t/{query}"})
    trial = trying.try_out(tool, query="PW1", customer_number="", mailbox="")
    assert (trial.outcome, trial.kept) == ("refused", "")
    assert "which is no text" in trial.words
