from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from drafting import versions
from drafting.admin import CustomerAddressForm
from drafting.models import Category, CheckResult, CustomerAddress, Draft, Evidence, Guidance, ModelCall, Rule, Setup
from drafting.tools.customers import customer_of
from tests.drafting.factories import make_article, make_category, make_customer, make_draft, make_order, make_setup

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "drafting"]


@pytest.fixture
def chief(client: Client) -> Client:
    """A signed-in superuser; WhiteNoise warns where its folder is missing."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    client.force_login(User.objects.create_superuser("chief"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens(chief: Client, model: type) -> None:
    make_order(make_customer("ann@customer.example"))
    make_draft()
    make_setup()
    url = f"/admin/drafting/{model.__name__.lower()}/"
    assert chief.get(url).status_code == 200


def test_a_draft_shows_its_record_and_cannot_be_changed(chief: Client) -> None:
    draft = make_draft()
    Evidence.objects.create(
        draft=draft, position=1, tool="order", source="Orders", question={}, outcome="found", answer={}, asked_by="code", milliseconds=1
    )
    CheckResult.objects.create(draft=draft, position=1, code="sender_known", passed=True, reason="Known.")
    ModelCall.objects.create(draft=draft, position=1, purpose="draft", request={}, milliseconds=1)
    url = f"/admin/drafting/draft/{draft.pk}/change/"
    page = chief.get(url)
    assert page.status_code == 200
    assert b"sender_known" in page.content
    assert chief.post(url, {"state": "decided"}).status_code == 403
    assert Draft.objects.get().state == "queued"


def test_a_setup_can_only_be_read(chief: Client) -> None:
    setup = make_setup()
    assert chief.get(f"/admin/drafting/setup/{setup.pk}/change/").status_code == 200
    assert chief.get("/admin/drafting/setup/add/").status_code == 403
    assert chief.post(f"/admin/drafting/setup/{setup.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Setup.objects.exists()


def test_an_address_typed_with_capitals_is_found_when_its_owner_writes() -> None:
    customer = make_customer()
    form = CustomerAddressForm({"address": " Ann@Customer.Example", "contact": ""}, instance=CustomerAddress(customer=customer))
    assert form.is_valid(), form.errors
    form.save()
    assert customer_of(address="ann@customer.example") == customer


def test_what_is_saved_here_keeps_a_version_with_who_did_it(chief: Client) -> None:
    chief.post("/admin/drafting/guidance/add/", {"title": "Tone", "text": "Be kind.", "is_active": "on"})
    version = versions.of(Guidance.objects.get())[0]
    assert version.content == {"title": "Tone", "text": "Be kind.", "is_active": True}
    assert version.by is not None and version.by.username == "chief"


def test_rules_are_only_looked_at_here(chief: Client) -> None:
    rule = Rule.objects.create(name="Large", expression="order.total > 500", effect="needs_person")
    assert chief.get(f"/admin/drafting/rule/{rule.pk}/change/").status_code == 200
    assert chief.get("/admin/drafting/rule/add/").status_code == 403
    assert chief.post(f"/admin/drafting/rule/{rule.pk}/change/", {"name": "Small"}).status_code == 403


def test_what_is_deleted_here_keeps_its_versions(chief: Client) -> None:
    article, other = make_article(), make_article()
    chief.post(f"/admin/drafting/article/{article.pk}/delete/", {"post": "yes"})
    chief.post("/admin/drafting/article/", {"action": "delete_selected", "_selected_action": str(other.pk), "post": "yes"})
    for pk in (article.pk, other.pk):
        assert [versions.is_deletion(version) for version in versions.history(kind="article", of=pk)] == [True, False]


def test_categories_can_only_be_looked_at(chief: Client) -> None:
    category = make_category("return")
    assert chief.get("/admin/drafting/category/").status_code == 200
    assert chief.post(f"/admin/drafting/category/{category.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Category.objects.exists()


def test_a_template_with_a_slot_that_cannot_be_read_is_refused_in_words(chief: Client) -> None:
    form = {"category": str(make_category().pk), "name": "Late", "language": "en", "body": "Order {order", "is_active": "on"}
    page = chief.post("/admin/drafting/replytemplate/add/", form)
    assert "is not closed" in page.content.decode()
