"""How many mails of a category left by themselves lately."""

import pytest

from inbox.models import OutgoingMail
from review import chance
from review.desk.automation import rates
from review.models import Attempt
from tests.review.autosend.factories import attempt_at, sent

pytestmark = pytest.mark.django_db


def test_what_was_held_back_is_not_counted_as_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance, "share", lambda purpose, *ids: 0.0 if purpose == "ramp" else 0.99)
    attempt = attempt_at(Attempt.State.AUTO)
    sent(attempt)
    held_back = sent(attempt).outgoing
    assert held_back is not None
    OutgoingMail.objects.filter(pk=held_back.pk).update(state="cancelled", check_at=None)
    assert rates.rates()[attempt.category_id].auto_sent == 1
