"""The lookups: what they find, what they say when they find nothing, and where they stop."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafting.errors import NotFound, Refused
from drafting.models import Customer, Order, Product
from drafting.tools import TOOLS, Scope, customers, knowledge, products, sums, words
from tests.drafting.factories import make_article, make_category, make_customer, make_order, make_product, make_template

SUNDAY = date(2026, 11, 22)


def scope(customer: Customer | None = None, **about: Any) -> Scope:
    values = {"is_authenticated": True, "language": "en", "fallback_language": "en", "category": None, "today": SUNDAY}
    return Scope(**{"customer": customer, **values, **about})


@pytest.fixture
def ann(db: None) -> Customer:
    """A customer with one order."""
    customer = make_customer("ann@customer.example")
    make_order(customer, "SO-47110", invoice_number="INV-9001", tracking_number="PC 778 991")
    return customer


@pytest.fixture
def bracket(db: None) -> Product:
    """A product to be found."""
    return make_product(name="Steel bracket 40mm_x")


@pytest.mark.parametrize("spelling", ["SO-47110", "so-47110", "SO 47110", "47110", "INV-9001", "inv9001", "PC778991", "PC 778 991"])
def test_an_order_is_found_by_its_numbers_however_they_are_spelled(ann: Customer, spelling: str) -> None:
    assert customers.order(scope(ann), spelling)["number"] == "SO-47110"


@pytest.mark.parametrize("spelling", ["", "SO-4711", "SO-471100", "4711", "SO", "%", "9001 or 1=1"])
def test_an_order_is_not_found_by_something_near_its_number(ann: Customer, spelling: str) -> None:
    with pytest.raises(NotFound):
        customers.order(scope(ann), spelling)


def test_an_order_tells_its_lines_and_keeps_its_note(ann: Customer) -> None:
    Order.objects.update(note="Bad payer.")
    answer = customers.order(scope(ann), "SO-47110")
    assert [(line["quantity"], line["price"]) for line in answer["lines"]] == [(20, "4.50")]
    assert (answer["total"], answer["delivered_on"]) == ("93.10", None)
    assert "Bad payer" not in str(answer)


def test_open_orders_come_first_and_the_latest_where_none_is_open(ann: Customer) -> None:
    make_order(ann, "SO-47111", status=Order.Status.DELIVERED)
    assert [order["number"] for order in customers.orders(scope(ann), "")] == ["SO-47110"]
    Order.objects.update(status=Order.Status.DELIVERED)
    assert len(customers.orders(scope(ann), "")) == 2


def test_a_customer_without_orders_is_told_so(db: None) -> None:
    with pytest.raises(NotFound, match="no orders"):
        customers.orders(scope(make_customer()), "")


@pytest.mark.parametrize("tool", ["customer", "order", "orders"])
def test_customers_data_needs_an_authenticated_known_sender(ann: Customer, tool: str) -> None:
    with pytest.raises(Refused, match="not authenticated"):
        TOOLS[tool].look_up(scope(ann, is_authenticated=False), "SO-47110")
    with pytest.raises(NotFound, match="no known customer"):
        TOOLS[tool].look_up(scope(None), "SO-47110")


def test_a_customer_is_known_by_address_whatever_its_case(ann: Customer) -> None:
    assert customers.customer_of(address=" Ann@Customer.example ") == ann
    assert customers.customer_of(address="ann@customer.example.evil") is None


@pytest.mark.parametrize("query", ["ART-77", "art-77", "do you have ART-77?", "steel bracket", "Bracket"])
def test_a_product_is_found_by_number_or_words(db: None, query: str) -> None:
    make_product("ART-77", stock=12)
    make_product("ART-78", name="Rubber seal")
    assert [each["sku"] for each in products.product(scope(), query)] == ["ART-77"]


def test_a_product_that_does_not_exist_is_not_found(db: None) -> None:
    make_product("ART-77")
    with pytest.raises(NotFound, match="garden chair"):
        products.product(scope(), "garden chair")


def test_an_article_is_found_in_the_customers_language_else_in_the_mailboxs(db: None) -> None:
    make_article(slug="returns", title="Returns", body="Goods can be returned within 30 days.")
    make_article(slug="returns", language="de", title="Rückgabe", body="Waren können 30 Tage lang zurückgegeben werden.")
    assert knowledge.articles(scope(), "returning goods")[0]["language"] == "en"
    assert knowledge.articles(scope(language="de"), "Rückgabe der Ware")[0]["language"] == "de"
    assert knowledge.articles(scope(language="pl"), "return")[0]["language"] == "en"


@pytest.mark.parametrize("query", ["", "!!!", "weather & (", "' OR 1=1 --"])
def test_what_no_article_is_about_is_not_found(db: None, query: str) -> None:
    make_article()
    with pytest.raises(NotFound):
        knowledge.articles(scope(), query)


def test_templates_are_those_of_the_category(db: None) -> None:
    category = make_category()
    make_template(category, body="On its way.")
    make_template(category, body="Off.", is_active=False)
    make_template(make_category("return"), body="Send it back.")
    assert [each["body"] for each in knowledge.templates(scope(category=category), "")] == ["On its way."]
    with pytest.raises(NotFound):
        knowledge.templates(scope(category=make_category("other")), "")


@pytest.mark.parametrize(
    ("expression", "result"),
    [("2 * 4.50", "9.00"), ("0.1 + 0.2", "0.3"), ("(10 - 4) / 4", "1.5"), ("-3 + 5", "2"), ("93.10 * 1.19", "110.789"), ("10 / 5", "2")],
)
def test_sums_are_exact(expression: str, result: str) -> None:
    assert sums.calculate(scope(), expression)["result"] == result


@pytest.mark.parametrize(
    "expression",
    ["", "1 / 0", "2 ** 999999", "__import__('os')", "a + 1", "1,5 + 2", "'a' * 9", "True + 1", "9" * 300 + " * 9", "(" * 200, "1e999 * 2"],
)
def test_what_is_no_sum_is_refused_and_does_no_harm(expression: str) -> None:
    with pytest.raises(NotFound, match="cannot be calculated"):
        sums.calculate(scope(), expression)


@pytest.mark.parametrize(
    ("query", "day", "working_days"),
    [("", "2026-11-22", 0), ("1", "2026-11-23", 1), ("5", "2026-11-27", 5), ("6", "2026-11-30", 6), ("2026-12-01", "2026-12-01", 7)],
)
def test_dates_count_working_days(query: str, day: str, working_days: int) -> None:
    answer = sums.dates(scope(), query)
    assert (answer["today"], answer["weekday"]) == ("2026-11-22", "Sunday")
    assert (answer["date"], answer["working_days_from_today"]) == (day, working_days)


@pytest.mark.parametrize("query", ["tomorrow", "99999", "2026-13-01", "1.5", "٣x"])
def test_what_is_no_date_is_not_found(query: str) -> None:
    with pytest.raises(NotFound, match="no date"):
        sums.dates(scope(), query)


def test_codes_are_what_could_be_a_number() -> None:
    text = "Order so 47110, invoice INV-9001. Call +49 40 5550 or write to a1234@x.example, 3 pieces of ART-77/b."
    assert {"so 47110", "47110", "INV-9001", "ART-77/b"} <= set(words.codes(text))
    assert not {"3", "a1234", "x.example"} & set(words.codes(text))


@given(st.text(max_size=300))
def test_any_text_has_codes_and_words(text: str) -> None:
    assert all(len(words.bare(code)) >= 4 for code in words.codes(text))
    assert len(words.words(text)) <= 60


@given(st.text(alphabet=st.characters(exclude_characters="\x00"), max_size=80))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_beside_it_a_product_is_found_by_its_words(bracket: Product, text: str) -> None:
    assert bracket in products.by_words(f"{text} steel bracket", share=0.5)
