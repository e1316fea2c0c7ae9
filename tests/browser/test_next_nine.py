"""A team mends what takes most work: from the cause to an editor that is filled in, and back to a line that shows whether it helped."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from drafting.models import Article
from review.models import Remedy
from tests.browser.conftest import Desks
from tests.review.factories import make_person
from tests.review.next_nine.rows import decided

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_cause_is_mended_by_an_article_and_shows_it(desks: Desks) -> None:
    ana = make_person("reviewer", "ana")
    for days_ago in range(2, 40, 2):
        text = "Hello,\n\nthe cable is four metres long.\n\nKind regards"
        decided(
            "edited", by=ana, edit_reason="missing_answer", question="How long is the cable?", text=text, days_ago=days_ago, seconds=200
        )
    page = desks.open(make_person("admin", "dana"))
    page.goto(f"{desks.address}/reports/next-nine/")
    expect(page.locator(".nine h2").first).to_have_text("Reviewers added an answer")
    page.get_by_role("link", name="Write an article").click()
    expect(page.locator("#id_body")).to_have_value("the cable is four metres long.")
    page.get_by_text("What customers asked").click()
    expect(page.locator(".begun li")).to_have_text("How long is the cable?")
    page.fill("#id_title", "Cables")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as version 1.")
    expect(page.locator("#done")).to_contain_text("Article “Cables”, version 1")
    expect(page.locator("#done")).to_contain_text("Too early to say")
    assert Article.objects.get().body == "the cable is four metres long."
    Remedy.objects.update(at=timezone.now() - timedelta(days=20))
    page.reload()
    expect(page.locator(".line-wide .done")).to_have_count(1)
    expect(page.locator("#done dd")).to_have_count(2)
    expect(page.locator("#done")).to_contain_text("a week")


def test_a_manager_notes_what_was_done_elsewhere(desks: Desks) -> None:
    decided("edited", by=make_person("reviewer", "ana"), edit_reason="tone")
    page = desks.open(make_person("manager", "mia"))
    page.goto(f"{desks.address}/reports/next-nine/")
    page.get_by_role("link", name="Reviewers changed the tone").click()
    page.get_by_text("I did something about it elsewhere").click()
    page.fill("#words", "We agreed on how we greet.")
    page.get_by_role("button", name="Note it").click()
    expect(page.locator("#done")).to_contain_text("We agreed on how we greet.")
