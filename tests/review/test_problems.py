"""The pages for what went wrong: in our look, in the frame where somebody is signed in, and they say what to do."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser
from django.test import Client, RequestFactory
from django.urls import reverse

from review.views import problems
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
RAIL = '<nav class="rail"'


def test_nothing_here_is_told_in_the_frame(desk: Client) -> None:
    answer = desk.get("/nothing/here/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is nothing here" in page
    assert RAIL in page


def test_strangers_see_no_frame(db: None) -> None:
    answer = Client().get("/nothing/here/")
    assert answer.status_code == 404
    assert RAIL not in answer.content.decode()


def test_another_host_than_ours_is_told_what_is_wrong(db: None) -> None:
    answer = Client().get("/", SERVER_NAME="elsewhere.example")
    assert answer.status_code == 400
    assert RAIL not in answer.content.decode()


def test_who_may_not_is_told_what_to_do(desk: Client) -> None:
    answer = desk.get(reverse("rules"))
    assert answer.status_code == 403
    assert "Ask an admin" in answer.content.decode()
    assert RAIL in answer.content.decode()


def test_what_is_too_large_is_refused_before_it_is_kept(desk: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REQUEST_MOST_BYTES = 2_000_000
    parsed: list[str] = []
    monkeypatch.setattr(MultiPartParser, "parse", lambda parser: parsed.append("parsed"))
    answer = desk.post(reverse("upload_table"), {"file": io.BytesIO(b"x" * 3_000_000)})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "What was sent has 3 MB; at most 2 MB can be sent at once." in page
    assert RAIL in page
    assert not parsed


def test_a_size_that_is_none_is_left_to_others(desk: Client) -> None:
    assert desk.post("/theme/", {"theme": "dark"}, CONTENT_LENGTH="many").status_code != 413


def test_an_address_of_a_button_says_so_when_it_is_opened(desk: Client) -> None:
    answer = desk.get("/queue/1/approve/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "press the button" in answer.content.decode()


def test_a_part_of_a_page_is_refused_without_a_page(desk: Client) -> None:
    answer = desk.get("/queue/1/approve/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (405, b"")


def test_what_a_view_refuses_in_words_is_shown_in_our_look(desk: Client, ana: User) -> None:
    from tests.review.factories import make_outgoing

    mail = make_outgoing(by=ana, state="maybe_sent")
    answer = desk.post(reverse("resolve", args=[mail.pk]))
    assert answer.status_code == 400
    assert "Say whether the mail was sent" in answer.content.decode()
    assert RAIL in answer.content.decode()


def test_programs_are_refused_as_before(client: Client) -> None:
    answer = client.get("/api/v1/nothing/")
    assert answer.status_code == 404
    assert "json" in answer["Content-Type"]


def test_a_form_that_is_too_old_says_to_send_it_again(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    answer = strict.post(reverse("theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


def test_too_many_requests_are_told(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/sign-in/")
    request.user = make_person()
    answer = problems.too_many(request)
    assert answer.status_code == 429
    assert "Wait a minute" in answer.content.decode()


def test_our_own_failure_is_told_without_the_database(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.get("/queue/")
    request.COOKIES["theme"] = "dark"
    with django_assert_num_queries(0):
        answer = problems.server_error(request)
    assert answer.status_code == 500
    assert 'data-theme="dark"' in answer.content.decode()
    assert "No mail was lost" in answer.content.decode()


def test_a_page_that_breaks_answers_with_that_page(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("review.desk.outgoing.listing", broken)
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    answer = client.get(reverse("outgoing"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
