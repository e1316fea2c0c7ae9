"""Past mails written once more over a model server: with what was known then, and without a trace among the drafts."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from drafting import tasks
from drafting.models import CheckResult, Draft, Evidence, ModelCall, Order, ReplayRun
from drafting.replays import Choice, writing
from inbox.models import Message, OutgoingMail
from tests.drafting.factories import make_article, make_category, make_message, make_template
from tests.drafting.model_server import says, sends
from tests.drafting.replays.past import (
    BODY,
    CHOICE,
    HAND_OVER,
    ORDER,
    REPLY,
    begin,
    candidate,
    looks_up,
    make_ann,
    past_draft,
    record,
    run_all,
    send,
)

pytestmark = pytest.mark.django_db


def test_a_past_mail_is_written_with_what_was_known_then() -> None:
    make_ann()
    past_draft()
    with candidate(says(CHOICE), says(REPLY)) as (setup, script):
        replay = begin(setup)
        (run,) = run_all(replay)
    known = {each["tool"]: each["answer"] for each in script.materials()[1]["evidence"]}
    assert known["order"] == ORDER
    assert Order.objects.get().status == "returned"
    assert (run.state, run.body, run.verdict) == ("done", BODY, "same")
    assert (replay.state, replay.finished_at is not None) == ("finished", True)
    assert not run.is_live


def test_nothing_is_written_among_the_drafts_and_nothing_is_sent() -> None:
    make_ann()
    past_draft(sent=BODY)
    kinds = (Draft, Evidence, CheckResult, ModelCall, OutgoingMail, Message)
    before = [kind.objects.count() for kind in kinds]
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        run_all(begin(setup))
    assert [kind.objects.count() for kind in kinds] == before


def test_the_reply_that_was_sent_is_not_shown_to_the_candidate() -> None:
    make_ann()
    past_draft(sent="It left on 3 November 2026, says the carrier's secret word.")
    with candidate(says(CHOICE), says(REPLY)) as (setup, script):
        run_all(begin(setup))
    assert "secret word" not in str(script.requests)


def test_the_day_is_the_one_on_which_the_recorded_draft_was_written() -> None:
    with time_machine.travel("2026-03-04 10:00", tick=False):
        make_ann()
        past_draft()
    with candidate(says(CHOICE), says(looks_up("dates", "")), says(REPLY)) as (setup, script):
        (run,) = run_all(begin(setup))
    asked = script.materials()[2]["evidence"][-1]
    assert (asked["tool"], asked["answer"]["today"]) == ("dates", date(2026, 3, 4).isoformat())
    assert "dates" not in {each["tool"] for each in run.unrecorded}


def test_what_was_never_looked_up_is_not_looked_up_now_and_is_said() -> None:
    make_ann()
    make_article(body="We deliver to Norway.")
    past_draft()
    with candidate(says(CHOICE), says(looks_up("orders", "")), says(REPLY)) as (setup, script):
        (run,) = run_all(begin(setup))
    asked = script.materials()[2]["evidence"][-1]
    assert (asked["tool"], asked["outcome"]) == ("orders", "not_found")
    assert asked["answer"]["words"].startswith("Not recorded")
    assert {"tool": "orders", "query": ""} in run.unrecorded
    assert "Norway" not in str(script.requests)


def test_a_number_is_found_in_the_recording_however_it_is_spelled() -> None:
    make_ann()
    draft = past_draft(message=make_message("Where is it?"))
    with candidate(says(CHOICE), says(looks_up("order", "so 4711")), says(REPLY)) as (setup, script):
        (run,) = run_all(begin(setup))
    assert script.materials()[2]["evidence"][-1]["answer"]["number"] == "SO-4711"
    assert draft.evidence.count() == 2
    assert {"tool": "order", "query": "so 4711"} not in run.unrecorded


def test_a_lookup_that_found_nothing_then_finds_nothing_now() -> None:
    make_ann()
    draft = past_draft(message=make_message("Where is it?"))
    record(draft, "order", "SO-9999", {"words": "There was no such order."}, outcome="not_found", asked_by="model")
    with candidate(says(CHOICE), says(looks_up("order", "SO-9999")), says(REPLY)) as (setup, script):
        (run,) = run_all(begin(setup))
    asked = script.materials()[2]["evidence"][-1]
    assert (asked["outcome"], asked["answer"]) == ("not_found", {"words": "There was no such order."})
    assert all(each["query"] != "SO-9999" for each in run.unrecorded)


def test_articles_that_code_looked_up_stay_whatever_words_the_candidate_uses_for_the_asks() -> None:
    make_ann()
    draft = past_draft()
    record(draft, "articles", "some other words", [{"title": "Delivery", "body": "We deliver in two days."}])
    with candidate(says(CHOICE), says(looks_up("articles", "returns")), says(REPLY)) as (setup, script):
        (run,) = run_all(begin(setup))
    assert script.materials()[1]["articles"][0]["title"] == "Delivery"
    assert {"tool": "articles", "query": "returns"} in run.unrecorded


def test_templates_of_another_category_are_not_those_that_were_recorded() -> None:
    make_ann()
    other = make_category("price")
    make_template(other, body="Prices are on our website.")
    draft = past_draft()
    record(draft, "templates", "", [{"id": 1, "name": "On its way", "body": "It is on its way."}])
    with candidate(says(CHOICE | {"category": "price"}), says(REPLY)) as (setup, script):
        (run,) = run_all(begin(setup))
    assert script.materials()[1]["templates"] == []
    assert {"tool": "templates", "query": ""} in run.unrecorded
    assert run.category == other


def test_a_person_s_reply_decides_which_text_is_better() -> None:
    make_ann()
    past_draft(body="Your order SO-4711 left on 4 November 2026.", eligible=False, sent="SO-4711 left on 3 November 2026.")
    past_draft(eligible=False, sent="SO-4711 left on 3 November 2026.")
    hand_over = [says(CHOICE), says(HAND_OVER)]
    with candidate(*hand_over, says(CHOICE), says(REPLY)) as (setup, _):
        newest, oldest = run_all(begin(setup))
    assert (newest.verdict, newest.agreement, newest.agreement_before) == ("worse", 0.0, 1.0)
    assert (oldest.verdict, oldest.agreement, oldest.agreement_before) == ("better", 1.0, 0.5)


def test_the_signature_under_every_reply_is_no_fact_of_it() -> None:
    make_ann()
    draft = past_draft(eligible=False)
    draft.message.mailbox.signature = "Shop Ltd, phone +49 30 1234567"
    draft.message.mailbox.save()
    send(draft.message, "SO-4711 left on 3 November 2026.\n\nShop Ltd, phone +49 30 1234567")
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        (run,) = run_all(begin(setup))
    assert run.agreement == 1.0


def test_what_passed_every_check_about_the_text_and_fails_one_now_is_newly_blocked() -> None:
    make_ann()
    past_draft()
    with candidate(says(CHOICE), says(REPLY | {"body": "Your order SO-4711 arrives on 24 December 2026."})) as (setup, _):
        (run,) = run_all(begin(setup))
    assert (run.verdict, run.is_eligible) == ("blocked", False)
    assert "atoms_grounded" in {check["code"] for check in run.checks if not check["passed"]}
    assert "setup_pinned" not in {check["code"] for check in run.checks}


def test_changed_rules_are_those_of_the_replay() -> None:
    make_ann()
    past_draft()
    rules = [{"name": "All to people", "expression": "true", "effect": "hand_over", "text": "People answer.", "categories": []}]
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        (run,) = run_all(begin(setup, rules=rules))
    assert (run.hand_over_reason, run.verdict) == ("rule", "blocked")


def test_while_the_model_does_not_answer_the_replay_pauses_says_why_and_goes_on_by_itself() -> None:
    make_ann()
    past_draft()
    with candidate(sends(502, "down"), says(CHOICE), says(REPLY)) as (setup, _):
        replay = begin(setup)
        (run,) = run_all(replay)
        assert (replay.state, run.state, run.attempts) == ("paused", "waiting", 0)
        assert replay.words
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            (run,) = run_all(replay)
    assert (replay.state, run.state, replay.words) == ("finished", "done", "")


def test_each_mail_is_written_as_often_as_asked() -> None:
    make_ann()
    past_draft()
    other = REPLY | {"body": "Hello Ann, SO-4711 is on its way."}
    with candidate(says(CHOICE), says(REPLY), says(CHOICE), says(other), says(CHOICE), says(REPLY)) as (setup, _):
        runs = run_all(begin(setup, repeats=3))
    assert [run.number for run in runs] == [1, 2, 3]
    assert runs[0].likeness == runs[2].likeness != runs[1].likeness


def test_a_fault_of_ours_fails_one_run_after_three_tries_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    make_ann()
    past_draft()
    past_draft()
    real, broken = writing.sent_text, Message.objects.order_by("pk").first()
    assert broken is not None

    def fails(message: Message) -> str:
        if message == broken:
            raise RuntimeError("a fault")
        return real(message)

    monkeypatch.setattr(writing, "sent_text", fails)
    with candidate(says(CHOICE), says(REPLY), says(CHOICE), says(REPLY), says(CHOICE), says(REPLY), says(CHOICE), says(REPLY)) as (
        setup,
        _,
    ):
        replay = begin(setup)
        run_all(replay)
    failed = replay.runs.get(message=broken)
    assert (failed.state, failed.attempts) == ("failed", 3)
    assert "RuntimeError" in failed.why
    assert replay.runs.exclude(pk=failed.pk).get().state == "done"
    assert replay.state == "finished"


def test_whoever_is_told_to_stop_gives_the_run_back(monkeypatch: pytest.MonkeyPatch) -> None:
    make_ann()
    past_draft()

    def stop(message: Message) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "sent_text", stop)
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        begin(setup)
        with pytest.raises(KeyboardInterrupt):
            writing.run_next()
    run = ReplayRun.objects.get()
    assert (run.state, run.attempts, run.lease_until) == ("waiting", 0, None)


def test_workers_write_for_a_while_and_then_look_whether_drafts_wait() -> None:
    make_ann()
    for _ in range(3):
        past_draft()
    with candidate(*[says(CHOICE), says(REPLY)] * 3) as (setup, _):
        begin(setup, choice=Choice(newest=2))
        assert writing.run_for(seconds=0) == 0
        assert writing.run_for(seconds=30) == 2


def test_the_sweep_writes_what_is_to_be_written() -> None:
    make_ann()
    past_draft()
    with candidate(says(CHOICE), says(REPLY)) as (setup, _):
        begin(setup)
        tasks.run_replays()
    assert ReplayRun.objects.get().state == "done"
