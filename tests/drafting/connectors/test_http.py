"""The HTTP connector, against a real server: what it asks, what it makes of answers, and where it never goes."""

import ssl
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafting.connectors import asking, guarded_http
from drafting.connectors import http as http_connector
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector
from drafting.tools import Scope
from tests.drafting.connectors import servers
from tests.drafting.connectors.conftest import make_tool
from tests.drafting.connectors.servers import HttpServer, send

TRACK = {"path": "/tracking/{query}"}


def ask(connector: Connector, scope: Scope, query: str = "PW1", request: dict[str, str] = TRACK, **about: Any) -> Any:
    return asking.ask(make_tool(connector, request=request, **about), scope, query)


def test_an_answer_becomes_evidence_by_its_paths(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    events = [{"place": "Lyon", "at": "2026-11-21T22:30:00+00:00"}, {"place": "Metz", "at": "2026-11-20"}]
    http_server.answer = lambda handler: send(handler, {"shipment": {"state": "delayed", "events": events, "fee": 0.1}, "secret": "x"})
    request = TRACK | {"rows": "shipment"}
    fields = {"state": "text", "place": "text events.0.place", "seen_on": "date events.0.at", "fee": "amount", "eta": "date"}
    answer = ask(carrier, scope, request=request, fields=fields)
    assert answer == {"state": "delayed", "place": "Lyon", "seen_on": "2026-11-21", "fee": "0.10", "eta": None}


def test_a_token_goes_into_its_header_and_nowhere_else(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    ask(carrier, scope)
    assert http_server.requests[0].headers["Authorization"] == "Bearer tok-4711-xyz"
    carrier.options = {"header": "X-Api-Key"}
    ask(carrier, scope, name="other")
    assert http_server.requests[1].headers["X-Api-Key"] == "tok-4711-xyz"
    assert "Authorization" not in http_server.requests[1].headers
    assert not any("tok-4711-xyz" in request.path for request in http_server.requests)


def test_code_binds_the_customer_the_mailbox_and_the_day(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    request = {"path": "/customers/{customer_number}/parcels?number={query}&mailbox={mailbox}&day={today}"}
    ask(carrier, scope, "a&day=b", request, needs_customer=True)
    (asked,) = http_server.requests
    assert asked.path == "/v1/customers/K-1/parcels?number=a%26day%3Db&mailbox=info%40shop.example&day=2026-11-22"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(max_size=40) | st.sampled_from(["..", ".", "../x", "%2e%2e", "..\\x", "a/b", "?x=1", "#x", "//evil", "@evil", "\r\nX: 1"])
)
def test_no_query_leaves_its_segment_or_its_parameter(query: str) -> None:
    template = "/a/{query}/b?n={query}&m=1"
    try:
        path = http_connector.fill(template, {"query": query.encode("utf-8", "ignore").decode()})
    except NotFound:
        return
    parts = urlsplit(f"http://host{path}")
    assert parts.path.split("/")[1::2] == ["a", "b"]
    assert len(parts.path.split("/")) == 4
    assert parts.path.split("/")[2] not in {".", ".."}
    assert set(parse_qs(parts.query)) <= {"n", "m"}
    assert (parts.netloc, parts.fragment) == ("host", "")
    assert not {"/", "\\"} & set(unquote(parts.path.split("/")[2]))


def test_what_is_asked_is_what_was_filled_in(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    ask(carrier, scope, "Ü %2F ?#&")
    assert http_server.requests[0].path == "/v1/tracking/%C3%9C%20%252F%20%3F%23%26"


@pytest.mark.parametrize("query", ["../admin", "..", "a/b", "\\..\\x"])
def test_a_query_that_a_path_cannot_hold_is_not_sent(carrier: Connector, http_server: HttpServer, scope: Scope, query: str) -> None:
    with pytest.raises(NotFound, match="cannot be looked up"):
        ask(carrier, scope, query)
    assert http_server.requests == []


def test_an_empty_query_is_not_sent(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    with pytest.raises(NotFound, match="query is empty"):
        ask(carrier, scope, " \x00\n")
    assert http_server.requests == []


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (404, NotFound, "found nothing"),
        (410, NotFound, "found nothing"),
        (400, NotFound, "cannot look for that"),
        (401, Unavailable, "does not accept our token"),
        (403, Unavailable, "does not accept our token"),
        (500, Unavailable, "status 500"),
        (503, Unavailable, "status 503"),
        (302, Refused, "redirects to another address"),
        (418, Unavailable, "status 418"),
    ],
)
def test_each_status_says_what_to_do(
    carrier: Connector, http_server: HttpServer, scope: Scope, *, status: int, error: type[Exception], words: str
) -> None:
    location = f"{http_server.url}/v1/elsewhere"
    http_server.answer = lambda handler: send(handler, {"state": "tok-4711-xyz"}, status=status, Location=location, Retry_After="7")
    with pytest.raises(error, match=words) as caught:
        ask(carrier, scope)
    assert "tok-4711-xyz" not in str(caught.value)
    if status in {418, 500, 503}:
        assert getattr(caught.value, "retry_after", None) == 7
    assert len(http_server.requests) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"{", b"[" * 100_000, b"\xff\xfe{}"])
