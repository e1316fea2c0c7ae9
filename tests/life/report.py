"""The report of a running product against a plain count of its raw rows (`tests/review/reports/plain.py`): each number, and its mails."""

import csv
import re
import time
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from math import ceil
from typing import Any

from deploy import smoke

SUMS = {
    "inbound": ("inbound", ""),
    "needed": ("needed", "inbound"),
    "coverage": ("offered", "needed"),
    "automation": ("automated", "needed"),
    "hand_over": ("handed_over", "needed"),
    "no_reply": ("no_reply", "inbound"),
    "eligible": ("eligible", "drafts"),
    "qualified": ("shadow", "drafts"),
    "shadow": ("shadow_approved", "shadow"),
    "waiting": ("waiting", "needed"),
    "approval": ("approved", "fared"),
    "edit": ("edited", "fared"),
    "rejection": ("rejected", "fared"),
    "take_over": ("taken_over", "fared"),
    "error": ("unsafe", "audited"),
    "bounced": ("bounced", ""),
    "maybe_sent": ("maybe_sent", ""),
    "responded": ("responded", "opened"),
    "in_time": ("in_time", "responded"),
    "calls": ("calls", ""),
    "tokens": ("tokens", ""),
}
"""What each card counts, of what; as 1-product.md says it."""
TIMES = {"first_resp": ("responded", "response"), "resolution": ("resolved", "resolution"), "review": ("reviews", "review_seconds")}
"""The cards of durations: of which mails one is known, and the seconds."""
WAYS = {
    "Sent automatically": "auto_sent",
    "Approved unedited": "by_approval",
    "Edited": "by_edit",
    "Rejected and rewritten": "by_rewrite",
    "Written by a person": "by_hand",
}
DRAFTED = ("auto_sent", "by_approval", "by_edit", "by_rewrite")
IN_A_ROW = {"Coverage": "coverage", "Automation rate": "automation", "Unedited approval rate": "approval", "Audited error rate": "error"}
"""The cells of a category, by their heads."""
READ, WRITTEN, CURRENCY = Decimal(2), Decimal(10), "EUR"
"""What a million tokens cost here."""
MINUTES = 6
Mails = list[dict[str, Any]]


def check(*, patience: float, seen: Collection[str], since: date = date.min) -> None:
    """A manager looks: within `patience` seconds each number of the mails `since` a day is what the raw rows say, and leads to its mails.

    What is `seen` must have happened, so that no number is right because it is none.
    """
    run = smoke.Run()
    person = next(each for each in smoke.logins() if each["role"] == "manager")
    smoke.post(run, "sign-in/", {"username": person["name"], "password": person["password"]}, form_on="sign-in/")
    price()
    deadline = time.monotonic() + patience
    while (mails := counted(since)) and (wrong := differing(run, mails)) and time.monotonic() < deadline:
        time.sleep(1)
    assert mails and not wrong, wrong
    sums = {name: _sum(mails, name) for name in seen}
    assert all(sums.values()), sums
    follow(run, mails)


def price() -> None:
    """Say what the tokens of every setup cost."""
    from django.contrib.auth.models import User

    from drafting.models import Setup
    from review.reports import prices

    for setup in Setup.objects.filter(drafts__isnull=False).distinct():
        by = User.objects.filter(groups__name="manager").earliest("pk")
        prices.save(setup=setup, per_million_prompt=READ, per_million_completion=WRITTEN, currency=CURRENCY, by=by)


def counted(since: date = date.min) -> Mails:
    """What is counted of each mail of the installation that came in `since` a day, from the raw rows."""
    from django.conf import settings

    from tests.review.reports import plain

    found = [{"fared": 0, **of} for _, of in plain.outcomes(settings.TIME_ZONE)]
    for of in found:
        of["fared"] = sum(of[name] for name in ("approved", "edited", "rejected", "taken_over"))
        of["tokens"] = of["prompt_tokens"] + of["completion_tokens"]
        of["answered"] = sum(of.get(name, 0) for name in WAYS.values())
        of["drafted"] = sum(of.get(name, 0) for name in DRAFTED)
    return [of for of in found if of["day"] >= since]


