"""The report in a browser: definitions by keyboard, days only where they are asked for, from a figure to a mail in two clicks, on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desks
from tests.browser.screenshots import WIDER
from tests.browser.test_craft import look, prepared
from tests.review.factories import make_person
from tests.review.reports_page.company import TEN, Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MARCH = f"/reports/?period=days&first={TEN:%Y-%m-%d}&last=2026-03-31"
OTHERS = (MARCH.replace("/reports/", "/reports/numbers/"), f"{MARCH.replace('/reports/', '/reports/mails/')}&figure=tokens")


def test_a_manager_reads_follows_and_prints_the_report(desks: Desks) -> None:
    Company()
    page = desks.open(make_person("manager", "mia"))
    page.goto(desks.address + MARCH)
    coverage = page.locator("#figure-coverage")
    expect(coverage).to_contain_text("21 of 23")
    definition = coverage.locator("details p")
    expect(definition).to_be_hidden()
    coverage.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(definition).to_contain_text("Mails for which a draft was offered")

    first, period = page.locator("[type=date][name=first]"), page.locator("select[name=period]")
    expect(first).to_have_value("2026-03-02")
    period.select_option("7")
    expect(first).to_be_hidden()
    period.select_option("days")
    expect(first).to_be_visible()

    page.get_by_role("link", name="The numbers behind the chart").click()
    row = page.get_by_role("row", name="6 Mar")
    expect(row.get_by_role("button")).to_have_text(["3", "1", "1", "1", "3"])
    row.get_by_role("button", name="3").last.click()
    expect(page.locator("h1")).to_contain_text("Answered")
    expect(page.locator("tbody tr")).to_have_count(3)

    page.goto(desks.address + MARCH)
    page.get_by_role("row", name="Order status").get_by_role("button", name="17").click()
    expect(page.locator("tbody tr")).to_have_count(17)

    page.goto(desks.address + MARCH)
    page.locator("#figure-automation .figure-value a").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Not counted").click()
    expect(page.locator("tbody tr")).to_have_count(21)
    page.locator("tbody a").first.click()
    expect(page).to_have_url(f"{desks.address}/conversations/{page.url.rstrip('/').rsplit('/', 1)[1]}/")


def test_a_full_report_can_be_read_by_everybody(desks: Desks) -> None:
    Company()
    desks.open(make_person("manager", "mia"))
    desk, wrong = prepared(desks.all[0]), list[str]()
    for address in (MARCH, *(MARCH.replace("/reports/", f"/reports/{page}/") for page in ("numbers", "reasons", "mails"))):
        desk.page.goto(desks.address + address)
        desk.page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach(one => one.open = true)")
        wrong += look(desk, address)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_sticks_out_and_paper_has_no_forms(desks: Desks, width: int) -> None:
    Company()
    page = desks.open(make_person("manager", "mia"))
    page.set_viewport_size({"width": width, "height": 844})
    for address in (MARCH, MARCH.replace("/reports/", "/reports/reasons/"), *OTHERS, "/reports/load/?period=year", "/reports/assumptions/"):
        page.goto(desks.address + address)
        assert page.evaluate(WIDER) == "", address
    page.goto(desks.address + MARCH)
    page.emulate_media(media="print")
    expect(page.locator(".report-filters")).to_be_hidden()
    expect(page.locator("#figure-coverage")).to_be_visible()
