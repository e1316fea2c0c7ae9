"""Every number of the report, counted by hand on a company of twenty-five mails, and each followed to the mails behind it."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from review.reports import durations, prices
from review.reports.figures import FIGURES, LEFT
from tests.review.reports_page.company import Company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]
BY_HAND = {
    # 6 approved, 2 with a failed check, 2 edited, 1 rejected, 1 taken over, 2 handed over, 1 without need, 2 of one customer,
    # 4 by themselves and 1 after one of them, 1 waits, 1 bounced, 1 maybe sent.
    "inbound": ("25", ""),
    # Without the one that needs none, and the one after which the customer wrote again.
    "needed": ("92 %", "23 of 25"),
    # All of those but the 2 that were handed over.
    "coverage": ("91.3 %", "21 of 23"),
    # Of the 4 that left by themselves one was flagged, and one needed a person the next day.
    "automation": ("8.7 %", "2 of 23"),
    "hand_over": ("8.7 %", "2 of 23"),
    "no_reply": ("4 %", "1 of 25"),
    # Each of the 21 once, the rejected one again, and the one that needed no reply; 3 had failed checks.
    "eligible": ("87 %", "20 of 23"),
    # 6 approved, 1 edited, 2 of the rejected mail, 1 taken over, 1 without need of a reply, and 4 approved later had passed every check.
    "shadow": ("73.3 %", "11 of 15"),
    "waiting": ("8.7 %", "2 of 23"),
    # 13 + 2 + 1 + 1 of 17 are 76.47 + 11.76 + 5.88 + 5.88 %; the largest remainders are rounded up.
    "approval": ("76.5 %", "13 of 17"),
    "edit": ("11.7 %", "2 of 17"),
    "rejection": ("5.9 %", "1 of 17"),
    "take_over": ("5.9 %", "1 of 17"),
    "error": ("16.7 %", "1 of 6"),
    "bounced": ("1", ""),
    "maybe_sent": ("1", ""),
    # 22 conversations were opened; no reply has left for the one that waits, the one handed over, the one maybe sent. 3 left late.
    "in_time": ("84.2 %", "16 of 19"),
    "responded": ("86.4 %", "19 of 22"),
    # One for each of 25 drafts: 23 offered and 2 given up.
    "calls": ("25", ""),
    "tokens": ("27,500", ""),
}
MAILS_BEHIND = {key: int(made_of.split()[0] if made_of else value.replace(",", "")) for key, (value, made_of) in BY_HAND.items()} | {
    # 13 approved drafts of 13 mails; the 20 that passed every check are of 19 mails, as one mail had two.
    "eligible": 19,
    "shadow": 11,
    # Of every mail but the one that was never drafted.
    "calls": 24,
    "tokens": 24,
}


@pytest.fixture
def company(in_march: None, db: None) -> Company:
    """The company."""
    return Company()


def card(page: str, key: str) -> str:
    """What a card says."""
    found = re.search(rf'<li class="figure" id="figure-{key}">(.*?)</li>', page, flags=re.S)
    assert found, key
    without_definition = re.sub(r"<details.*?</details>", "", found.group(1), flags=re.S)
    return words(without_definition)


def words(html: str) -> str:
    """Text as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").split())


def link(page: str, key: str) -> str:
    """Where the number of a card leads."""
    found = re.search(rf'id="figure-{key}">.*?<p class="figure-value"><a href="([^"]+)"', page, flags=re.S)
    assert found, key
    return unescape(found.group(1))


def test_every_figure_is_what_a_pencil_says(company: Company, browser: Client) -> None:
    page = browser.get("/reports/").content.decode()
    assert {figure.key for figure in FIGURES} == BY_HAND.keys()
    for key, (value, made_of) in BY_HAND.items():
        assert card(page, key).startswith(f"{value} {made_of}".strip()), key
    assert "between 0.4 % and 64.1 % with 95 % certainty" in card(page, "error")