def period(mails: Mails) -> str:
    """The end of an address that asks for all of their days."""
    return f"?period=days&first={min(of['day'] for of in mails)}&last={date.today()}"


def differing(run: smoke.Run, mails: Mails) -> list[str]:
    """Every number that the pages and the file say otherwise than it is counted."""
    asked = period(mails)
    page, behind, reasons = (smoke.fetch(run, f"reports/{path}{asked}") for path in ("", "numbers/", "reasons/"))
    file = smoke.post(run, "reports/download/", {"file": "figures", **_values(asked)}, form_on=f"reports/{asked}")
    told = (_cards(page, mails), _ways(page, mails), _waiting(page), _categories(page, mails))
    return [words for part in (*told, _steps(behind, mails), _reasons(reasons, mails), _file(file, mails)) for words in part]


def card(page: str, key: str) -> str:
    """What a card says."""
    found = re.search(rf'id="figure-{key}">.*?</details>(.*?)</li>', page, re.S)
    assert found, key
    return text(found[1])


def text(html: str) -> str:
    """HTML as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").split())


def follow(run: smoke.Run, mails: Mails) -> None:
    """From each card to its mails, as many as are counted, and on to the first of them."""
    page = smoke.fetch(run, f"reports/{period(mails)}")
    counts = {key: name for key, (name, _) in SUMS.items()} | {key: known for key, (known, _) in TIMES.items()}
    for key, name in {**counts, "cost": "tokens", "saved": "drafted"}.items():
        expected = sum(of.get(name, 0) > 0 for of in mails)
        found = re.search(rf'id="figure-{key}">.*?<p class="figure-value">(?:<a href="/([^"]+)")?', page, re.S)
        assert found and bool(found[1]) == bool(expected), key
        if expected:
            rows = re.findall(r'<tr><td><a href="/(conversations/\d+/)"', smoke.fetch(run, unescape(found[1])))
            assert len(rows) == min(expected, 50), (key, len(rows), expected)
            assert smoke.fetch(run, rows[0]), key


def _values(asked: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in asked.removeprefix("?").split("&"))


def _sum(mails: Mails, name: str) -> int:
    return sum(int(of.get(name, 0)) for of in mails)


def _told(key: str, mails: Mails) -> str:
    """How a share or a number is written, without its percentage."""
    counts, of = SUMS[key]
    if not of:
        return f"{_sum(mails, counts):,}"
    return f"{_sum(mails, counts):,} of {_sum(mails, of):,}" if _sum(mails, of) else "–"


def _cards(page: str, mails: Mails) -> Iterator[str]:
    from review.desk import words
    from review.desk.reports import numbers

    assert set(re.findall(r'id="figure-(\w+)"', page)) == {*SUMS, *TIMES, "cost", "saved"}
    for key, (_, of) in SUMS.items():
        expected, told = _told(key, mails), card(page, key)
        if not (f" {expected} " in f" {told} " if of and expected != "–" else told.split()[0] == expected):
            yield f"{key}: {told!r}, not {expected!r}"
    for key, (known, seconds) in TIMES.items():
        if not card(page, key).startswith(expected := _times([of[seconds] for of in mails if of[known]])):
            yield f"{key}: {card(page, key)!r}, not {expected!r}"
    amount = (_sum(mails, "prompt_tokens") * READ + _sum(mails, "completion_tokens") * WRITTEN) / 1_000_000
    replies, deciding = _sum(mails, "drafted"), _sum(mails, "review_seconds")
    by_hand = f"{words.count(replies, 'reply', 'replies')} at {MINUTES} min by hand"
    saved = f"{numbers.hours(replies * MINUTES * 60 - deciding)} {by_hand}, less {numbers.hours(deciding)}"
    for key, begins in (("cost", numbers.money(amount, CURRENCY)), ("saved", saved)):
        if not card(page, key).startswith(begins.replace("\u00a0", " ")):
            yield f"{key}: {card(page, key)!r}, not {begins!r}"


def _times(seconds: list[int]) -> str:
    """The smallest of which half and nine of ten are no longer, each rounded up to its bucket as the page says."""
    from review.desk.reports import numbers
    from review.reports.durations import bucket

    if not seconds:
        return "–"
    median, p90 = (numbers.duration(int(bucket(sorted(seconds)[ceil(q * len(seconds)) - 1]))) for q in (0.5, 0.9))
    return f"{median} median of {len(seconds)} nine in ten within {p90}".replace("\u00a0", " ")


def _ways(page: str, mails: Mails) -> Iterator[str]:
    told: dict[str, str] = dict(re.findall(r'<a href="[^"]+" title="[^"]*">([^<]+)</a> <b>([\d,]+)</b>', page))
    expected = {name: f"{_sum(mails, way):,}" for name, way in WAYS.items()}
    if told != expected:
        yield f"ways: {told}, not {expected}"


def _waiting(page: str) -> Iterator[str]:
    from drafting.models import Draft

    states = {"Drafts": ["ready"], "Handed over": ["handed_over"], "Being drafted": ["queued", "writing"]}
    for head, among in states.items():
        told = sum(int(text(cell)) for cell in re.findall(rf'<td data-label="{head}">(.*?)</td>', page))
        if told != (expected := Draft.objects.filter(state__in=among).count()):
            yield f"waiting, {head}: {told}, not {expected}"


def _categories(page: str, mails: Mails) -> Iterator[str]:
    from drafting.models import Category
    from review.desk.reports.page import MOST_CATEGORIES

    names: dict[int | None, str] = {category.pk: category.name for category in Category.objects.all()} | {None: "Without category"}
    of_category = {name: [of for of in mails if names[of["category"]] == name] for name in {names[of["category"]] for of in mails}}
    rows = re.findall(r'<tr><th scope="row" dir="auto">(.*?)</tr>', page, re.S)
    if len(rows) != min(len(of_category), MOST_CATEGORIES):
        yield f"categories: {len(rows)} of {len(of_category)}"
    for row in rows:
        name = text(row.partition("</a>")[0])
        cells = {head: text(cell) for head, cell in re.findall(r'<td data-label="([^"]+)">(.*?)</td>', row, re.S)}
        own = of_category[name]
        expected = {"Mails": f"{len(own):,}", **{head: _told(key, own) for head, key in IN_A_ROW.items()}}
        wrong = {head: cells[head] for head, said in expected.items() if not f" {cells[head]}".endswith(f" {said}")}
        if wrong:
            yield f"{name}: {wrong}, not {expected}"


def _steps(page: str, mails: Mails) -> Iterator[str]:
    """Each number behind the chart, by its column and its day."""
    columns = ("inbound", *WAYS.values(), "answered")
    found = re.findall(r'<button form="(\d)" name="step" value="([\d-]+)">(\d+)</button>', page)
    told = {(columns[int(form) - 1], day): int(count) for form, day, count in found}
    expected = Counter({(name, str(of["day"])): 0 for name in columns for of in mails})
    for of in mails:
        expected.update({(name, str(of["day"])): int(of.get(name, 0)) for name in columns})
    if told != +expected:
        yield f"behind the chart: {told}, not {+expected}"


def _reasons(page: str, mails: Mails) -> Iterator[str]:
    found = re.findall(r'href="[^"]*[?;](hand_over|edit|check)=([^"&]+)">[^<]*</a></th><td class="number">([\d,]+)', page)
    told = {(kind, key): int(count.replace(",", "")) for kind, key, count in found}
    hours = {("hour", hour): int(count) for hour, count in re.findall(r'name="hour" value="(\d+)">(\d+)<', page)}
    expected: Counter[tuple[str, str]] = Counter()
    for of in mails:
        expected.update([("edit", key) for key in of["edit_reasons"]] + [("check", key) for key in of["failed_checks"]])
        expected.update([("hour", str(of["hour"]))] + ([("hand_over", of["hand_over_reason"])] if of["handed_over"] else []))
    if told | hours != dict(expected):
        yield f"reasons and hours: {told | hours}, not {dict(expected)}"


def _file(file: str, mails: Mails) -> Iterator[str]:
    rows = {cells[1]: cells for cells in csv.reader(file.splitlines())}
    for key, (counts, of) in SUMS.items():
        expected = [str(_sum(mails, counts)), str(_sum(mails, of)) if of else ""]
        if rows[key][3:5] != expected:
            yield f"{key} in the file: {rows[key][3:5]}, not {expected}"
