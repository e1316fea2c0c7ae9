"""Who acts at the same time waits in one order, so that nobody's act is lost to a deadlock, least of all the switch."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import transaction

from drafting.models import Draft
from inbox import outbox
from inbox.models import OutgoingMail
from review import autosend, decisions, ledger
from review.models import Attempt, Decision, Flag
from tests.locks import closing, wait_until_somebody_waits
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, running_setup, sent
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db(transaction=True)


def test_mails_are_held_back_in_one_order(shares: Shares) -> None:
    running_setup()
    attempt = attempt_at("auto")
    first, second = sorted(sent(attempt).outgoing_id or 0 for _ in range(2))
    OutgoingMail.objects.filter(pk=first).update(subject="It lies behind the other one now.")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            OutgoingMail.objects.select_for_update().get(pk=first)
            held = pool.submit(closing, lambda: outbox.hold_back(mails=OutgoingMail.objects.all(), words="Stop."))
            wait_until_somebody_waits()
            assert OutgoingMail.objects.select_for_update(nowait=True).get(pk=second).state == OutgoingMail.State.HELD
        assert held.result(20) == 2


def test_two_flags_in_two_attempts_of_a_category_do_not_block_each_other(shares: Shares, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = [attempt_at("auto", chooser=running_setup()) for _ in range(2)]
    ana, ben = make_person("reviewer"), make_person("reviewer")
    drafts = [answered(attempt) for attempt in attempts]
    both, write = Barrier(2), ledger.flags.flag

    def written_by_both(**about: object) -> Flag:
        made = write(**about)  # type: ignore[arg-type]
        with suppress(BrokenBarrierError):  # The other one waits for our lock, as it should.
            both.wait(1)
        return made

    monkeypatch.setattr(ledger.flags, "flag", written_by_both)
    with ThreadPoolExecutor(2) as pool:
        pressed = zip(drafts, (ana, ben), strict=True)
        acts = [
            lambda draft=draft, by=by: autosend.flag(draft=draft, kind="leak", words="Another customer's order.", by=by)
            for draft, by in pressed
        ]
        made = [pool.submit(closing, act) for act in acts]
        assert [one.result(20) for one in made]
    assert set(Attempt.objects.values_list("state", "cause")) == {("suspended", "leak")}


def test_a_reason_said_while_its_edit_is_weighed_waits_and_is_weighed_after_it(shares: Shares) -> None:
    attempt, by = attempt_at("collecting", chooser=running_setup()), make_person("reviewer")
    draft = ready_draft(category=attempt.category, setup=attempt.setup, category_setup=attempt.chooser)
    entry = ledger.enter(attempt=attempt, draft=draft, route="person", why="collecting")
    decision = decisions.edit(draft=draft, text=draft.body.replace("Hello Ann", "Dear Ann"), by=by, edit_reason="tone")
    Decision.objects.filter(pk=decision.pk).update(seconds_open=60)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            autosend.weigh(decision_id=decision.pk)
            said = pool.submit(closing, lambda: decisions.say_why(decision=decision, edit_reason="wrong_fact", by=by))
            wait_until_somebody_waits()
        assert said.result(20)
    autosend.weigh(decision_id=decision.pk)
    assert list(entry.verdicts.order_by("pk").values_list("reason", flat=True)) == ["wording", "edited"]


def answered(attempt: Attempt) -> Draft:
    """A draft of the attempt's that a person sent."""
    draft = ready_draft(category=attempt.category, setup=attempt.setup, category_setup=attempt.chooser)
    ledger.enter(attempt=attempt, draft=draft, route="person", why="audit")
    mail = decisions.approve(draft=draft, by=make_person("reviewer")).outgoing
    assert mail is not None
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=mail.created_at)
    return draft