def test_the_change_says_from_where_and_whether_that_is_good(company: Company, browser: Client) -> None:
    """Before, there were 2 mails: one approved, one edited."""
    page = browser.get("/reports/").content.decode()
    assert card(page, "inbound") == "25 up 23 from 2"
    assert card(page, "coverage") == "91.3 % 21 of 23 down 8.7 points from 100 %, worse"
    assert card(page, "approval") == "76.5 % 13 of 17 up 26.5 points from 50 %, better"
    assert card(page, "rejection") == "5.9 % 1 of 17 up 5.9 points from 0 %, worse"
    assert "nothing to compare with before" in card(page, "error")


def test_conversations_without_a_first_reply_are_named_and_lead_to_their_mails(company: Company, browser: Client) -> None:
    """Late replies are one thing, none at all another: the one that waits, the one handed over, the one maybe sent."""
    page = browser.get("/reports/").content.decode()
    assert card(page, "responded").endswith("3 without one")
    found = re.search(r'href="([^"]+)">3 without one</a>', page)
    assert found
    rows = browser.get(unescape(found.group(1))).context["listing"].rows
    assert [row.fate.words for row in rows] == ["No reply of its own", "Waiting for a reply", "Waiting for a reply"]


def test_times_are_those_of_the_clock(company: Company, browser: Client) -> None:
    """In minutes, first responses took 4 × 5, 8 × 60, 2 × 120, 180, 200, 2 × 300, 400: the 10th of 19 is 60, the 18th is 300. Until all
    was resolved one of the shortest took 25 hours: the 10th is 60, the 18th is 400. Decisions took 5, 15, 8 × 20, 25, 2 × 40, 2 × 60 and
    100 seconds: the 8th of 16 is 20, the 15th is 60.
    """
    page = browser.get("/reports/").content.decode()
    within_five_per_cent = {int(durations.bucket(60 * minutes)) / 3600 for minutes in (60, 300, 400)}
    median, late, latest = (f"{hours:.1f} h" for hours in sorted(within_five_per_cent))
    assert card(page, "first_resp").startswith(f"{median} median of 19 nine in ten within {late}")
    assert card(page, "resolution").startswith(f"{median} median of 19 nine in ten within {latest}")
    assert card(page, "review").startswith("20 s median of 16 nine in ten within 1 min")


def test_money_and_hours_are_counted_too(company: Company, browser: Client) -> None:
    """25 × (1,000 × 2 + 100 × 10) ÷ 1,000,000 = 0.075. 18 replies left as drafts: 18 × 6 minutes less 505 seconds are 1.66 hours."""
    assert card(browser.get("/reports/").content.decode(), "cost") == "– 27.5 k tokens have no price yet Set prices"
    two, ten = Decimal(2), Decimal(10)
    prices.save(setup=company.setup, per_million_prompt=two, per_million_completion=ten, currency="EUR", by=company.ana)
    page = browser.get("/reports/").content.decode()
    assert card(page, "cost") == "0.0750 EUR 0.0030 EUR for each mail"
    assert card(page, "saved").startswith("1.7 h 18 replies at 6 min by hand, less 0.1 h of deciding")


def test_the_chart_and_its_table_say_how_replies_left(company: Company, browser: Client) -> None:
    answer = browser.get("/reports/")
    left = answer.context["page"].left
    assert [(key, count) for key, _, count, _ in left.ways] == [
        ("auto", "4"),
        ("unedited", "11"),
        ("by_edit", "2"),
        ("rewritten", "1"),
        ("by_hand", "2"),
    ]
    assert "20 mails were answered: 20 % sent automatically, 55 % approved unedited" in words(left.sentence)
    days = {row.day: (*row.counts, row.total) for row in left.rows if row.total != "0"}
    assert days == {
        "2026-03-02": ("0", "2", "0", "0", "0", "2"),
        "2026-03-03": ("0", "2", "0", "0", "0", "2"),
        "2026-03-04": ("0", "1", "1", "0", "0", "2"),
        "2026-03-05": ("0", "1", "1", "0", "0", "2"),
        "2026-03-06": ("0", "1", "0", "1", "1", "3"),
        "2026-03-07": ("0", "1", "0", "0", "0", "1"),
        "2026-03-09": ("0", "0", "0", "0", "1", "1"),
        "2026-03-10": ("0", "1", "0", "0", "0", "1"),
        "2026-03-11": ("4", "0", "0", "0", "0", "4"),
        "2026-03-12": ("0", "2", "0", "0", "0", "2"),
    }
    assert len(left.rows) == 30


