"""From a queued draft over a model server that behaves or misbehaves to what people find in the queue."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting import drafts, pinning, setups, writing
from drafting.agent import assistant, guard
from drafting.agent.budget import BUDGET, Budget
from drafting.endpoints import Endpoint
from drafting.fact_values import again
from drafting.models import Draft, Evidence, ModelCall
from drafting.rulebook import Rulebook
from drafting.rules import RuleSpec
from drafting.tools import TOOLS, Scope, Tool
from inbox import outbox
from inbox.models import Message, OutgoingMail
from tests.drafting.factories import (
    make_article,
    make_category,
    make_customer,
    make_draft,
    make_message,
    make_order,
    make_product,
    make_template,
)
from tests.drafting.model_answers import CHOICE, HAND_OVER, REPLY
from tests.drafting.model_server import (
    MODEL,
    Behaviour,
    Script,
    dies,
    drips,
    hangs,
    obeys,
    redirects,
    refuses_format,
    says,
    sends,
    serving,
)

pytestmark = pytest.mark.django_db
QUICK = replace(BUDGET, seconds=1.5)


def looks_up(tool: str, query: str) -> dict[str, Any]:
    return REPLY | {"action": tool, "query": query, "body": "", "asks": []}


@contextmanager
def setup_with(*behaviours: Behaviour) -> Iterator[Script]:
    """An active setup whose server plays `behaviours`."""
    make_category()
    with serving(*behaviours) as script:
        setups.activate(setup=pinning.pin(base_url=script.base_url, model=MODEL, by=None), by=None)
        yield script


def write(draft: Draft, budget: Budget = QUICK) -> Draft:
    writing.write(draft_id=draft.pk, budget=budget)
    return Draft.objects.get(pk=draft.pk)


@pytest.fixture
def draft() -> Draft:
    """A draft for Ann, who asks for her order SO-4711."""
    make_order(make_customer("ann@customer.example"), "SO-4711")
    return make_draft(make_message("Where is my order SO-4711?"))


def test_a_mail_becomes_a_ready_draft_with_its_record(draft: Draft) -> None:
    with setup_with(says(CHOICE, prompt_tokens=700), says(REPLY, prompt_tokens=900)):
        done = write(draft)
    assert (done.state, done.body, done.language) == ("ready", REPLY["body"], "en")
    assert done.category is not None
    assert done.category.slug == "order-status"
    assert done.customer is not None
    assert done.asks == [{"ask": "Where is my order?", "answered": True}]
    assert [call.purpose for call in done.model_calls.order_by("position")] == ["category", "draft"]
    assert [call.prompt_tokens for call in done.model_calls.order_by("position")] == [700, 900]
    order = done.evidence.get(tool="order")
    assert (order.outcome, order.asked_by, order.answer and order.answer["number"]) == ("found", "code", "SO-4711")
    atom = next(atom for atom in done.atoms if atom["text"] == "SO-4711")
    assert (atom["traced"], atom["source"]) == (True, f"evidence:{order.pk}")
    assert done.body[atom["start"] : atom["end"]] == "SO-4711"


def test_the_category_is_chosen_without_any_data(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
    category, drafting = script.materials()
    assert set(category) == {"mail", "categories"}
    assert drafting["customer"]["number"].startswith("K-")
    assert [lookup["tool"] for lookup in drafting["evidence"]] == ["customer", "order"]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (sends(200, "<html>It works</html>", content_type="text/html"), "a web page"),
        (sends(200, {"detail": "hello"}), "something else"),
        (sends(503, {"error": "loading"}), "is busy"),
        (sends(429, {"error": "later"}, headers={"Retry-After": "30"}), "is busy"),
        (redirects, "redirects"),
        (dies, "does not answer"),
        (hangs, "in time"),
        (drips, "in time"),
    ],
)
def test_while_the_model_server_is_in_trouble_the_draft_waits_and_says_why(draft: Draft, behaviour: Behaviour, words: str) -> None:
    with setup_with(behaviour):
        waiting = write(draft)
    assert waiting.state == "queued"
    assert words in waiting.last_error
    assert waiting.due_at > waiting.created_at
    assert waiting.model_calls.get().error == waiting.last_error


def test_a_draft_that_waited_is_written_once_the_server_answers(draft: Draft) -> None:
    with setup_with(sends(502, "down"), says(CHOICE), says(REPLY)):
        assert write(draft).state == "queued"
        drafts.wake()
        done = write(draft)
    assert (done.state, done.last_error) == ("ready", "")
    assert [call.position for call in done.model_calls.order_by("position")] == [1, 2, 3]


def test_evidence_is_what_the_try_that_succeeded_looked_up(draft: Draft) -> None:
    with setup_with(says(CHOICE), sends(502, "down"), says(CHOICE), says(REPLY)):
        assert not write(draft).evidence.exists()
        drafts.wake()
        done = write(draft)
    assert [row.tool for row in done.evidence.order_by("position")] == ["customer", "order", "articles", "templates"]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (says(None), "is empty"),
        (says('{"category": "order', finish_reason="length"), "broke off"),
        (says(CHOICE, prompt_tokens=3), "cut the question short"),
        (sends(400, {"error": "no"}), "error 400"),
    ],
)
def test_a_model_that_gives_no_whole_answer_hands_over(draft: Draft, behaviour: Behaviour, words: str) -> None:
    with setup_with(behaviour):
        done = write(draft)
    assert (done.state, done.hand_over_reason) == ("handed_over", "model_unusable")
    assert words in done.hand_over_words
    assert words in done.model_calls.get().error


@pytest.mark.parametrize(
    "answer",
    [
        "I think it is about an order.",
        "[1, 2]",
        "null",
        "[" * 100_000,
        CHOICE | {"category": "nonsense"},
        CHOICE | {"is_certain": "yes"},
        CHOICE | {"extra": 1},
        {"category": "order-status"},
    ],
)
def test_an_answer_that_does_not_hold_is_asked_for_once_more_and_then_handed_over(draft: Draft, answer: Any) -> None:
    with setup_with(says(answer)) as script:
        done = write(draft)
    assert (done.state, done.hand_over_reason) == ("handed_over", "model_unusable")
    assert [call.purpose for call in done.model_calls.order_by("position")] == ["category", "repair"]
    assert "could not be used" in script.materials()[1]["repair"]


@pytest.mark.parametrize("answer", ["nonsense", REPLY | {"body": " "}, REPLY | {"action": "delete_order"}, HAND_OVER | {"reason": ""}])
def test_a_repaired_answer_counts(draft: Draft, answer: Any) -> None:
    with setup_with(says(CHOICE), says(answer), says(REPLY)):
        done = write(draft)
    assert done.state == "ready"
    assert [call.purpose for call in done.model_calls.order_by("position")] == ["category", "draft", "repair"]


def test_control_characters_and_halves_of_characters_are_taken_out(draft: Draft) -> None:
    body = '"body": "Hello\\u0000 Ann,\n\u0007all\\ud800 is well.'
    raw = '{"action": "reply", "query": "", ' + body + '", "asks": [], "reason": "", "words": ""}'
    with setup_with(says(CHOICE), says(raw)):
        done = write(draft)
    assert (done.state, done.body) == ("ready", "Hello Ann,\nall is well.")


def test_a_fence_around_the_json_is_taken_off(draft: Draft) -> None:
    with setup_with(says(f"```json\n{json.dumps(CHOICE)}\n```"), says(REPLY)):
        assert write(draft).state == "ready"


def test_a_server_that_breaks_on_json_schema_still_drafts(draft: Draft) -> None:
    make_category()
    plainer = partial(refuses_format, "json_schema", "json_object+schema", status=500)
    with serving(says(CHOICE), plainer(then=says(REPLY)), probe=plainer(then=obeys)) as script:
        setup = pinning.pin(base_url=script.base_url, model=MODEL, by=None)
        setups.activate(setup=setup, by=None)
        assert setup.parts["dialect"] == "json_object"
        assert write(draft).state == "ready"


def test_the_record_has_the_request_that_was_answered(draft: Draft) -> None:
    with setup_with(sends(400, {"error": "no such format"}), says(CHOICE), says(REPLY)) as script:
        done = write(draft)
    assert [call.request for call in done.model_calls.order_by("position")] == script.requests[1:]
    assert "setup_pinned" in done.checks.filter(passed=False).values_list("code", flat=True)


def test_the_models_hand_over_reaches_the_person_with_its_words(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(HAND_OVER)):
        done = write(draft)
    assert (done.state, done.hand_over_reason, done.hand_over_words) == ("handed_over", "unsure", "I do not understand the mail.")
    assert done.body == ""


def test_the_model_may_look_things_up(draft: Draft) -> None:
    make_product("ART-77", stock=12)
    with setup_with(says(CHOICE), says(looks_up("product", "ART-77")), says(REPLY)) as script:
        done = write(draft)
    assert done.state == "ready"
    asked = done.evidence.get(asked_by=Evidence.AskedBy.MODEL)
    assert (asked.tool, asked.question, asked.answer and asked.answer[0]["stock"]) == ("product", {"query": "ART-77"}, 12)
    before, after = script.materials()[1:]
    assert after["lookups_left"] == before["lookups_left"] - 1
    assert after["evidence"][-1]["answer"][0]["sku"] == "ART-77"


def test_what_is_not_found_is_told_to_the_model(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(looks_up("order", "SO-9999")), says(REPLY)) as script:
        assert write(draft).state == "ready"
    told = script.materials()[-1]["evidence"][-1]
    assert told["outcome"] == "not_found"
    assert "SO-9999" in told["answer"]["words"]


def test_asking_for_the_same_again_hands_over(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(looks_up("order", " so-4711 "))):
        done = write(draft)
    assert (done.state, done.hand_over_reason) == ("handed_over", "budget")


def test_too_many_lookups_hand_over(draft: Draft) -> None:
    turns = [says(looks_up("dates", str(number))) for number in range(1, 6)]
    with setup_with(says(CHOICE), *turns, says(looks_up("dates", "99"))) as script:
        done = write(draft, replace(QUICK, lookups=2, model_calls=20))
    assert (done.state, done.hand_over_reason) == ("handed_over", "budget")
    last = script.materials()[-1]
    assert (last["tools"], last["lookups_left"]) == ([], 0)


def test_too_many_requests_hand_over(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(looks_up("dates", "1")), says(looks_up("dates", "2"))):
        done = write(draft, replace(QUICK, model_calls=2))
    assert (done.state, done.hand_over_reason) == ("handed_over", "budget")
    assert done.model_calls.count() == 2


def test_too_many_tokens_hand_over(draft: Draft) -> None:
    with setup_with(says(CHOICE, prompt_tokens=900), says(REPLY)):
        done = write(draft, replace(QUICK, tokens=500))
    assert (done.state, done.hand_over_reason) == ("handed_over", "budget")


def test_running_out_of_time_after_the_first_answer_hands_over(draft: Draft) -> None:
    with setup_with(says(CHOICE), hangs):
        done = write(draft)
    assert (done.state, done.hand_over_reason) == ("handed_over", "budget")


def test_a_mail_that_does_not_fit_the_context_is_handed_over() -> None:
    draft = make_draft(make_message("word " * 10_000))
    with setup_with(says(CHOICE)) as script:
        done = write(draft)
    assert (done.state, done.hand_over_reason) == ("handed_over", "too_long")
    assert script.requests == []


def test_articles_are_left_out_where_there_is_no_room_for_them() -> None:
    make_article(title="Orders", body="Where is my order? " * 150)
    draft = make_draft(make_message("Where is my order? " * 680))
    with setup_with(says(CHOICE), says(REPLY)) as script:
        assert write(draft).state == "ready"
    assert script.materials()[1]["articles"] == []


def test_articles_and_templates_are_offered_from_the_start(draft: Draft) -> None:
    article = make_article(slug="where", title="Where is my order", body="Orders take two days.")
    template = make_template(make_category(), body="Your order is on its way.")
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
    material = script.materials()[1]
    assert [each["id"] for each in material["articles"]] == [article.slug]
    assert [each["id"] for each in material["templates"]] == [template.pk]


def test_a_reviewers_instruction_reaches_the_model(draft: Draft) -> None:
    Draft.objects.update(instruction="Shorter, please.")
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
    assert script.materials()[1]["reviewer_instruction"] == "Shorter, please."


def test_a_draft_that_a_fault_of_ours_breaks_off_each_time_soon_reaches_a_person(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_about: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(assistant, "write", fail)
    with setup_with(says(CHOICE)), time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(drafts.MAX_LOST):
            with pytest.raises(ZeroDivisionError):
                write(draft)
            clock.shift(10)
            drafts.return_lost()
    draft.refresh_from_db()
    assert (draft.state, draft.hand_over_words) == ("handed_over", "Writing this draft broke off 3 times.")


def test_without_an_active_setup_drafts_wait(draft: Draft) -> None:
    waiting = write(draft)
    assert (waiting.state, waiting.last_error) == ("queued", writing.NO_SETUP)


def test_without_categories_drafts_wait(draft: Draft) -> None:
    with setup_with(says(CHOICE)):
        make_category().delete()
        waiting = write(draft)
    assert waiting.state == "queued"
    assert "no categories" in waiting.last_error


def test_writing_twice_writes_once(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
        write(draft)
    assert len(script.requests) == 2
    assert ModelCall.objects.count() == 2


def test_earlier_unanswered_mails_are_answered_too() -> None:
    first = make_message("My order is SO-4711.")
    drafts.take_up(message=first)
    draft = drafts.take_up(
        message=make_message("Is it coming this week?", conversation=first.conversation, from_address="Ann@customer.example")
    )
    assert draft is not None
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
    assert script.materials()[0]["mail"]["text"] == "My order is SO-4711.\n\nIs it coming this week?"


def test_a_long_conversation_costs_no_more_queries(draft: Draft, django_assert_max_num_queries: Any) -> None:
    for _ in range(10):
        make_message("And?", conversation=draft.conversation, received_at=draft.message.received_at - timedelta(hours=1))
    with setup_with(says(CHOICE), says(REPLY)), django_assert_max_num_queries(40):
        assert write(draft).state == "ready"


def test_asks_that_the_reply_does_not_list_are_unanswered(draft: Draft) -> None:
    two = CHOICE | {"asks": ["Where is my order?", "Can I have an invoice?"]}
    with setup_with(says(two), says(REPLY)):
        done = write(draft)
    assert done.asks[-1] == {"ask": "Can I have an invoice?", "answered": False}


def test_what_the_rules_saw_is_kept_without_and_with_the_reply(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY)):
        done = write(draft)
    (before,), (after,) = again(done.facts)
    assert (before["order.number"], before["order.total"], before["customer.is_known"]) == ("SO-4711", 93.1, True)
    assert "draft.text" not in before
    assert (after["draft.text"], after["draft.mentions"]) == (REPLY["body"], ["SO-4711"])


def test_the_assistant_runs_with_the_rulebook_the_lookups_and_the_day_that_it_is_given(draft: Draft) -> None:
    given = Tool(
        "product",
        "Told before.",
        "Yesterday",
        lambda scope, query: [{"sku": query, "stock": 3, "price": "1.00", "today": str(scope.today)}],
    )
    tools = {**TOOLS, "product": given}
    book = Rulebook(categories=(make_category("order-status"),), rules=((RuleSpec("All", "order.is_overdue", "hand_over", "Late."), ()),))
    with setup_with(says(CHOICE), says(looks_up("product", "ART-77")), says(REPLY), says(CHOICE)) as script:
        endpoint = Endpoint(script.base_url, MODEL, "json_schema", pinning.SAMPLING, 8192)
        on_time = assistant.write(draft=draft, endpoint=endpoint, budget=QUICK, book=book, tools=tools)
        late = assistant.write(draft=draft, endpoint=endpoint, budget=QUICK, book=book, tools=tools, today=date(2030, 1, 1))
    assert on_time.run.lookups[-1].answer[0]["today"] == str(timezone.localdate())
    assert (on_time.action and on_time.action.body, late.hand_over and late.hand_over.words) == (REPLY["body"], "Late.")
    assert not ModelCall.objects.exists()


def test_a_categorys_own_setup_writes_what_the_default_one_sorted(draft: Draft) -> None:
    with setup_with(says(CHOICE)) as default, serving(says(REPLY)) as own:
        setup = pinning.pin(base_url=own.base_url, model=MODEL, by=None)
        setups.activate(setup=setup, by=None, category=make_category())
        own.requests.clear()
        done = write(draft)
    assert (done.state, done.setup, done.category_setup) == ("ready", setup, setups.active())
    assert (len(default.requests), len(own.requests)) == (1, 1)
    assert own.materials()[0]["category"] == "order-status"


def test_what_a_connectors_pattern_finds_is_looked_up_in_advance(draft: Draft) -> None:
    policy = Tool("policy", "A policy.", "Policies", lambda scope, query: {"number": query, "status": "active"}, pattern=r"SO-\d+")
    tools = {**TOOLS, "policy": policy}
    with setup_with(says(CHOICE), says(REPLY)) as script:
        endpoint = Endpoint(script.base_url, MODEL, "json_schema", pinning.SAMPLING, 8192)
        outcome = assistant.write(draft=draft, endpoint=endpoint, budget=QUICK, tools=tools)
    asked = next(each for each in outcome.run.lookups if each.tool == "policy")
    assert (asked.question, asked.asked_by, asked.answer) == ({"query": "SO-4711"}, "code", {"number": "SO-4711", "status": "active"})
    assert "policy" in script.requests[1]["response_format"]["json_schema"]["schema"]["properties"]["action"]["enum"]


def test_the_reply_is_in_the_language_that_code_saw_in_the_mail() -> None:
    draft = make_draft(make_message("Wo ist meine Bestellung?", language="de"))
    with setup_with(says(CHOICE), says(REPLY)) as script:
        assert write(draft).language == "de"
    assert script.materials()[1]["language"] == "de"


def test_the_language_of_a_mail_of_few_words_is_the_customers_usual_one() -> None:
    make_customer("ann@customer.example", language="fr")
    draft = make_draft(make_message("SO-4711?", language=""))
    with setup_with(says(CHOICE), says(REPLY)):
        assert write(draft).language == "fr"


def test_the_model_sees_which_draft_the_reviewer_speaks_of(draft: Draft) -> None:
    Draft.objects.update(state=Draft.State.DECIDED, body="Dear Ann, it is somewhere.")
    again = make_draft(draft.message, redraft_of=draft, instruction="Say where.")
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(again)
    material = script.materials()[1]
    assert (material["reviewer_instruction"], material["rejected_draft"]) == ("Say where.", "Dear Ann, it is somewhere.")


def test_what_people_read_of_a_new_draft_is_not_told_to_the_model(draft: Draft) -> None:
    Draft.objects.update(note="Since it was approved, order SO-4711 changed.")
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
    assert "Since it was approved" not in json.dumps(script.requests)


@pytest.mark.parametrize(
    ("verdict", "flags"),
    [
        ("safe", []),
        ("\n\nSafe\n", []),
        ("unsafe\nS1,S6", ["S1", "S6"]),
        ("unsafe", ["unsafe"]),
        ("I cannot judge this.", ["unclear answer: I cannot judge this."]),
        ("safe, mostly", ["unclear answer: safe, mostly"]),
        (None, ["guard not asked: The model's answer is empty."]),
    ],
)
def test_a_guard_model_can_only_add_flags(draft: Draft, verdict: str | None, flags: list[str]) -> None:
    with setup_with(says(CHOICE), says(REPLY)) as script, serving(says(verdict)) as judge:
        endpoint = Endpoint(script.base_url, MODEL, "json_schema", pinning.SAMPLING, 8192)
        outcome = assistant.write(draft=draft, endpoint=endpoint, budget=QUICK, guard=replace(endpoint, base_url=judge.base_url))
    assert (outcome.action is not None, outcome.hand_over, outcome.guard_flags) == (True, None, flags)
    assert [call.purpose for call in outcome.run.calls] == ["category", "draft", "guard"]
    assert [message["role"] for message in judge.requests[0]["messages"]] == ["user", "assistant"]
    assert "response_format" not in judge.requests[0]


def test_a_guard_model_that_is_down_flags_the_reply_and_keeps_nobody_waiting(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY)) as script:
        endpoint = Endpoint(script.base_url, MODEL, "json_schema", pinning.SAMPLING, 8192)
        away = replace(endpoint, base_url="http://127.0.0.1:9/v1")
        outcome = assistant.write(draft=draft, endpoint=endpoint, budget=QUICK, guard=away)
    assert outcome.unavailable is None
    assert outcome.guard_flags[0].startswith("guard not asked: The model server at")


def test_lookups_begin_only_while_there_is_time(draft: Draft) -> None:
    def take_time(scope: Scope, query: str) -> dict[str, str]:
        time.sleep(0.3)
        return {"number": query}

    tools = {**TOOLS, "policy": Tool("policy", "A policy.", "Policies", take_time, pattern=r"P-\d+")}
    draft.message.reply_text = "P-1 P-2 P-3 P-4"
    with setup_with(says(CHOICE), says(REPLY)) as script:
        endpoint = Endpoint(script.base_url, MODEL, "json_schema", pinning.SAMPLING, 8192)
        outcome = assistant.write(draft=draft, endpoint=endpoint, budget=replace(BUDGET, seconds=0.5), tools=tools)
    assert outcome.hand_over is not None
    assert outcome.hand_over.reason == "budget"
    assert len([each for each in outcome.run.lookups if each.tool == "policy"]) < 4


def test_a_run_ends_well_before_the_lease_of_its_draft() -> None:
    slowest_lookup = 30.0
    assert BUDGET.seconds + max(slowest_lookup, guard.SECONDS) + 60 < drafts.LEASE.total_seconds()


def test_the_last_approved_replies_of_the_category_show_the_model_how_people_write_here(draft: Draft) -> None:
    before = make_draft(
        make_message("Where is SO-1?", from_name="Bob Ray"), category=make_category(), state=Draft.State.DECIDED, language="en"
    )
    user = User.objects.create_user("dana")
    mail = outbox.queue(conversation=before.conversation, in_reply_to=before.message, body="Hi Bob, on its way.", by=user)
    OutgoingMail.objects.update(
        state=OutgoingMail.State.SENT, sent_at=draft.message.received_at - timedelta(hours=1), mailbox=draft.message.mailbox
    )
    Message.objects.filter(pk=before.message_id).update(mailbox=draft.message.mailbox)
    with setup_with(says(CHOICE), says(REPLY)) as script:
        write(draft)
    [example] = script.materials()[1]["examples"]
    assert example["reply"].endswith("on its way.")
    assert "Bob" not in json.dumps(example)
    assert mail.body


QUERIES = 25


def test_a_draft_for_a_known_customer_with_one_order_takes_few_queries(draft: Draft) -> None:
    with setup_with(says(CHOICE), says(REPLY)), CaptureQueriesContext(connection) as context:
        assert write(draft).state == "ready"
    asked = [query["sql"] for query in context.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) - 1 <= QUERIES, "\n".join(sql[:160] for sql in asked)
