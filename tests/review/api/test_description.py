"""The description of the API, and what it promises."""

import json
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate

from review.api.description import document
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


def described() -> dict[str, Any]:
    return dict(json.loads(json.dumps(document())))


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, about) for path, methods in described()["paths"].items() for method, about in methods.items()]


def test_it_is_valid() -> None:
    validate(described())


def test_each_operation_names_its_scope_and_its_errors() -> None:
    for path, method, about in operations():
        assert about["security"][0]["token"], (method, path)
        assert {"401", "403", "422", "429"} <= set(about["responses"])
        assert about["description"].split("Scope:")[0].strip()


def test_operations_have_short_ids_of_their_own() -> None:
    ids = [about["operationId"] for _, _, about in operations()]
    assert len(set(ids)) == len(ids)
    assert {"list_conversations", "read_draft", "create_message"} <= set(ids)


def test_what_has_a_default_need_not_be_said() -> None:
    required = [(path, one["name"]) for path, _, about in operations() for one in about["parameters"] if one["required"]]
    assert all("{" + name + "}" in path for path, name in required)


def test_every_shape_says_what_it_is() -> None:
    schemas = described()["components"]["schemas"]
    assert all(schema.get("description") for schema in schemas.values())


def test_no_operation_decides_anything() -> None:
    assert [path for path, method, _ in operations() if method != "get"] == ["/api/v1/messages"]


def test_programs_and_people_may_read_it(api: Client, client: Client) -> None:
    assert api.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
    client.force_login(make_person("manager"))
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_strangers_may_not_read_it(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Send a token" in answer.json()["detail"]
