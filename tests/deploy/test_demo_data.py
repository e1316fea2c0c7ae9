"""The demo company's data is complete and agrees with itself."""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from deploy.demo import mails, people, tables
from deploy.demo.postbox import examples
from drafting import rules
from drafting.models import Order

TODAY = date(2026, 5, 20)


def test_there_is_enough_to_look_around() -> None:
    assert len(tables.rows("products")) >= 40
    assert len(tables.rows("orders")) >= 60
    assert len(tables.rows("customers")) >= 30
    assert len(tables.document("rules")) >= 8
    assert 8 <= len(tables.document("categories")) <= 10
    assert len(mails.load()) >= 44


def test_orders_are_in_every_state() -> None:
    assert {row["status"] for row in tables.rows("orders")} == set(Order.Status.values)


def test_every_order_belongs_to_a_customer_and_every_line_to_an_order_and_a_product() -> None:
    customers = {row["number"] for row in tables.rows("customers")}
    orders = {row["number"] for row in tables.rows("orders")}
    products = {row["sku"] for row in tables.rows("products")}
    assert {row["customer"] for row in tables.rows("orders")} <= customers
    assert {row["order"] for row in tables.rows("order_lines")} == orders
    assert {row["product"] for row in tables.rows("order_lines")} <= products


def test_every_total_is_the_sum_of_the_lines_with_exactly_one_freight_line() -> None:
    sums: Counter[str] = Counter()
    freight: Counter[str] = Counter()
    for line in tables.rows("order_lines"):
        sums[line["order"]] += int(Decimal(line["price"]) * 100) * int(line["quantity"])
        freight[line["order"]] += line["product"].startswith("FRT-")
    assert {row["number"]: int(Decimal(row["total"]) * 100) for row in tables.rows("orders")} == dict(sums)
    assert set(freight.values()) == {1}


def test_orders_from_500_eur_of_goods_go_freight_free_as_the_article_says() -> None:
    goods: Counter[str] = Counter()
    free = set()
    for line in tables.rows("order_lines"):
        goods[line["order"]] += int(Decimal(line["price"]) * 100) * int(line["quantity"])
        if line["product"] == "FRT-0003":
            free.add(line["order"])
    assert all(amount >= 500_00 for order, amount in goods.items() if order in free)


def test_dates_follow_each_other_and_move_with_today() -> None:
    for row in tables.rows("orders", today=TODAY):
        days = [row["ordered_on"], row["shipped_on"] or row["ordered_on"], row["delivered_on"] or row["shipped_on"] or row["ordered_on"]]
        assert days == sorted(days), row["number"]
        assert row["ordered_on"] <= TODAY.isoformat()
        assert bool(row["delivered_on"]) == (row["status"] in {"delivered", "returned"}), row["number"]
    first, later = (tables.rows("orders", today=day)[0]["ordered_on"] for day in (TODAY, TODAY + timedelta(days=7)))
    assert date.fromisoformat(later) - date.fromisoformat(first) == timedelta(days=7)


@pytest.mark.parametrize("weekday", range(7))
def test_nothing_is_delivered_on_a_weekend_and_the_order_of_days_stays(weekday: int) -> None:
    today = date(2026, 5, 18) + timedelta(days=weekday)
    days = [tables.working_day(today, offset) for offset in range(-20, 20)]
    assert days == sorted(days)
    assert max(day.weekday() for day in days) == 4
    assert tables.working_day(today, 0) <= today < tables.working_day(today, 1)


@pytest.mark.parametrize("rule", tables.document("rules"), ids=lambda rule: rule["name"])
def test_every_rule_can_be_saved_and_is_about_known_categories(rule: dict[str, object]) -> None:
    rules.validate(str(rule["expression"]))
    assert set(rule["categories"]) <= {row["slug"] for row in tables.document("categories")}  # type: ignore[call-overload]


def test_no_rule_stops_a_mail_that_is_about_no_order() -> None:
    specs = [rules.RuleSpec(row["name"], row["expression"], row["effect"], row["text"]) for row in tables.document("rules")]
    facts = {
        "category": "other",
        "mail.attachments": 0,
        "mail.language": "de",
        "mail.flags": [],
        "customer.is_known": True,
    }
    stopping = [
        each.rule.name for each in rules.evaluate(rules=specs, facts=facts) if each.holds and each.effect in {"needs_person", "hand_over"}
    ]
    assert stopping == []


def test_templates_and_articles_speak_english_and_german_at_least() -> None:
    categories = {row["slug"] for row in tables.document("categories")}
    assert {row["category"] for row in tables.document("templates")} <= categories
    spoken: dict[str, set[str]] = {}
    for row in tables.document("articles"):
        spoken.setdefault(row["slug"], set()).add(row["language"])
    assert all({"en", "de"} <= languages for slug, languages in spoken.items() if slug != "order-changes"), spoken
    assert len(spoken) >= 8


def test_addresses_are_unique_reserved_and_in_lower_case() -> None:
    addresses = [person.address for person in people.load()]
    assert len(addresses) == len(set(addresses))
    assert all(address == address.lower() and address.endswith(".example") for address in addresses)


def test_everybody_finds_examples_that_name_real_orders() -> None:
    owners = {row["number"]: row["customer"] for row in tables.rows("orders")}
    for person in [*people.customers(), *people.outsiders()]:
        found = examples.examples_for(person)
        assert len(found) >= 6, person
        for example in found:
            for number in re.findall(r"VT-\d+", example.text):
                assert (owners[number] == person.customer) == (example.slug != "stranger"), (person, example)
