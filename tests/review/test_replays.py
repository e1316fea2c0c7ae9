"""The pages of replays."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Replay, ReplayRun
from tests.drafting.factories import make_category
from tests.drafting.replays.past import PARTS, begin, make_candidate, past_draft
from tests.review.factories import activate, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    """An admin."""
    return make_person("admin", "ada")


@pytest.fixture
def desk(ada: User) -> Client:
    """Ada's browser."""
    client = Client()
    client.force_login(ada)
    return client


def page_of(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def done(run: ReplayRun | None, **result: Any) -> None:
    assert run is not None
    ReplayRun.objects.filter(pk=run.pk).update(**{"state": "done"} | result)


def test_without_a_setup_it_says_what_to_do(desk: Client) -> None:
    assert "There is no setup yet" in page_of(desk, "/setup/replays/")


def test_the_form_offers_the_active_setup_and_starts_a_replay(desk: Client, ada: User) -> None:
    make_candidate(model="other")
    setup, draft = activate(**PARTS), past_draft()
    page = page_of(desk, "/setup/replays/")
    assert f'value="{setup.pk}" selected' in page
    assert "never evidence" in page
    answer = desk.post("/setup/replays/start/", {"setup": setup.pk, "mails": "drafted", "newest": 10, "repeats": 2})
    replay = Replay.objects.get()
    assert answer["Location"] == f"/setup/replays/{replay.pk}/"
    assert (replay.by, replay.repeats, replay.rules, replay.runs.count()) == (ada, 2, None, 2)
    assert replay.runs.first().draft == draft  # type: ignore[union-attr]
    assert f"Replay {replay.pk}" in page_of(desk, "/setup/replays/")


def test_what_was_typed_stays_where_there_is_nothing_to_replay(desk: Client) -> None:
    setup = activate(**PARTS)
    answer = desk.post("/setup/replays/start/", {"setup": setup.pk, "newest": 17, "mails": "imported"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no imported mail with a reply" in page
    assert 'value="17"' in page


def test_nonsense_is_refused_field_by_field(desk: Client) -> None:
    setup = activate(**PARTS)
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = desk.post(
        "/setup/replays/start/", {"setup": setup.pk, "newest": 0, "repeats": 99, "since": tomorrow.isoformat(), "rules": '{"a": 1}'}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"newest", "repeats", "since", "rules"}
    assert not Replay.objects.exists()


def test_edited_rules_come_by_post_and_are_replayed(desk: Client) -> None:
    setup = activate(**PARTS)
    past_draft()
    rules = json.dumps([{"name": "All", "expression": "true", "effect": "hand_over", "text": "", "categories": []}])
    answer = desk.post("/setup/replays/prepare/", {"rules": rules})
    assert "With the rules as you are editing them" in answer.content.decode()
    assert answer.context["form"]["rules"].value() == rules
    assert not Replay.objects.exists()
    desk.post("/setup/replays/start/", {"setup": setup.pk, "rules": rules})
    replay = Replay.objects.get()
    assert replay.rules == json.loads(rules)
    assert "with edited rules" in page_of(desk, f"/setup/replays/{replay.pk}/")


def test_a_running_replay_is_polled_and_a_finished_one_is_not(desk: Client) -> None:
    past_draft()
    replay = begin(make_candidate())
    address = f"/setup/replays/{replay.pk}/results/"
    assert f'hx-get="{address}"' in page_of(desk, f"/setup/replays/{replay.pk}/")
    assert "0 of 1 (0 %)" in page_of(desk, address)
    done(replay.runs.first(), verdict="same")
    Replay.objects.update(state="finished", finished_at=timezone.now())
    page = page_of(desk, address)
    assert "1 of 1 (100 %)" in page
    assert "hx-get" not in page


def test_a_replay_is_paused_and_resumed(desk: Client) -> None:
    past_draft()
    replay = begin(make_candidate())
    assert "Paused by ada." in desk.post(f"/setup/replays/{replay.pk}/pause/", follow=True).content.decode()
    assert "Paused by" not in desk.post(f"/setup/replays/{replay.pk}/resume/", follow=True).content.decode()
    assert "This replay is not paused." in desk.post(f"/setup/replays/{replay.pk}/resume/", follow=True).content.decode()


def test_the_comparison_shows_categories_verdicts_and_what_was_not_recorded(desk: Client) -> None:
    for slug in ("price", "order-status"):
        past_draft(category=make_category(slug))
    replay = begin(make_candidate())
    first, second = replay.runs.order_by("pk")
    done(first, verdict="better", agreement=1.0, agreement_before=0.5, unrecorded=[{"tool": "orders", "query": ""}])
    done(second, verdict="blocked")
    page = page_of(desk, f"/setup/replays/{replay.pk}/")
    for words in ["Order status", "Price", "50% → 100%", "asked 1 thing that was not recorded", "1 better, 0 worse: too few to tell"]:
        assert words in page
    assert "Newly blocked: the recorded" not in page
    assert "The recorded draft passed every check of the gate" in page


def test_mails_are_filtered_by_verdict_and_paged(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.desk.replays.PAGE", 2)
    for _ in range(4):
        past_draft()
    replay = begin(make_candidate())
    for run, verdict in zip(replay.runs.order_by("pk"), ["worse", "same", "worse", "worse"], strict=True):
        done(run, verdict=verdict)
    answer = desk.get(f"/setup/replays/{replay.pk}/?show=worse")
    assert [mail.verdict for mail in answer.context["mails"]] == ["Worse", "Worse"]
    assert len(desk.get(answer.context["more_url"]).context["mails"]) == 1
    assert len(desk.get(f"/setup/replays/{replay.pk}/?show=nonsense&after=x").context["mails"]) == 2


def test_the_page_takes_a_bounded_number_of_queries(desk: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        past_draft()
    replay = begin(make_candidate(), repeats=2)
    for run in replay.runs.all():
        done(run, verdict="same", likeness="a")
    desk.get("/setup/replays/")
    with django_assert_max_num_queries(12):
        desk.get(f"/setup/replays/{replay.pk}/")
    with django_assert_max_num_queries(10):
        desk.get("/setup/replays/")


def test_one_mail_is_shown_side_by_side_with_what_differs(desk: Client) -> None:
    draft = past_draft(body="It left on 3 November 2026.", sent="It left on 3 November.")
    replay = begin(make_candidate(), repeats=2)
    run, repeat = replay.runs.order_by("pk")
    checks = [{"code": "sender_known", "passed": False, "reason": "Nobody knows them."}]
    about = {"checks": checks, "unrecorded": [{"tool": "orders", "query": "all"}], "verdict": "worse", "why": "Farther."}
    done(run, body="It left on 4 November 2026.", likeness="a", **about)
    done(repeat, body="It left.", likeness="b")
    page = page_of(desk, f"/setup/replays/{replay.pk}/mails/{run.pk}/")
    for words in ["<del>3</del>", "<ins>4</ins>", "Sender known", "Nobody knows them.", "orders", "Farther.", "It left on 3 November."]:
        assert words in page
    assert "Run 2, says something else" in page
    assert draft.message.reply_text in page


def test_imported_mail_is_shown_beside_what_a_person_sent(desk: Client) -> None:
    draft = past_draft(sent="It left on Monday.")
    replay = begin(make_candidate())
    done(replay.runs.first(), draft=None, is_live=True, body="It left on Tuesday.", agreement=1.0)
    draft.delete()
    page = page_of(desk, f"/setup/replays/{replay.pk}/")
    assert "Imported mail has no recorded lookups" in page
    assert "Newly blocked</th>" not in page
    page = page_of(desk, f"/setup/replays/{replay.pk}/mails/{replay.runs.get().pk}/")
    assert "<del>Monday</del>" in page
    assert "<ins>Tuesday</ins>" in page


def test_a_hand_over_is_shown_with_its_reason(desk: Client) -> None:
    past_draft()
    replay = begin(make_candidate())
    done(replay.runs.first(), hand_over_reason="unsure", hand_over_words="What do they mean?", verdict="blocked")
    page = page_of(desk, f"/setup/replays/{replay.pk}/mails/{replay.runs.get().pk}/")
    assert "Handed over: not sure what is asked. What do they mean?" in page


def test_markup_in_texts_stays_text(desk: Client) -> None:
    past_draft(body="<script>alert(1)</script>")
    replay = begin(make_candidate())
    done(replay.runs.first(), body="<img src=x>")
    page = page_of(desk, f"/setup/replays/{replay.pk}/mails/{replay.runs.get().pk}/")
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
