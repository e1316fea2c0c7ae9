"""Requests made up from the description: whatever comes, the answer is one that the description knows, and no fault of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from deploy.wsgi import application
from review import decisions, tokens
from review.api.description import document
from tests.review.api.conftest import ALL
from tests.review.factories import attach, ready_draft

pytestmark = pytest.mark.django_db
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document())))
SCHEMA.app = application
OPERATIONS: list[Any] = [each.ok() for each in SCHEMA.get_all_operations()]  # type: ignore[union-attr]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.label))
def test_every_request_is_answered_as_described(operation: Any, mode: GenerationMode, dana: User, unlimited: None) -> None:
    draft = ready_draft()
    attach(draft.message, paper__pdf=b"%PDF-1.4")
    decisions.approve(draft=draft, by=dana)
    secret = tokens.issue(name="Fuzz", scopes=ALL, by=dana).secret

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=12, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code < 500, case.as_curl_command()
        case.validate_response(answer, checks=[schemathesis.checks.CHECKS.get_one(name) for name in CHECKED])

    ask()


CHECKED = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]


@pytest.fixture
def unlimited(settings: LazySettings) -> Iterator[None]:
    """No limit while so much is asked; and no request ends the test's transaction."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
