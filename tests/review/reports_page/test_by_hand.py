"""Every number of the report, counted by hand on a company of twenty-five mails, and each followed to the mails behind it."""

import csv
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from review import csv_files, tokens
from review.reports import durations, prices
from review.reports.figures import FIGURES, LEFT
from tests.review.exports.reading import words_of
from tests.review.factories import make_person
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
    "qualified": ("65.2 %", "15 of 23"),
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
BY_DAY = {
    # Mails that came in; sent automatically, approved unedited, edited, rejected and rewritten, written by a person; answered.
    "2026-03-02": (2, 0, 2, 0, 0, 0, 2),
    "2026-03-03": (2, 0, 2, 0, 0, 0, 2),
    "2026-03-04": (2, 0, 1, 1, 0, 0, 2),
    "2026-03-05": (2, 0, 1, 1, 0, 0, 2),
    "2026-03-06": (3, 0, 1, 0, 1, 1, 3),
    "2026-03-07": (1, 0, 1, 0, 0, 0, 1),
    "2026-03-09": (1, 0, 0, 0, 0, 1, 1),
    "2026-03-10": (4, 0, 1, 0, 0, 0, 1),
    "2026-03-11": (4, 4, 0, 0, 0, 0, 4),
    "2026-03-12": (4, 0, 2, 0, 0, 0, 2),
}
MAILS_BEHIND = {key: int(made_of.split()[0] if made_of else value.replace(",", "")) for key, (value, made_of) in BY_HAND.items()} | {
    # 13 approved drafts of 13 mails; the 20 that passed every check are of 19 mails, as one mail had two.
    "eligible": 19,
    # The rejected mail had two of the 15.
    "qualified": 14,
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


class Asks:
    """The forms of a page, and its buttons that ask for mails."""

    def __init__(self, browser: Client, address: str) -> None:
        self.browser, answer = browser, browser.get(address)
        self.page, self.html = answer.context["page"], answer.content.decode()

    def follow(self, name: str) -> list[tuple[str, str, int]]:
        """The form and the value of each button with that name, and of how many mails it tells."""
        found = re.findall(rf'<button form="([^"]+)" name="{name}" value="([^"]+)">', self.html)
        return [(form, value, self._mails(form, {name: value})) for form, value in found]

    def _mails(self, form: str, pressed: dict[str, str]) -> int:
        inputs = re.search(rf'<form id="{form}" action="/reports/mails/" hidden>(.*?)</form>', self.html)
        assert inputs, form
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', inputs.group(1)))
        return len(self.browser.get("/reports/mails/", hidden | pressed).context["listing"].rows)


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
    assert [(key, count) for key, _, count, _, _ in left.ways] == [
        ("auto", "4"),
        ("unedited", "11"),
        ("by_edit", "2"),
        ("rewritten", "1"),
        ("by_hand", "2"),
    ]
    assert "20 mails were answered: 20 % sent automatically, 55 % approved unedited" in words(left.sentence)
    behind = browser.get(left.numbers_url).context["page"]
    assert {row.day: tuple(row.counts) for row in behind.rows if any(row.counts)} == BY_DAY
    assert len(behind.rows) == 30
    assert [count for count, _ in behind.totals] == ["25", "4", "11", "2", "1", "2", "20"]


def test_categories_reasons_and_hours_add_up(company: Company, browser: Client) -> None:
    rows = browser.get("/reports/").context["page"].categories
    assert [(row.name, row.cells[0].value) for row in rows] == [("Order status", "17"), ("Return", "6"), ("Without category", "2")]
    # Of 17 mails about orders one was overtaken; all others had a draft, and 2 of 4 that left alone needed nobody.
    assert [(cell.value.replace("\u00a0", " "), cell.made_of) for cell in rows[0].cells[1:]] == [
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
    counts = {head: count for head, count, _ in row.numbers}
    assert counts == {"Drafts": "1", "Handed over": "1", "Replies to write": "0", "Being drafted": "0", "Snoozed": "0"}
    assert (row.name, row.age) == ("Service", "4 d")


@pytest.mark.parametrize("key", BY_HAND)
def test_each_figure_leads_to_the_mails_behind_it_in_two_clicks(key: str, company: Company, browser: Client) -> None:
    mails = browser.get(link(browser.get("/reports/").content.decode(), key))
    rows = mails.context["listing"].rows
    assert len(rows) == MAILS_BEHIND[key]
    assert browser.get(rows[0].url).status_code == 200


@pytest.mark.parametrize("way", [figure.key for figure in LEFT])
def test_each_way_in_which_replies_left_leads_to_its_mails(way: str, company: Company, browser: Client) -> None:
    ways = {key: (count, url) for key, _, count, url, _ in browser.get("/reports/").context["page"].left.ways}
    count, url = ways[way]
    assert len(browser.get(url).context["listing"].rows) == int(count)


def test_each_number_behind_the_chart_leads_to_its_mails(company: Company, browser: Client) -> None:
    """By the buttons of the page, as a browser sends them."""
    asks = Asks(browser, "/reports/numbers/")
    columns = ["1", "2", "3", "4", "5", "6", "7"]
    asked = {(value, form): rows for form, value, rows in asks.follow("step")}
    assert asked == {(day, columns[place]): count for day, counts in BY_DAY.items() for place, count in enumerate(counts) if count}
    totals = [len(browser.get(url).context["listing"].rows) for _, url in asks.page.totals]
    assert totals == [25, 4, 11, 2, 1, 2, 20]


def test_each_cell_of_a_category_leads_to_its_mails(company: Company, browser: Client) -> None:
    """Counted mails where there are any, else those of which none is counted; a mail with two drafts is one row."""
    found = {(form, value): rows for form, value, rows in Asks(browser, "/reports/").follow("category")}
    orders, returns = str(company.orders.pk), str(company.returns.pk)
    assert found == {
        ("mails", orders): 17,
        ("coverage", orders): 16,
        ("automation", orders): 2,
        ("approval", orders): 10,
        ("error", orders): 1,
        ("mails", returns): 6,
        ("coverage", returns): 5,
        ("automation-of", returns): 5,
        ("approval", returns): 3,
        ("mails", "0"): 2,
        ("coverage-of", "0"): 2,
        ("automation-of", "0"): 2,
    }


def test_what_waits_now_leads_to_its_mails(company: Company, browser: Client) -> None:
    (row,) = browser.get("/reports/").context["page"].waiting
    found = {head: [each.fate.words for each in browser.get(url).context["listing"].rows] for head, _, url in row.numbers if url}
    assert found == {"Drafts": ["Draft to decide"], "Handed over": ["Handed over"]}


def test_money_and_hours_lead_to_their_mails_each_with_its_part(company: Company, browser: Client) -> None:
    two, ten = Decimal(2), Decimal(10)
    prices.save(setup=company.setup, per_million_prompt=two, per_million_completion=ten, currency="EUR", by=company.ana)
    page = browser.get("/reports/").content.decode()
    cost = browser.get(link(page, "cost")).context["listing"]
    assert (len(cost.rows), cost.total) == (24, "27,500 tokens")
    assert {row.measure.replace("\u00a0", " ") for row in cost.rows} == {"0.0030 EUR", "0.0060 EUR"}
    saved = browser.get(link(page, "saved")).context["listing"]
    assert (len(saved.rows), saved.total) == (18, "18 replies")
    found = re.search(r'href="([^"]+)">less 0.1.h of deciding', page)
    assert found
    assert len(browser.get(unescape(found.group(1))).context["listing"].rows) == 16


@pytest.mark.parametrize(
    ("key", "expected"),
    [("first_resp", ("19", 19, "6.7 h", "5 min")), ("resolution", ("19", 19, "25.0 h", "5 min")), ("review", ("16", 16, "2 min", "5 s"))],
)
def test_durations_lead_to_their_mails_the_longest_first(key: str, expected: object, company: Company, browser: Client) -> None:
    listing = browser.get(link(browser.get("/reports/").content.decode(), key)).context["listing"]
    told = [row.measure.replace("\u00a0", " ") for row in listing.rows]
    assert (listing.total, len(told), told[0], told[-1]) == expected


def test_each_number_of_the_load_leads_to_its_decisions(company: Company, browser: Client) -> None:
    page = browser.get("/reports/load/").context["page"]
    for row in (*page.rows, page.total):
        for count, url in [(row.decisions, row.url), *((count, url) for _, count, url in row.by_kind if url)]:
            assert len(browser.get(url).context["listing"].rows) == int(count), (row.name, url)
    ben = next(row for row in page.rows if row.name == "Ben Orr")
    listing = browser.get(ben.url).context["listing"]
    assert listing.name == "Decisions: Ben Orr"
    assert [(row.fate.words, row.fate.more, row.measure.replace("\u00a0", " ")) for row in listing.rows] == [
        ("Taken over", "by Ben Orr", "2 min"),
        ("Taken over", "by Ben Orr", "40 s"),
    ]


def lines_of(browser: Client, file: str) -> list[list[str]]:
    """The cells of a file."""
    answer: Any = browser.post("/reports/download/", {"file": file})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(csv_files.MARK)
    lines = list(csv.reader(text.removeprefix(csv_files.MARK).splitlines()))
    assert {len(cells) for cells in lines} == {len(lines[0])}
    return lines


def test_files_say_the_same(company: Company, browser: Client) -> None:
    figures = {cells[1]: cells for cells in lines_of(browser, "figures")}
    assert figures["coverage"][3:5] == ["21", "23"]
    assert float(figures["coverage"][2]) == 21 / 23
    kinds = lines_of(browser, "categories")
    assert [cells[0] for cells in kinds] == ["category", "Order status", "Return", "Without category"]
    assert kinds[1][kinds[0].index("automation")] == "2"
    talks = lines_of(browser, "conversations")
    # 25 mails, of which two conversations have two.
    assert len(talks) == 1 + 23
    heading = talks[0]
    for name, expected in (("inbound", 25), ("needed", 23), ("automated", 2), ("review_seconds", 505), ("prompt_tokens", 25_000)):
        assert sum(int(cells[heading.index(name)]) for cells in talks[1:]) == expected, name


def test_the_api_and_the_pdf_say_the_same_as_the_page(company: Company, browser: Client) -> None:
    """What the page tells beside its figures: cost, hours saved, reasons, hours, steps and what waits."""
    prices.save(setup=company.setup, per_million_prompt=Decimal(2), per_million_completion=Decimal(10), currency="EUR", by=company.ana)
    secret = tokens.issue(name="Report", scopes=["reports:read"], by=make_person("admin")).secret
    report = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/reports/figures").json()
    assert ([(one["currency"], float(one["amount"])) for one in report["costs"]], report["tokens_without_price"]) == ([("EUR", 0.075)], 0)
    assert report["saved"] == {"replies": 18, "minutes_by_hand": 6, "deciding_seconds": 505, "seconds": 18 * 360 - 505}
    assert [(one["kind"], one["key"], one["mails"]) for one in report["reasons"]] == [
        ("hand_over", "missing_fact", 1),
        ("hand_over", "sensitive", 1),
        ("edit", "tone", 1),
        ("edit", "wrong_fact", 1),
        ("check", "grounding", 3),
        ("check", "links", 1),
    ]
    hours = {(one["hour_of_week"] // 24, one["hour_of_week"] % 24): one["mails"] for one in report["hours"]}
    assert hours == {(0, 10): 3, (1, 9): 1, (1, 10): 5, (2, 10): 6, (3, 10): 6, (4, 10): 3, (5, 10): 1}
    steps = {one["first"]: tuple(one["left"].values()) for one in report["steps"] if any(one["left"].values())}
    assert steps == {day: counts[1:-1] for day, counts in BY_DAY.items()}
    (waiting,) = report["waiting"]
    assert (waiting["name"], waiting["drafts"], waiting["hand_overs"], waiting["replies"]) == ("Service", 1, 1, 0)
    assert waiting["oldest"].startswith("2026-03-10T10:00:00")

    said = " ".join(words_of(browser.post("/reports/report.pdf").content).replace("\u00a0", " ").split())
    for each in (
        *("0.0750 EUR", "18 replies at 6 min, less 0.1 h", "1.7 h", "Handed over A fact is missing 1", "Edited Tone 1"),
        *("Check failed Grounding 3", "10:00 3 5 6 6 3 1 0", "9:00 0 1 0 0 0 0 0", "6 Mar 2026 0 1 0 1 1", "Service 1 1 0 0 0"),
    ):
        assert each in said, each


def test_files_tell_reasons_hours_steps_and_money_too(company: Company, browser: Client) -> None:
    reasons = {tuple(cells[:2]): cells[3] for cells in lines_of(browser, "reasons")[1:]}
    assert reasons["hand_over", "missing_fact"] == "1"
    assert reasons["check", "grounding"] == "3"
    assert {key: mails for (kind, key), mails in reasons.items() if kind == "hour"} == {
        "10": "3",
        "33": "1",
        "34": "5",
        "58": "6",
        "82": "6",
        "106": "3",
        "130": "1",
    }
    steps = {cells[0]: tuple(map(int, cells[1:])) for cells in lines_of(browser, "steps")[1:]}
    assert {day: counts for day, counts in steps.items() if any(counts)} == {day: counts[1:-1] for day, counts in BY_DAY.items()}
    figures = {cells[1]: cells for cells in lines_of(browser, "figures")}
    assert figures["saved"][2:4] == ["1.66", "18"]
    assert figures["saved"][-1].endswith(" 6 minutes.")
    assert figures["unpriced"][2] == "27500"