def test_categories_reasons_and_hours_add_up(company: Company, browser: Client) -> None:
    rows = browser.get("/reports/").context["page"].categories
    assert [(row.name, row.mails) for row in rows] == [("Order status", "17"), ("Return", "6"), ("Without category", "2")]
    # Of 17 mails about orders one was overtaken; all others had a draft, and 2 of 4 that left alone needed nobody.
    assert [(cell.value.replace("\u00a0", " "), cell.made_of) for cell in rows[0].cells] == [
        ("100 %", "16 of 16"),
        ("12.5 %", "2 of 16"),
        ("83.3 %", "10 of 12"),
        ("16.7 %", "1 of 6"),
    ]
    page = browser.get("/reports/reasons/").context["page"]
    told = {table.heading: [(row.name, row.count) for row in table.rows] for table in page.reasons}
    assert told == {
        "Why mails were handed over": [("A fact is missing", "1"), ("Needs a human touch", "1")],
        "Why drafts were edited": [("Tone", "1"), ("Wrong fact", "1")],
        "Checks that failed": [("Grounding", "3"), ("Links", "1")],
    }
    hours = {(day, hour.hour % 24): hour.count for day, all_hours in page.heat for hour in all_hours if hour.count}
    assert hours == {
        ("Mon", 10): 3,
        ("Tue", 9): 1,
        ("Tue", 10): 5,
        ("Wed", 10): 6,
        ("Thu", 10): 6,
        ("Fri", 10): 3,
        ("Sat", 10): 1,
    }


def test_what_waits_now_is_told(company: Company, browser: Client) -> None:
    (row,) = browser.get("/reports/").context["page"].waiting
    assert (row.name, row.drafts, row.hand_overs, row.replies, row.age) == ("Service", "1", "1", "0", "4 d")


@pytest.mark.parametrize("key", BY_HAND)
def test_each_figure_leads_to_the_mails_behind_it_in_two_clicks(key: str, company: Company, browser: Client) -> None:
    mails = browser.get(link(browser.get("/reports/").content.decode(), key))
    rows = mails.context["listing"].rows
    assert len(rows) == MAILS_BEHIND[key]
    assert browser.get(rows[0].url).status_code == 200


@pytest.mark.parametrize("way", [figure.key for figure in LEFT])
def test_each_way_in_which_replies_left_leads_to_its_mails(way: str, company: Company, browser: Client) -> None:
    ways = {key: (count, url) for key, _, count, url in browser.get("/reports/").context["page"].left.ways}
    count, url = ways[way]
    assert len(browser.get(url).context["listing"].rows) == int(count)


def test_files_say_the_same(company: Company, browser: Client) -> None:
    def lines(file: str) -> list[list[str]]:
        answer: Any = browser.post("/reports/download/", {"file": file})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        return [line.split(",") for line in b"".join(answer.streaming_content).decode().splitlines()]

    figures = {cells[1]: cells for cells in lines("figures")}
    assert figures["coverage"][3:5] == ["21", "23"]
    assert float(figures["coverage"][2]) == 21 / 23
    kinds = lines("categories")
    assert [cells[0] for cells in kinds] == ["category", "Order status", "Return", "Without category"]
    assert kinds[1][kinds[0].index("automation")] == "2"
    talks = lines("conversations")
    # 25 mails, of which two conversations have two.
    assert len(talks) == 1 + 23
    heading = talks[0]
    for name, expected in (("inbound", 25), ("needed", 23), ("automated", 2), ("review_seconds", 505), ("prompt_tokens", 25_000)):
        assert sum(int(cells[heading.index(name)]) for cells in talks[1:]) == expected, name
