"""People see what left by itself as that, wherever they look."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inbox import outbox
from inbox.models import OutgoingMail
from review import autosend
from review.api.shapes.decisions import Decision as Shape
from review.models import Attempt, Decision
from tests.review.autosend.factories import sent
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_the_assistants_on_every_page(auto: Attempt, desk: Client) -> None:
    decision = sent(auto)
    assert "The draft was sent automatically" in page(desk, f"/queue/{decision.draft_id}/")
    talk = page(desk, f"/conversations/{decision.draft.conversation_id}/")
    assert "The draft was sent automatically" in talk
    assert "The assistant, by itself" in talk
    assert "The assistant, by itself" in page(desk, "/outgoing/")
    assert "The draft was sent automatically" in page(desk, f"/outgoing/{decision.outgoing_id}/")


def test_it_can_be_taken_back_there(auto: Attempt, desk: Client) -> None:
    decision = sent(auto)
    assert desk.post(f"/outgoing/{decision.outgoing_id}/cancel/").status_code in {200, 302}
    assert OutgoingMail.objects.get().state == "cancelled"


def test_the_audit_log_has_it(auto: Attempt) -> None:
    sent(auto)
    client = Client()
    client.force_login(make_person("admin"))
    assert "was sent automatically" in page(client, "/audit-log/")


def test_programs_read_that_nobody_decided(auto: Attempt) -> None:
    shape = Shape.of(Decision.objects.select_related("draft", "by").get(pk=sent(auto).pk))
    assert (shape.kind, shape.by) == ("auto_sent", None)


def test_who_gets_it_back_reads_why(auto: Attempt, desk: Client, ana: User) -> None:
    decision = sent(auto)
    outbox.hold_back(mails=OutgoingMail.objects.all(), words="All auto-send was stopped by dana.")
    autosend.return_held_back()
    assert "held back. All auto-send was stopped by dana. It was not sent." in page(desk, f"/queue/{decision.draft_id}/")
    assert "The draft was to be sent automatically" in page(desk, f"/conversations/{decision.draft.conversation_id}/")
