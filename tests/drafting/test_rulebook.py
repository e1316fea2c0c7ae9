"""Rules over the facts of one mail: what hands over, what the model is told, what the gate sees."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from drafting import rulebook
from drafting.agent.mail import read
from drafting.fact_values import Facts, again, build, recorded
from drafting.facts import FACTS
from drafting.models import Customer, Guidance, Order, Rule
from drafting.protocol import CategoryChoice
from drafting.tools import TOOLS, Lookup, Scope, look_up
from inbox.models import Message
from tests.drafting.factories import make_category, make_customer, make_message, make_order, make_product

pytestmark = pytest.mark.django_db
CHOICE = CategoryChoice(category="order-status", is_certain=True, is_single_topic=True, language="en", asks=[], flags=["complaint"])


def lookups(customer: Customer, *asked: tuple[str, str]) -> list[Lookup]:
    today = timezone.localdate()
    scope = Scope(is_authenticated=True, customer=customer, language="en", fallback_language="en", category=None, today=today)
    return [look_up(TOOLS[tool], scope=scope, query=query, number=number, asked_by="code") for number, (tool, query) in enumerate(asked, 1)]


def facts(
    message: Message | None = None, *, customer: Customer | None = None, found: list[Lookup] | None = None, body: str = ""
) -> list[Facts]:
    message = message or make_message()
    return build(message=message, mail=read(message), choice=CHOICE, customer=customer, lookups=found or [], body=body)


def rule(expression: str, effect: str = "needs_person", text: str = "Because.", **about: Any) -> Rule:
    return Rule.objects.create(name=f"Rule {Rule.objects.count()}", expression=expression, effect=effect, text=text, **about)


def test_every_fact_that_is_built_is_one_that_rules_may_use_and_the_other_way_round() -> None:
    customer = make_customer()
    make_order(customer, "SO-47110")
    make_product("ART-77")
    (one,) = facts(customer=customer, found=lookups(customer, ("order", "SO-47110"), ("product", "ART-77")), body="It costs 4.50 EUR.")
    assert set(one) == set(FACTS)


def test_facts_about_an_order_count_days() -> None:
    customer, today = make_customer(), timezone.localdate()
    late: dict[str, date] = {"ordered_on": today - timedelta(days=9), "promised_on": today - timedelta(days=2)}
    make_order(customer, "SO-47110", total=Decimal("1234.50"), **late)
    (one,) = facts(customer=customer, found=lookups(customer, ("order", "SO-47110")))
    assert (one["order.total"], one["order.days_since_ordered"], one["order.days_until_promised"]) == (Decimal("1234.50"), 9, -2)
    assert (one["order.is_overdue"], one["order.days_since_delivered"], one["orders.count"]) == (True, None, 1)


def test_a_delivered_order_is_not_overdue() -> None:
    customer, today = make_customer(), timezone.localdate()
    make_order(
        customer,
        "SO-47110",
        status=Order.Status.DELIVERED,
        promised_on=today - timedelta(days=2),
        delivered_on=today - timedelta(days=3),
    )
    (one,) = facts(customer=customer, found=lookups(customer, ("order", "SO-47110")))
    assert (one["order.is_overdue"], one["order.days_since_delivered"]) == (False, 3)


def test_before_there_is_a_draft_the_only_open_order_is_what_the_mail_is_about() -> None:
    customer = make_customer()
    make_order(customer, "SO-47110")
    found = lookups(customer, ("orders", ""))
    assert facts(customer=customer, found=found)[0]["order.number"] == "SO-47110"
    assert "order.number" not in facts(customer=customer, found=found, body="We are open until five.")[0]
    assert facts(customer=customer, found=found, body="Your order SO-47110 is on its way.")[0]["order.number"] == "SO-47110"


def test_a_rule_holds_if_it_holds_for_any_of_the_orders() -> None:
    customer = make_customer()
    make_order(customer, "SO-47110", total=Decimal("10"))
    make_order(customer, "SO-47111", total=Decimal("9000"))
    rule("order.total > 5000.0")
    found = lookups(customer, ("order", "SO-47110"), ("order", "SO-47111"))
    (result,) = rulebook.outcomes(rulebook.read().about(make_category()), facts(customer=customer, found=found))
    assert (result.holds, result.effect) == (True, "needs_person")


def test_a_rule_is_about_its_categories_only() -> None:
    rule("mail.is_authenticated").categories.add(make_category("return"))
    rule("mail.has_attachments")
    rule("mail.has_attachments", is_active=False)
    assert len(rulebook.read().about(make_category())) == 1
    assert len(rulebook.read().about(make_category("return"))) == 2


def test_a_hand_over_rule_says_why() -> None:
    rule('"complaint" in mail.flags', "hand_over", "Complaints are answered by a person.")
    results = rulebook.outcomes(rulebook.read().about(make_category()), facts())
    assert rulebook.hand_over_words(results) == "Complaints are answered by a person."


def test_the_model_is_told_what_to_say_and_what_not() -> None:
    rule("mail.is_authenticated", "tell_model", "Be brief.")
    rule("mail.is_authenticated", "must_say", "Please keep the packaging.")
    rule("mail.is_authenticated", "must_not_say", "refund")
    rule("!mail.is_authenticated", "tell_model", "Ask who they are.")
    results = rulebook.outcomes(rulebook.read().about(make_category()), facts())
    assert rulebook.instructions(results) == ["Be brief.", "Say, word for word: Please keep the packaging.", "Do not say: refund"]
    assert rulebook.hand_over_words(results) == ""


def test_what_the_model_claims_of_language_and_flags_cannot_free_a_mail_from_a_rule() -> None:
    message = make_message("Das ist eine Frechheit, ich bin sehr verärgert.", language="de")
    claims = CHOICE.model_copy(update={"language": "en", "flags": []})
    (one,) = build(
        message=message, mail=read(message), choice=claims, customer=None, lookups=[], body="Guten Tag, wir sehen das heute nach."
    )
    assert (one["mail.language"], one["draft.language"], one["mail.flags"]) == ("de", "de", ["complaint"])


def test_a_language_that_nobody_can_tell_is_a_missing_fact() -> None:
    rule('mail.language != "en"')
    (result,) = rulebook.outcomes(rulebook.read().about(make_category()), facts(make_message("SO-47110?", language="")))
    assert (result.holds, result.could_evaluate) == (True, False)


def test_of_several_orders_one_with_a_missing_fact_hides_no_other() -> None:
    customer, today = make_customer(), timezone.localdate()
    make_order(customer, "SO-47110")
    make_order(customer, "SO-47111", delivered_on=today - timedelta(days=3))
    rule("order.days_since_delivered < 14", "hand_over", "Just delivered.")
    found = lookups(customer, ("order", "SO-47110"), ("order", "SO-47111"))
    results = rulebook.outcomes(rulebook.read().about(make_category()), facts(customer=customer, found=found))
    assert {result.effect for result in results} == {"needs_person", "hand_over"}
    assert rulebook.hand_over_words(results) == "Just delivered."


def test_no_rules_mean_no_outcomes() -> None:
    assert rulebook.outcomes([], facts()) == []


def test_recorded_facts_come_out_as_the_live_ones() -> None:
    customer, today = make_customer(), timezone.localdate()
    make_order(customer, "SO-47110", total=Decimal("10.10"))
    make_order(customer, "SO-47111", total=Decimal("9000"), delivered_on=today - timedelta(days=3))
    make_product("ART-77")
    found = lookups(customer, ("order", "SO-47110"), ("order", "SO-47111"), ("product", "ART-77"))
    before, after = (facts(customer=customer, found=found, body=body) for body in ("", "Your order SO-47111 costs 9,000.00 EUR."))
    kept = json.loads(json.dumps(recorded(before=before, after=after)))
    assert "mail.text" not in kept["after"]["common"], "what did not change is kept once"
    for name in FACTS:
        rule(f"{name} == {name}", "must_say")
    rule("order.total > 10.05 && order.working_days_since_delivered >= 0")
    rule('amount(draft.money, "EUR") == 9000 && today >= order.ordered_on')
    for live, again_live in zip((before, after), again(kept), strict=True):
        specs = rulebook.read().about(make_category())
        assert rulebook.outcomes(specs, again_live) == rulebook.outcomes(specs, live)


def test_of_drafts_without_recorded_facts_nothing_is_known() -> None:
    assert again({}) == ([], [])


def test_many_orders_and_products_are_not_multiplied_and_nothing_is_lost() -> None:
    customer = make_customer()
    for number in range(20):
        make_order(customer, f"SO-5000{number:02}", total=Decimal(number))
        make_product(f"XX-{number:02}", price=Decimal(number))
    asked = [("order", f"SO-5000{number:02}") for number in range(20)] + [("product", f"XX-{number:02}") for number in range(20)]
    sets = facts(customer=customer, found=lookups(customer, *asked))
    assert len(sets) == 40
    rule("has(order.total) && order.total > 18")
    rule("order.total < product.price && order.total > 100000")
    guarded, both = rulebook.outcomes(rulebook.read().about(make_category()), sets)
    assert (guarded.holds, guarded.could_evaluate) == (True, True)
    assert (both.effect, both.could_evaluate) == ("needs_person", False)


def test_a_rulebook_survives_being_written_down() -> None:
    rule("order.is_overdue", "tell_model", "Say sorry.").categories.add(make_category("return"))
    rule("mail.is_authenticated", "must_not_say", "refund")
    book = rulebook.read()
    written = json.loads(json.dumps(rulebook.dump(book)))
    assert rulebook.parse(written) == rulebook.parse(written[::-1], book=book) == book


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"name": "A"}, "needs name, expression and effect"),
        ({"name": "A", "expression": "true", "effect": "explode"}, "has the effect “explode”"),
        ("A", "needs name"),
        ({"name": "A", "expression": "true", "effect": "hand_over", "categories": 3}, "categories"),
    ],
)
def test_what_is_no_rule_is_refused_with_words(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        rulebook.parse([value])


def test_the_rulebook_of_now_is_read_at_once(django_assert_num_queries: Any) -> None:
    returns, orders = make_category("returns", position=2), make_category("orders", position=1)
    make_category("gone", is_active=False)
    both = Rule.objects.create(name="b", expression="true", effect=Rule.Effect.NEEDS_PERSON)
    both.categories.add(returns, orders)
    Rule.objects.create(name="a", expression="1 < 2", effect=Rule.Effect.TELL_MODEL, text="Be “kind” \\ quick.")
    Rule.objects.create(name="c", expression="true", effect=Rule.Effect.NEEDS_PERSON, is_active=False)
    guidance = Guidance.objects.create(title="Tone", text="Friendly.\nShort.")
    with django_assert_num_queries(1):
        book = rulebook.read()
    assert list(book.categories) == [orders, returns]
    assert [(rule.name, rule.text, slugs) for rule, slugs in book.rules] == [
        ("a", "Be “kind” \\ quick.", ()),
        ("b", "", ("orders", "returns")),
    ]
    assert [(each, each.text) for each in book.guidance] == [(guidance, "Friendly.\nShort.")]


def test_what_was_saved_a_moment_ago_is_in_the_rulebook() -> None:
    category, about_all = make_category(), rule("order.total > 1.0")
    guidance = Guidance.objects.create(title="Tone", text="Friendly.")
    assert [len(rulebook.read().rules), len(rulebook.read().guidance)] == [1, 1]
    about_all.expression = "order.total > 2.0"
    about_all.save()
    about_all.categories.add(category)
    Guidance.objects.filter(pk=guidance.pk).update(text="Short.")
    make_category("return")
    book = rulebook.read()
    assert [(each.expression, slugs) for each, slugs in book.rules] == [("order.total > 2.0", (category.slug,))]
    assert [each.text for each in book.guidance] == ["Short."]
    assert "return" in {each.slug for each in book.categories}
