"""Business rules: what can be saved, how they come out, and what happens when a fact is missing."""

import json
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.facts import FACTS, Fact, Type
from drafting.rules import FUNCTIONS, RuleError, RuleOutcome, RuleSpec, applies, evaluate, facts_used, validate

FULL = {name: fact.example for name, fact in FACTS.items()}


def outcome(expression: str, *, effect: str = "must_say", text: str = "Thank you.", **facts: Any) -> RuleOutcome:
    known = {name.replace("__", "."): value for name, value in facts.items()}
    return evaluate(rules=[RuleSpec("R", expression, effect, text)], facts=known)[0]


@pytest.mark.parametrize(
    "expression",
    [
        "order.total > 500",
        "order.total > 500.0",
        'order.total > 500.0 && mail.language != "en"',
        "500 < order.total || product.stock == 0",
        "order.total * 2.0 > product.price",
        'mail.text.contains("urgent") || mail.subject.startsWith("Re")',
        'mail.text.matches("(?i)urgent")',
        '"complaint" in mail.flags',
        "draft.amounts.exists(amount, amount > 100)",
        "size(draft.mentions) > 3",
        'order.status in ["packed", "shipped"]',
        "has(order.days_since_delivered) && order.days_since_delivered > 30",
        'category == "return" && !customer.is_known',
        "customer.is_known",
        "customer.is_known == true && order.line_count != 2.0 && 'SO-10423' == order.number",
        "mail.text.contains('order.number == 5')",
        "5 == size(mail.text) || 5 == mail.text.size()",
        "double(orders.count) * order.total > 1000.0",
        'mail.text.contains("order.nonsense")',
        "order.total > 5 // not order.nonsense",
        "true",
        "working_days_between(order.delivered_on, mail.sent_on) > 5",
        "add_working_days(order.promised_on, 2) < today",
        'mail.sent_on >= "2026-01-01" && "2026-12-31" > today',
        'amount(draft.money, "EUR") > 1000 || "CHF" in draft.money',
        'mentions(mail.attachment_names, "invoice") && !("image" in conversation.attachment_types)',
        *(function.example for function in FUNCTIONS.values()),
    ],
)
def test_a_rule_over_known_facts_can_be_saved(expression: str) -> None:
    validate(expression)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "empty"),
        ("order.total >", "not a CEL expression"),
        ("order.total > 5 and true", "not a CEL expression"),
        ("order.sum > 5", "no fact “order.sum”. There are: order.number"),
        ("invoice.total > 5", "no fact “invoice”. There are: category"),
        ("false && order.sum > 5", "no fact “order.sum”"),
        ("false && invoice", "no fact “invoice”"),
        ("order['total'] > 5", "no fact “order.”"),
        ("size(order) > 0", "no fact “order.”"),
        ("order.total", "must be true or false, this one gives 1234.5"),
        ("category", "must be true or false"),
        ("order.total > 'x'", "do not go together"),
        ("order.total * 2 > 5", "do not go together"),
        ("order.total > 5 || order.status > 5", "do not go together"),
        ("false && shout(mail.text)", "no function “shout”"),
        ("order.number == 10423", "“order.number” is a text, so order.number == 10423 never holds"),
        ("false && 'x' != order.total", "“order.total” is a decimal number"),
        ("customer.is_known == 1", "“customer.is_known” is a yes or no"),
        ("customer.is_known == 'yes'", "“customer.is_known” is a yes or no"),
        ("1 / 0 > 2", "With the example facts"),
        ("draft.amounts.exists(order, order > 1)", "cannot be given to something else"),
        ("x" * 3000, "longer than"),
        ('today > "31.12.2026"', "“today” is a date; write “31.12.2026” as 2026-01-31"),
        ('"2026-1-9" == mail.sent_on', "is a date"),
        ("today > 20260101", "do not go together"),
        ("days_between(order.number, today) > 3", "“SO-10423” is no date such as 2026-01-31"),
        ("today == 5", "“today” is a date"),
        ("draft.money > 1000", "do not go together"),
        ("draft.money == 1000", "“draft.money” is amounts by currency"),
        ("amount(draft.money) > 1000", "do not go together"),
    ],
)
def test_any_other_rule_cannot_be_saved_and_the_message_says_why(expression: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        validate(expression)
    assert words in str(caught.value)


@given(st.text(max_size=80) | st.text(alphabet="order.tal>5&|!()[]{}'\"/\\ \n", max_size=60))
def test_whatever_is_typed_is_saved_or_refused_with_words(expression: str) -> None:
    try:
        validate(expression)
    except RuleError as error:
        assert str(error)


@pytest.mark.parametrize("expression", ["(" * 900 + "true" + ")" * 900, "!" * 1999 + "x", "[" * 1900, "order.total > 5 && " * 100 + "true"])
def test_a_deeply_nested_rule_does_no_harm(expression: str) -> None:
    try:
        validate(expression)
    except RuleError as error:
        assert str(error)


@pytest.mark.parametrize("total", [Decimal("600.50"), 600, 600.5])
def test_whole_and_decimal_numbers_compare_with_each_other(total: object) -> None:
    for expression in ("order.total > 500", "order.total > 500.0", "500 < order.total", "order.total + 1.0 > 500.0"):
        assert outcome(expression, order__total=total).holds
    assert not outcome("order.total > 601", order__total=total).holds


def test_an_amount_of_money_equals_itself() -> None:
    assert outcome("order.total == 1234.10", order__total=Decimal("1234.10")).holds


def test_a_rule_that_holds_has_its_effect_and_its_words() -> None:
    held = outcome("category == 'return'", text="Say sorry.", category="return")
    assert (held.effect, held.holds, held.could_evaluate, held.words) == ("must_say", True, True, "Say sorry.")
    assert outcome("true", effect="needs_person", text="").words == "The rule “R” applies."


def test_a_rule_that_does_not_hold_says_so() -> None:
    open_rule = outcome("category == 'return'", category="other")
    assert (open_rule.holds, open_rule.could_evaluate, open_rule.words) == (False, True, "The rule “R” does not apply.")


@pytest.mark.parametrize("effect", ["needs_person", "hand_over", "must_say", "must_not_say"])
def test_a_rule_whose_fact_is_missing_needs_a_person(effect: str) -> None:
    unknown = outcome("order.days_since_delivered > 30", effect=effect, order__days_since_delivered=None)
    assert (unknown.effect, unknown.holds, unknown.could_evaluate) == ("needs_person", True, False)
    assert unknown.words == "The rule “R” could not be checked: order.days_since_delivered is not known, so a person decides."


def test_a_rule_that_only_tells_the_model_is_left_out_when_its_fact_is_missing() -> None:
    unknown = outcome("order.is_overdue", effect="tell_model")
    assert (unknown.effect, unknown.holds, unknown.could_evaluate) == ("tell_model", False, False)
    assert "it is left out" in unknown.words


def test_several_missing_facts_are_all_named() -> None:
    assert "order.total, product.price are not known" in outcome("order.total > product.price").words


def test_a_rule_may_ask_whether_a_fact_is_known() -> None:
    assert outcome("has(order.total)").could_evaluate
    assert not outcome("has(order.total)").holds
    assert outcome("!has(order.total)").holds


def test_a_missing_category_is_missing_too() -> None:
    assert "category is not known" in outcome("category == 'return'").words


@pytest.mark.parametrize(
    "expression", ["order.total >", "category", "order.total > mail.text", "draft.amounts[3] > 1.0", "nothing.like > 1"]
)
def test_a_rule_that_went_bad_needs_a_person_and_never_raises(expression: str) -> None:
    bad = evaluate(rules=[RuleSpec("R", expression, "must_not_say", "x")], facts=FULL)[0]
    assert (bad.effect, bad.holds, bad.could_evaluate) == ("needs_person", True, False)


@pytest.mark.parametrize(
    ("expression", "line", "column", "words"),
    [
        ("order.total > 5 and true", 1, 17, "At character 17: “and” does not belong there. Write && for “and”."),
        ("order.total >", 1, 14, "something is missing at the end"),
        ("(order.total > 5", 1, 17, "a closing bracket is missing"),
        ("order.total = 5", 1, 13, "Write == to compare"),
        ("order.total > 1.000,00", 1, 20, "Write numbers as 1000.50"),
        ("order.total > 5 &&\n order.sum > 3", 2, 2, "no fact “order.sum”"),
        ("true &&\n && true", 2, 2, "line 2, character 2"),
        ("category == 'a' && 5 == order.number", 1, 20, "“order.number” is a text"),
    ],
)
def test_a_message_says_where_something_is_wrong(expression: str, line: int, column: int, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        validate(expression)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in str(caught.value)


def test_facts_of_a_connector_are_known_if_they_are_given() -> None:
    policy = {
        "policy.status": Fact(Type.TEXT, "Status of the policy", "active"),
        "policy.ends_on": Fact(Type.DATE, "Its end", "2026-03-31"),
    }
    validate('policy.status == "lapsed" || policy.ends_on < today', facts=FACTS | policy)
    with pytest.raises(RuleError, match=r"no fact “policy\.number”\. There are: policy\.status, policy\.ends_on"):
        validate('policy.number == "x"', facts=FACTS | policy)
    with pytest.raises(RuleError, match="no fact “policy”"):
        validate('policy.status == "lapsed"')


def test_a_connectors_facts_that_nobody_asked_for_are_missing() -> None:
    unknown = outcome('policy.status == "lapsed"', effect="hand_over", category="return")
    assert (unknown.effect, unknown.holds, unknown.words.count("policy.status is not known")) == ("needs_person", True, 1)
    assert not outcome('has(policy.status) && policy.status == "lapsed"', effect="hand_over").holds


def test_amounts_are_compared_in_their_currency() -> None:
    money = {"EUR": Decimal("1200.50"), "CHF": Decimal(80)}
    for expression in ('amount(draft.money, "EUR") > 1000', 'amount(draft.money, "eur") == 1200.50', '"CHF" in draft.money'):
        assert outcome(expression, draft__money=money).holds
    assert not outcome('amount(draft.money, "USD") > 0', draft__money=money).holds


def test_words_are_found_whatever_their_case() -> None:
    assert outcome('mentions(mail.text, "Water  DAMAGE")', mail__text="there is water\ndamage").holds
    assert outcome('mentions(mail.attachment_names, "rechnung")', mail__attachment_names=["Foto.jpg", "RECHNUNG-17.pdf"]).holds
    assert not outcome('mentions(mail.attachment_names, "rechnung")', mail__attachment_names=[]).holds


def test_deadlines_are_in_working_days() -> None:
    friday, next_friday, next_monday = date(2026, 1, 9), date(2026, 1, 16), date(2026, 1, 19)
    late = "working_days_between(claim.happened_on, claim.reported_on) > 5"
    assert not outcome(late, claim__happened_on=friday, claim__reported_on=next_friday).holds
    assert outcome(late, claim__happened_on=friday, claim__reported_on=next_monday).holds
    assert outcome('add_working_days("2026-01-09", 1) == "2026-01-12"').holds


def test_a_date_that_is_none_needs_a_person() -> None:
    bad = outcome("working_days_between(claim.happened_on, today) > 5", claim__happened_on="last week", today=date(2026, 1, 9))
    assert (bad.effect, bad.holds) == ("needs_person", True)
    assert "“last week” is no date" in bad.words


def test_every_fact_can_be_used_in_a_rule() -> None:
    for name, fact in FACTS.items():
        assert facts_used(f"{name} == {name}") == (name,)
        validate(f"{name} == {name}")
        assert evaluate(rules=[RuleSpec("R", f"{name} == {name}", "must_say")], facts={name: fact.example})[0].could_evaluate


def test_facts_used_are_read_from_the_code_and_not_from_its_texts() -> None:
    assert facts_used("order.total > 1 && mail.text.contains('product.sku') // customer.number") == ("order.total", "mail.text")


def test_a_rule_without_scope_is_for_every_category() -> None:
    assert applies([], "return")
    assert applies(["return"], "return")
    assert not applies(["return"], "other")


def test_a_rule_compiled_by_one_thread_runs_in_another() -> None:
    rule = RuleSpec("R", "order.total > 41.5", "must_say")
    results = [evaluate(rules=[rule], facts={"order.total": 42})[0].holds]
    thread = threading.Thread(target=lambda: results.append(evaluate(rules=[rule], facts={"order.total": 42})[0].holds))
    thread.start()
    thread.join()
    assert results == [True, True]


def test_the_rules_of_the_demo_company_can_be_saved() -> None:
    rules = json.loads(Path("deploy/demo/data/rules.json").read_text())
    for rule in rules:
        validate(rule["expression"])
    assert rules


def test_kinds_that_do_not_go_together_are_said_without_the_words_of_programmers() -> None:
    with pytest.raises(RuleError, match=r"order\.total is decimal number\)\. Compare like with like") as caught:
        validate('order.total > "500"')
    assert "overload" not in str(caught.value)