def test_what_is_no_json_is_unavailable(carrier: Connector, http_server: HttpServer, scope: Scope, body: bytes) -> None:
    http_server.answer = lambda handler: send(handler, body)
    with pytest.raises(Unavailable, match="no JSON"):
        ask(carrier, scope)


@pytest.mark.parametrize("value", [[], None, {}, [{}]])
def test_an_empty_answer_is_nothing_or_empty_fields(carrier: Connector, http_server: HttpServer, scope: Scope, value: Any) -> None:
    http_server.answer = lambda handler: send(handler, value)
    if value in ({}, [{}]):
        assert ask(carrier, scope) == {"state": None}
        return
    with pytest.raises(NotFound, match="found nothing"):
        ask(carrier, scope)


def test_more_than_a_megabyte_is_not_read(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    http_server.answer = lambda handler: send(handler, b'"' + b"x" * 3_000_000 + b'"')
    with pytest.raises(Unavailable, match="answered more than is read"):
        ask(carrier, scope)


def test_packed_answers_are_not_unpacked(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    http_server.answer = lambda handler: send(handler, b"\x1f\x8b\x08\x00", Content_Encoding="gzip")
    with pytest.raises(Unavailable, match="no JSON"):
        ask(carrier, scope)
    assert http_server.requests[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("trouble", [servers.drip, servers.stop_midway, lambda handler: time.sleep(20)])
def test_a_slow_server_is_waited_for_within_one_deadline(carrier: Connector, http_server: HttpServer, scope: Scope, trouble: Any) -> None:
    http_server.answer = trouble
    started = time.monotonic()
    with pytest.raises(Unavailable, match="Carrier did not answer within 1 seconds"):
        ask(carrier, scope)
    assert time.monotonic() - started < 8


def test_a_server_that_is_not_there_is_unavailable(carrier: Connector, scope: Scope, settings: LazySettings) -> None:
    settings.CONNECTOR_HOSTS = ["127.0.0.1"]
    carrier.address = "http://127.0.0.1:1"
    with pytest.raises(Unavailable, match="Carrier cannot be reached"):
        ask(carrier, scope)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0", "127.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_unless_listed(
    carrier: Connector, http_server: HttpServer, scope: Scope, settings: LazySettings, host: str
) -> None:
    settings.CONNECTOR_HOSTS = []
    carrier.address = f"https://{host}:{http_server.port}"
    with pytest.raises(Refused, match="an address of this network"):
        ask(carrier, scope)
    assert http_server.requests == []


def test_plain_http_is_not_spoken_unless_listed(carrier: Connector, http_server: HttpServer, scope: Scope, settings: LazySettings) -> None:
    settings.CONNECTOR_HOSTS = ["other.example"]
    with pytest.raises(Refused, match="not reached over https"):
        ask(carrier, scope)
    assert http_server.requests == []


def test_a_name_that_leads_into_this_network_is_refused_where_it_is_connected(
    carrier: Connector, http_server: HttpServer, scope: Scope, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.215.14", "127.0.0.1"]

    monkeypatch.setattr(guarded_http, "_resolve", resolve)
    settings.CONNECTOR_HOSTS = []
    carrier.address = f"https://rebinding.example:{http_server.port}"
    with pytest.raises(Refused, match=r"rebinding\.example is an address of this network"):
        ask(carrier, scope)
    assert (asked, http_server.requests) == (["rebinding.example"], [])


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104  # no socket is bound
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_belong_to_the_internet(address: str, is_public: bool) -> None:
    assert guarded_http.is_public(address) is is_public


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://carrier.example/v1", ""),
        ("http://carrier.example", "CONNECTOR_HOSTS"),
        ("ftp://carrier.example", "https://host/path"),
        ("https://user:pass@carrier.example", "holds a login"),
        ("https://carrier.example/?key=1", "belong to the tools"),
        ("https://{query}.example", "belong to the tools"),
        ("https://carrier.example:port", "cannot be read"),
        ("https:///x", "https://host/path"),
    ],
)
def test_an_address_is_judged_before_it_is_kept(address: str, words: str) -> None:
    fault = http_connector.address_fault(address)
    assert words in fault
    assert bool(words) == bool(fault)


@pytest.mark.parametrize(
    ("path", "is_fine"),
    [
        ("/tracking/{query}", True),
        ("/t?number={query}&day={today}", True),
        ("tracking", False),
        ("//evil.example/x", False),
        ("/a/../b", False),
        ("/a b", False),
        ("/a?{query}=1", False),
        ("/a#b", False),
        ("/a\\b", False),
        ("https://evil.example", False),
    ],
)
def test_a_path_is_judged_before_it_is_kept(path: str, is_fine: bool) -> None:
    assert bool(http_connector.path_fault(path)) is not is_fine


def test_a_certificate_that_nobody_vouches_for_is_refused(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    assert guarded_http._tls().verify_mode is ssl.CERT_REQUIRED
    assert guarded_http._tls().check_hostname
    carrier.address = f"https://127.0.0.1:{http_server.port}"
    with pytest.raises(Unavailable, match="Carrier cannot be reached"):
        ask(carrier, scope)
