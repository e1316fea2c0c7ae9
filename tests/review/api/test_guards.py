"""Who gets in, to what, and how often."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import Mailbox
from review import tokens
from review.api.description import document
from review.models import ApiToken
from tests.review.api.conftest import client_of
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
OPERATIONS = [
    (method, path.replace("{", "").replace("}", "").replace(path[path.find("{") + 1 : path.find("}")], "1") if "{" in path else path, about)
    for path, methods in document().get("paths", {}).items()
    for method, about in methods.items()
]


def ask(client: Client, method: str, path: str) -> int:
    return client.generic(method.upper(), path).status_code


@pytest.mark.parametrize(("method", "path", "about"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS])
def test_an_operation_takes_the_token_with_its_scope_and_no_other(
    program: Callable[..., Client], method: str, path: str, about: dict[str, object]
) -> None:
    [scope] = about["security"][0]["token"]  # type: ignore[index]
    others = [one for one in ApiToken.Scope.values if one != scope]
    refused = program(*others).generic(method.upper(), path)
    assert refused.status_code == 403
    assert scope in refused.json()["detail"]
    assert ask(program(scope), method, path) in {200, 404, 415}
    assert ask(Client(), method, path) == 401


def test_a_session_is_no_token(client: Client) -> None:
    client.force_login(make_person("admin"))
    answer = client.get("/api/v1/conversations")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Countersign"'
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "cs_abc", "Bearer cs_abc def"])
def test_a_header_that_is_no_token_is_refused(header: str) -> None:
    assert Client(headers={"Authorization": header}).get("/api/v1/mailboxes").status_code == 401


def test_revoked_and_expired_tokens_are_told_so(dana: User) -> None:
    revoked = tokens.issue(name="Old", scopes=["drafts:read"], by=dana)
    tokens.revoke(token=revoked.token, by=dana)
    expired = tokens.issue(name="Old", scopes=["drafts:read"], by=dana, expires_at=timezone.now() - timedelta(hours=1))
    for secret, words in ((revoked.secret, "was revoked"), (expired.secret, "expired on")):
        answer = client_of(secret).get("/api/v1/drafts")
        assert answer.status_code == 401
        assert words in answer.json()["detail"]


def test_who_asks_too_often_is_told_when_to_come_back(program: Callable[..., Client], settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    busy, other = program(), program()
    with time_machine.travel("2026-11-22T10:00:20Z", tick=False) as clock:
        assert [busy.get("/api/v1/mailboxes").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
        answer = busy.get("/api/v1/mailboxes")
        assert answer.headers["Retry-After"] == "40"
        assert "more than 3 times in a minute" in answer.json()["detail"]
        assert other.get("/api/v1/mailboxes").status_code == 200
        clock.shift(40)
        assert busy.get("/api/v1/mailboxes").status_code == 200


def test_use_is_noted(api: Client) -> None:
    api.get("/api/v1/mailboxes")
    assert ApiToken.objects.get().used_at


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/conversations/", "/api/v1/conversations/x/y", "/api/v1/"])
def test_an_address_that_is_none_is_a_problem(api: Client, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_another_method_is_a_problem(api: Client) -> None:
    answer = api.delete("/api/v1/conversations")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json()["detail"] == "This address takes GET only."


@pytest.mark.parametrize(
    "path", ["conversations?limit=0", "conversations?state=lost", "drafts?conversation=x", "messages/99999999999999999999"]
)
def test_a_value_that_makes_no_sense_is_named(api: Client, path: str) -> None:
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].split(".")[0] in {"query", "path"}


def test_a_fault_of_ours_is_a_problem_and_says_nothing_of_the_inside(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_token: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("review.access.mailboxes", fail)
    answer = api.get("/api/v1/mailboxes")
    assert answer.status_code == 500
    assert "secret inside" not in json.dumps(answer.json())


def test_answers_are_not_kept_by_anybody_between(api: Client) -> None:
    assert Mailbox.objects.count() == 0
    assert api.get("/api/v1/mailboxes").headers["Cache-Control"] == "private, no-store"
