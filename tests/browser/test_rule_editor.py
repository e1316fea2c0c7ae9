"""An admin changes a rule: checked while typing, previewed before saving."""

import pytest
from playwright.sync_api import expect

from drafting.fact_values import recorded
from drafting.models import Draft, Rule
from tests.browser.conftest import Desks
from tests.drafting.factories import make_category, make_draft, make_message, make_setup
from tests.review.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rule_is_checked_while_typed_and_previewed_before_it_is_saved(desks: Desks) -> None:
    facts = {"category": "order-status", "order.total": 600.0}
    kept = recorded(before=[facts], after=[facts | {"draft.text": "Thank you."}])
    values = {"state": Draft.State.DECIDED, "setup": make_setup(), "category": make_category(), "body": "Thank you.", "facts": kept}
    make_draft(make_message(), **values)
    rule = Rule.objects.create(name="Large", expression="order.total > 1000", effect="needs_person", text="Large.")
    page = desks.open(make_person("admin", "dana"))
    page.goto(f"{desks.address}/rules/{rule.pk}/")
    page.fill("#id_expression", "order.sum > 500")
    expect(page.locator("#rule-check mark")).to_have_text("order.sum")
    page.fill("#id_expression", "")
    page.locator('[data-insert="order.total"]').click()
    page.keyboard.type(" > 500")
    expect(page.locator("#id_expression")).to_have_value("order.total > 500")
    expect(page.locator("#rule-check")).to_contain_text("This can be saved.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#rule-preview")).to_contain_text("Would change 1 of 1 past draft: 1 newly blocked.")
    assert Rule.objects.get().expression == "order.total > 1000"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as version 2.")
    assert Rule.objects.get().expression == "order.total > 500"
