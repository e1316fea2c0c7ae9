"""What changed between the draft and its sending, and what of it matters."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from drafting import freshness, tools
from drafting.errors import Unavailable
from drafting.models import Article, CustomerAddress, Draft, Order, OrderLine, Product, Rule
from drafting.tools import TOOLS, Scope, Tool
from inbox.models import Message
from tests.drafting.drafted import drafted
from tests.drafting.factories import make_article, make_category, make_customer, make_draft, make_order, make_product, make_setup

pytestmark = pytest.mark.django_db


def found(draft: Draft, text: str = "") -> list[str]:
    return [change.words for change in freshness.changes(draft=draft, text=text)]


@pytest.fixture
def order() -> Order:
    order = make_order(make_customer("ann@customer.example"), "SO-4711", promised_on=date(2030, 3, 12))
    Product.objects.update(stock=120)
    return order


def test_what_has_not_changed_stays_approved(order: Order) -> None:
    assert found(drafted()) == []


def test_an_order_that_was_cancelled_meanwhile_is_said_with_its_name(order: Order) -> None:
    draft = drafted()
    Order.objects.update(status=Order.Status.CANCELLED)
    assert found(draft) == ["order SO-4711: status was shipped, is now cancelled"]


def answers_of(answer: Any) -> list[dict[str, Any]]:
    return answer if isinstance(answer, list) else [answer]


def test_evidence_of_an_older_shape_is_compared_as_far_as_it_goes(order: Order) -> None:
    draft = drafted(asks=(("orders", ""), ("product", OrderLine.objects.get().product.sku)))
    for evidence in draft.evidence.filter(tool__in=["order", "orders", "product"]):
        answer: Any = evidence.answer
        kept = [{name: each[name] for name in each if name in ("number", "status", "sku")} for each in answers_of(answer)]
        evidence.answer = kept if isinstance(answer, list) else kept[0]
        evidence.save()
    assert found(draft) == []
    Rule.objects.create(name="Large", expression="order.total > 500", effect=Rule.Effect.NEEDS_PERSON)
    assert found(draft) == ["the rule “Large” was in force, is now not in force"]


def test_a_day_that_moved_matters_whether_or_not_the_reply_names_it(order: Order) -> None:
    draft = drafted()
    Order.objects.update(promised_on=date(2030, 3, 20))
    assert found(draft) == ["order SO-4711: promised on was 12 March 2030, is now 20 March 2030"]


def test_tomorrow_is_another_day_once_the_night_is_over(order: Order) -> None:
    Order.objects.update(promised_on=timezone.localdate() + timedelta(days=1))
    draft = drafted(body="Hello Ann,\n\nyour order SO-4711 will arrive tomorrow.")
    assert found(draft) == []
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert found(draft) == ["“tomorrow” was what we had looked up, is now not what is found now"]


def test_an_order_that_is_gone_matters(order: Order) -> None:
    draft = drafted()
    Order.objects.update(number="SO-9000")
    assert found(draft)[0] == "order SO-4711 was found, is now not found"


def test_an_order_that_was_not_there_and_is_now_matters() -> None:
    ann = make_customer("ann@customer.example")
    make_order(ann, "SO-1000")
    draft = drafted(body="Hello Ann,\n\nwe have no order SO-4711.")
    make_order(ann, "SO-4711")
    assert found(draft) == ["order SO-4711 was not found, is now found"]


def test_another_order_that_the_reply_does_not_speak_of_is_noise() -> None:
    ann = make_customer("ann@customer.example")
    make_order(ann, "SO-1000")
    make_order(ann, "SO-2000")
    draft = drafted("Where are my things?", "Hello Ann,\n\nyour order SO-1000 is on its way.")
    Order.objects.filter(number="SO-2000").update(status=Order.Status.CANCELLED)
    assert found(draft) == []
    Order.objects.filter(number="SO-1000").update(status=Order.Status.BACKORDERED)
    assert found(draft) == ["order SO-1000: status was shipped, is now backordered"]


def test_the_total_matters_where_the_reply_states_it(order: Order) -> None:
    stated = "Hello Ann,\n\nyour order SO-4711 over 93.10 EUR is on its way."
    silent = drafted()
    Order.objects.update(total=Decimal("95.00"))
    assert found(silent) == []
    assert found(silent, stated) == ["order SO-4711: total was 93.10, is now 95.00"]


def test_a_claim_of_the_customer_does_not_keep_a_figure_true(order: Order) -> None:
    draft = drafted("Is SO-4711 over 93.10 EUR on its way?", "Hello Ann,\n\nyes, SO-4711 over 93.10 EUR is on its way.")
    Order.objects.update(total=Decimal("95.00"))
    assert found(draft) == ["order SO-4711: total was 93.10, is now 95.00"]


@pytest.mark.parametrize(("stock", "matters"), [(119, False), (0, True)])
def test_stock_matters_when_it_runs_out_or_is_stated(stock: int, matters: bool) -> None:
    make_product("KT-0812", name="Chain", stock=120)
    draft = drafted("Do you have KT-0812?", "Hello,\n\nyes, KT-0812 is in stock.")
    Product.objects.update(stock=stock)
    assert found(draft) == (["product KT-0812: stock was 120, is now 0"] if matters else [])
    assert found(draft, "Hello,\n\nwe have 120 pieces of KT-0812.") == [f"product KT-0812: stock was 120, is now {stock}"]


def test_articles_matter_only_by_what_the_reply_states() -> None:
    make_article(title="Returns", body="Goods can be returned within 30 days.")
    draft = drafted("How about returns of goods?", "Hello,\n\ngoods can be returned within 30 days.")
    Article.objects.update(body="Unused goods can be returned within 30 days of delivery.")
    assert found(draft) == []
    Article.objects.update(body="Goods can be returned within 14 days.")
    [change] = found(draft)
    assert "30" in change


def test_a_day_later_only_what_the_reply_says_of_the_day_has_changed(order: Order) -> None:
    today = timezone.localdate()
    draft = drafted(asks=(("dates", ""),))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert found(draft) == []
        assert len(found(draft, f"Hello Ann,\n\nyour order SO-4711 leaves today, {today.isoformat()}.")) == 1


def test_a_rule_that_comes_out_differently_matters(order: Order) -> None:
    Rule.objects.create(name="Large orders", expression="order.total > 500", effect=Rule.Effect.NEEDS_PERSON)
    draft = drafted()
    Order.objects.update(total=Decimal("900.00"))
    assert found(draft) == ["the rule “Large orders” was not in force, is now in force"]


def test_a_rule_that_was_changed_meanwhile_is_no_change_of_the_facts(order: Order) -> None:
    draft = drafted()
    Rule.objects.create(name="All orders", expression="order.total > 1", effect=Rule.Effect.NEEDS_PERSON)
    assert found(draft) == []


def test_an_address_that_belongs_to_somebody_else_now_matters(order: Order) -> None:
    draft = drafted()
    other = make_customer()
    CustomerAddress.objects.update(customer=other)
    assert found(draft) == [f"the customer was {order.customer.name} ({order.customer.number}), is now {other.name} ({other.number})"]


def test_the_lookups_are_made_again_with_what_code_bound_before(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Scope] = []

    def remember(scope: Scope, query: str) -> dict[str, Any]:
        seen.append(scope)
        return {"number": query, "status": "active"}

    policy = Tool("policy", "A policy.", "Policies", remember, pattern=r"SO-\d+", needs_customer=True)
    monkeypatch.setattr(tools, "toolbox", lambda: TOOLS | {"policy": policy})
    monkeypatch.setattr(freshness, "toolbox", lambda: TOOLS | {"policy": policy})
    draft = drafted()
    assert found(draft) == []
    before, after = seen
    assert before == after
    assert (after.customer, after.mailbox, after.is_authenticated) == (order.customer, draft.message.mailbox.address, True)


def test_who_is_not_authenticated_any_more_is_told_nothing_new(order: Order) -> None:
    draft = drafted()
    Message.objects.update(authenticity=Message.Authenticity.FAIL)
    draft = Draft.objects.get(pk=draft.pk)
    assert found(draft) == [f"the customer was {order.customer.name} ({order.customer.number}), is now nobody known"]


def test_a_system_that_does_not_answer_leaves_it_open(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(scope: Scope, query: str) -> None:
        raise Unavailable("The warehouse does not answer.")

    draft = drafted()
    monkeypatch.setattr(freshness, "toolbox", lambda: TOOLS | {"order": Tool("order", "", "Warehouse", fail)})
    with pytest.raises(Unavailable, match="warehouse"):
        freshness.changes(draft=draft)
    monkeypatch.setattr(freshness, "toolbox", lambda: {name: tool for name, tool in TOOLS.items() if name != "order"})
    with pytest.raises(Unavailable, match="not there any more"):
        freshness.changes(draft=draft)


def test_what_nobody_looked_up_cannot_have_changed() -> None:
    draft = make_draft(state=Draft.State.READY, body="Hello", setup=make_setup(), category=make_category())
    assert freshness.changes(draft=draft) == []


def test_many_changes_are_told_in_one_sentence() -> None:
    changes = [freshness.Change(f"order {number}: status", "open", "shipped") for number in range(7)]
    assert freshness.words(changes[:1]) == "order 0: status was open, is now shipped"
    assert freshness.words(changes).endswith("order 4: status was open, is now shipped; and 2 more")
