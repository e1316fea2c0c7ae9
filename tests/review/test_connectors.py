"""The pages of connectors: what an admin types, what is said when it does not fit, and that no secret is ever shown again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from drafting import setups, versions
from drafting.models import Connector, ConnectorTool, Guidance, Rule
from tests.drafting.connectors.servers import HttpServer, send
from tests.drafting.factories import make_customer, make_setup
from tests.review.factories import make_person, ready_draft

CONNECTOR = {"name": "Carrier", "address": "https://api.carrier.example/v1", "timeout_seconds": "5", "is_active": "on"}
SECRET = "tok-4711-xyz"


@pytest.fixture
def desk(db: None) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(make_person("admin"))
    return client


@pytest.fixture
def carrier(settings: LazySettings, db: None) -> Iterator[tuple[Connector, HttpServer]]:
    """A connector to a server that answers."""
    server = HttpServer()
    settings.CONNECTOR_HOSTS = [f"127.0.0.1:{server.port}"]
    server.answer = lambda handler: send(handler, {"state": "on its way", "owner": "K-1", "token": handler.headers["Authorization"]})
    yield Connector.objects.create(name="Carrier", kind="http", address=server.url, secret=SECRET, timeout_seconds=1), server
    server.close()


def tool_of(connector: Connector, **about: Any) -> ConnectorTool:
    fields = [
        {"name": "state", "type": "text", "path": "state", "about": ""},
        {"name": "owner", "type": "customer_number", "path": "owner"},
    ]
    values = {"name": "parcel", "about": "A parcel.", "request": {"path": "/t/{query}"}, "fields": fields}
    return ConnectorTool.objects.create(connector=connector, **values | about)


def form_of(*fields: tuple[str, str, str], **values: str) -> dict[str, str]:
    """What a browser sends for a lookup with these fields (name, type, path)."""
    data = {
        "name": "parcel",
        "about": "A parcel. Query: its number.",
        "path": "/t/{query}",
        "pattern": r"PW\d+",
        "is_active": "on",
        **values,
    }
    data |= {"form-TOTAL_FORMS": str(len(fields) + 1), "form-INITIAL_FORMS": "0"}
    for number, (name, kind, path) in enumerate([*fields, ("", "text", "")]):
        data |= {f"form-{number}-name": name, f"form-{number}-type": kind, f"form-{number}-path": path, f"form-{number}-about": ""}
    return data


def test_without_connectors_the_page_says_what_they_are_for(desk: Client) -> None:
    page = desk.get("/connectors/").content.decode()
    assert "No connectors yet" in page
    assert 'href="/connectors/new/mcp/"' in page
    assert desk.get("/connectors/new/telnet/").status_code == 404


def test_a_connector_is_added_and_its_secret_never_shown(desk: Client) -> None:
    answer = desk.post("/connectors/new/http/add/", CONNECTOR | {"secret": SECRET, "header": "X-Api-Key"}, follow=True)
    connector = Connector.objects.get()
    assert (connector.kind, connector.secret, connector.options) == ("http", SECRET, {"header": "X-Api-Key"})
    pages = [answer, desk.get("/connectors/"), desk.get(f"/connectors/{connector.pk}/")]
    assert not any(SECRET in page.content.decode() for page in pages)
    assert "it is never shown" in pages[2].content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("http", {"address": "http://10.0.0.1"}, "CONNECTOR_HOSTS"),
        ("sql", {"address": "postgresql://a:b@host/db"}, "field for secrets"),
        ("mcp", {"address": "rm -rf /", "tools": "x"}, "MCP_COMMANDS"),
        ("http", {"header": "Host"}, "name of a header"),
        ("http", {"timeout_seconds": "90"}, "timeout"),
        ("http", {"name": ""}, "required"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(desk: Client, kind: str, typed: dict[str, str], words: str) -> None:
    answer = desk.post(f"/connectors/new/{kind}/add/", CONNECTOR | {"secret": SECRET} | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert all(text in page for text in typed.values())
    assert SECRET not in page
    assert not Connector.objects.exists()


def test_a_secret_stays_unless_another_is_typed(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    connector, server = carrier
    where = f"/connectors/{connector.pk}/save/"
    assert desk.post(where, CONNECTOR | {"address": server.url, "secret": "", "name": "Parcels"}).status_code == 302
    connector.refresh_from_db()
    assert (connector.name, connector.secret) == ("Parcels", SECRET)
    desk.post(where, CONNECTOR | {"address": server.url, "secret": "another", "seen": "2"})
    connector.refresh_from_db()
    assert connector.secret == "another"


def test_a_stored_secret_does_not_follow_to_another_server(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    connector, _ = carrier
    answer = desk.post(f"/connectors/{connector.pk}/save/", CONNECTOR | {"address": "https://elsewhere.example", "secret": ""})
    assert answer.status_code == 422
    assert "type the secret for it" in answer.content.decode()
    connector.refresh_from_db()
    assert connector.address.startswith("http://127.0.0.1")


def test_a_lookup_is_added_with_its_fields(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    data = form_of(("state", "text", "state"), ("owner", "customer_number", ""), needs_customer="on")
    answer = desk.post(f"/connectors/{carrier[0].pk}/add/", data, follow=True)
    tool = ConnectorTool.objects.get()
    assert tool.request == {"path": "/t/{query}"}
    assert [(field["name"], field["type"]) for field in tool.fields] == [("state", "text"), ("owner", "customer_number")]
    page = answer.content.decode()
    assert "Try it" in page
    assert "PW\\d+" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "order"}, "built-in name"),
        ({"path": "tracking"}, "Write the path as"),
        ({"path": "/t/{number}"}, "no placeholders number"),
        ({"pattern": "("}, "unclosed group"),
        ({"path": "/c/{customer_number}"}, "tick this"),
        ({"form-0-name": ""}, "at least one field"),
        ({"form-0-name": "A B"}, "small letters"),
    ],
)
def test_a_lookup_that_does_not_fit_says_where(
    desk: Client, carrier: tuple[Connector, HttpServer], typed: dict[str, str], words: str
) -> None:
    answer = desk.post(f"/connectors/{carrier[0].pk}/add/", form_of(("state", "text", "state")) | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ConnectorTool.objects.exists()


def test_arguments_of_an_mcp_tool_are_typed_line_by_line(desk: Client, settings: LazySettings) -> None:
    settings.MCP_COMMANDS = {"sheets": ["no-such-program"]}
    connector = Connector.objects.create(name="Sheets", kind="mcp", address="sheets", options={"tools": ["sheet"]})
    data = form_of(("title", "text", ""), tool="sheet", arguments="part = {query}\nlimit = 3\n")
    desk.post(f"/connectors/{connector.pk}/add/", data)
    tool = ConnectorTool.objects.get()
    assert tool.request == {"tool": "sheet", "arguments": {"part": "{query}", "limit": 3}}
    assert "limit = 3" in desk.get(f"/connectors/lookups/{tool.pk}/").content.decode()


def test_trying_shows_both_answers_and_no_secret(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    make_customer(number="K-1")
    tool = tool_of(carrier[0])
    page = desk.post(f"/connectors/lookups/{tool.pk}/try/", {"query": "PW1", "customer_number": "K-1"}).content.decode()
    assert "The whole answer" in page
    assert "What is kept" in page
    assert "Bearer •••" in page
    assert SECRET not in page
    assert "Found after" in page


def test_trying_says_exactly_what_failed(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    make_customer(number="K-2")
    connector, server = carrier
    tool = tool_of(connector)
    where = f"/connectors/lookups/{tool.pk}/try/"
    assert "another customer" in desk.post(where, {"query": "PW1", "customer_number": "K-2"}).content.decode()
    assert "no known customer" in desk.post(where, {"query": "PW1", "customer_number": ""}).content.decode()
    server.answer = lambda handler: send(handler, b"<h1>Down</h1>", status=502)
    assert "answered with status 502" in desk.post(where, {"query": "PW1", "customer_number": "K-2"}).content.decode()


def test_what_a_system_answers_is_shown_as_text(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    make_customer(number="K-1")
    connector, server = carrier
    server.answer = lambda handler: send(handler, {"state": "<script>alert(1)</script>", "owner": "K-1"})
    page = desk.post(f"/connectors/lookups/{tool_of(connector).pk}/try/", {"query": "1", "customer_number": "K-1"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_lookup_is_taken_out_of_use(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    tool = tool_of(carrier[0])
    data = form_of(("state", "text", "state"))
    del data["is_active"]
    desk.post(f"/connectors/lookups/{tool.pk}/save/", data)
    tool.refresh_from_db()
    assert not tool.is_active


def test_each_save_leaves_a_version_with_who_made_it(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    connector, server = carrier
    desk.post(f"/connectors/{connector.pk}/save/", CONNECTOR | {"address": server.url, "name": "Parcels"})
    newest, first = versions.of(connector)
    assert (newest.content["name"], newest.number, first.content["name"], first.by) == ("Parcels", 2, "Carrier", None)
    assert newest.by and newest.by.username.startswith("admin")
    page = desk.get(f"/versions/connector/{connector.pk}/").content.decode()
    assert "<del>Carrier</del><ins>Parcels</ins>" in page and SECRET not in page
    assert f'href="/versions/connector/{connector.pk}/"' in desk.get(f"/connectors/{connector.pk}/").content.decode()


def test_a_changed_lookup_is_shown_field_by_field_and_restored(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    tool = tool_of(carrier[0], needs_customer=False, fields=[{"name": "state", "type": "text", "path": "a.b", "about": "Where it is"}])
    data = form_of(("state", "text", "a.c"), path="/other/{query}", seen="0")
    desk.post(f"/connectors/lookups/{tool.pk}/save/", data)
    page = desk.get(f"/versions/lookup/{tool.pk}/").content.decode()
    assert "Path: /<del>t</del><ins>other</ins>/{query}" in page
    assert "state: text at a.b – Where it is" in page
    answer = desk.post(f"/versions/lookup/{tool.pk}/1/restore/", follow=True).content.decode()
    tool.refresh_from_db()
    assert (tool.request, "Version 1 is in use again." in answer) == ({"path": "/t/{query}"}, True)


def test_nobody_overwrites_what_they_have_not_seen(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    connector, server = carrier
    typed = CONNECTOR | {"address": server.url, "seen": "0"}
    desk.post(f"/connectors/{connector.pk}/save/", typed | {"name": "Parcels"})
    answer = desk.post(f"/connectors/{connector.pk}/save/", typed | {"name": "Mine"})
    assert (answer.status_code, Connector.objects.get().name) == (409, "Parcels")
    assert "saved version 2 while you were typing" in answer.content.decode() and 'value="Mine"' in answer.content.decode()
    desk.post(f"/connectors/{connector.pk}/save/", typed | {"name": "Mine", "seen": "2"})
    assert Connector.objects.get().name == "Mine"


def test_a_changed_connector_is_a_difference_from_the_pinned_setup_at_once(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    tool = tool_of(carrier[0])
    setups.activate(setup=make_setup(parts=setups.running_parts()), by=None)
    where = "What runs now differs from"
    assert where not in desk.get("/connectors/").content.decode()
    answer = desk.post(f"/connectors/lookups/{tool.pk}/save/", form_of(("owner", "customer_number", ""), needs_customer="on"), follow=True)
    assert where in answer.content.decode() and "in connectors" in answer.content.decode()
    assert where in desk.get("/connectors/").content.decode()


def test_before_deleting_it_is_said_what_uses_it(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    tool = tool_of(carrier[0])
    setup = make_setup(parts=setups.running_parts())
    setups.activate(setup=setup, by=None)
    Rule.objects.create(name="Lost parcels", expression='has(parcel.state) && parcel.state == "lost"', effect="needs_person")
    Rule.objects.create(name="Large orders", expression="order.total > 5", effect="needs_person")
    Guidance.objects.create(title="Parcels", text="Ask parcel before you promise a day. A parcels is something else.")
    draft = ready_draft()
    draft.evidence.create(position=7, tool="parcel", source="Carrier", question={}, outcome="found", answer={"state": "x"}, milliseconds=1)
    for where in (f"/connectors/lookups/{tool.pk}/deletion/", f"/connectors/{carrier[0].pk}/deletion/"):
        page = desk.get(where).content.decode()
        for words in [f"{setup}. What runs then differs", "Lost parcels", "parcel.state", "Guidance", "1 draft in the queue"]:
            assert words in page
        assert draft.category and f"{draft.category.name} (1)" in page
        assert "Large orders" not in page


def test_what_is_deleted_leaves_its_evidence_and_comes_back_without_its_secret(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    connector, _ = carrier
    tool, pk = tool_of(connector), connector.pk
    draft = ready_draft()
    about = {"question": {"query": "PW1"}, "outcome": "found", "answer": {"state": "on its way"}, "milliseconds": 1}
    draft.evidence.create(position=7, tool="parcel", source="Carrier", **about)
    page = desk.post(f"/connectors/{pk}/delete/", {"seen": "0"}, follow=True).content.decode()
    assert not ConnectorTool.objects.exists() and f'href="/versions/connector/{pk}/"' in page
    item = desk.get(f"/queue/{draft.pk}/").content.decode()
    assert "on its way" in item and "Carrier" in item
    refused = desk.post(f"/versions/lookup/{tool.pk}/1/restore/", follow=True).content.decode()
    assert "Its connector Carrier was deleted. Restore that first." in refused
    answer = desk.post(f"/versions/connector/{pk}/1/restore/", follow=True).content.decode()
    assert "type the one for this server" in answer
    desk.post(f"/versions/lookup/{tool.pk}/1/restore/")
    assert (ConnectorTool.objects.get().pk, Connector.objects.get().secret) == (tool.pk, "")


def test_nobody_deletes_what_changed_meanwhile(desk: Client, carrier: tuple[Connector, HttpServer]) -> None:
    tool = tool_of(carrier[0])
    versions.keep(thing=tool, by=None)
    page = desk.post(f"/connectors/lookups/{tool.pk}/delete/", {"seen": "0"}, follow=True).content.decode()
    assert "It was not deleted; look at it again." in page and ConnectorTool.objects.exists()
