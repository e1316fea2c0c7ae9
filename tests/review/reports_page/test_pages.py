"""The pages of the report: who sees what, what they cost, what they say of nothing and of nonsense, and what can be changed there."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting import versions
from drafting.models import Guidance, Rule, SetupActivation, Version
from inbox.models import Message
from review import permissions, team
from review.autosend import switch
from review.models import MEASURES, Assumption, Decision, LogEntry, Outcome, Spread, TokenPrice, Touched
from tests.drafting.factories import make_category, make_mailbox, make_message, make_setup
from tests.review.factories import make_person, ready_draft
from tests.review.proofs import make_attempt
from tests.review.reports.tallies import make_spread, make_tally
from tests.review.reports_page.test_by_hand import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]
MOST_QUERIES, MOST_BYTES = 12, 60_000
IN_IT = date(2026, 3, 10)
GIVEN_UP = {"state": "handed_over", "hand_over_reason": "sensitive", "is_eligible": False, "body": ""}
ALL: dict[str, Any] = {
    "inbound": 10,
    "needed": 9,
    "offered": 8,
    "drafts": 8,
    "approved": 5,
    "edited": 1,
    "auto_sent": 1,
    "automated": 1,
    "by_approval": 5,
    "by_edit": 1,
    "by_rewrite": 1,
    "by_hand": 1,
    "audited": 4,
    "unsafe": 1,
}


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return words(answer.content.decode())


def outcome(on: date = IN_IT, **about: Any) -> Outcome:
    """A mail of which something became, with the sums of that day."""
    message = make_message(received_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC), **about.pop("message", {}))
    values = {"conversation": message.conversation, "mailbox": message.mailbox, "received_at": message.received_at}
    made = Outcome.objects.create(message=message, day=on, hour_of_week=on.weekday() * 24 + 9, inbound=1, **values, **about)
    counted: dict[str, Any] = {name: value for name, value in about.items() if name in MEASURES}
    make_tally(on, mailbox=message.mailbox, category=about.get("category"), inbound=1, **counted)
    return made


def test_without_mail_the_pages_say_so_and_what_to_do(browser: Client) -> None:
    page = text(browser.get("/reports/"))
    assert "No mail in this period" in page
    assert "Coverage" not in page
    assert "No mail in this period" in text(browser.get("/reports/reasons/"))
    assert "No decision in this period" in text(browser.get("/reports/load/"))
    assert "No such mail" in text(browser.get("/reports/mails/?figure=coverage"))


def test_what_waits_is_told_even_where_no_mail_came_in(browser: Client) -> None:
    ready_draft()
    assert "What is waiting now" in text(browser.get("/reports/"))


def test_nonsense_in_the_address_is_named_and_the_rest_holds(browser: Client) -> None:
    box = make_mailbox(name="Service")
    make_tally(IN_IT, mailbox=box, inbound=3)
    make_tally(IN_IT, mailbox=make_mailbox(name="Other"), inbound=40)
    answer = browser.get(f"/reports/?period=days&first=yesterday&mailbox={box.pk}&category=77777777")
    page = text(answer)
    assert "“yesterday” is no day: write it as 2026-01-31." in page
    assert "There is no category “77777777” that you may see" in page
    assert answer.context["page"].groups[0].cards[0].value == "3"
    assert text(browser.get("/reports/mails/?figure=magic&step=tomorrow&before=x&id=-1")).count("here") >= 2


@pytest.mark.parametrize("role", ["manager", "admin"])
@pytest.mark.parametrize("days", [30, 62])
def test_a_full_page_stays_small(role: str, days: int, django_assert_max_num_queries: Any) -> None:
    box = make_mailbox(name="Service")
    kinds = [make_category(f"kind-of-mail-{number}") for number in range(20)]
    last = date(2026, 3, 14)
    for number in range(days):
        on = last - timedelta(days=number)
        many: dict[str, Any] = {name: 100 * value for name, value in ALL.items()}
        make_tally(on, mailbox=box, category=kinds[number % 20], **many)
    for hour in range(168):
        make_spread(IN_IT, Spread.Kind.HOUR, str(hour), 900 + hour, mailbox=box)
    for _ in range(9):
        versions.keep(thing=Rule.objects.create(name=f"Rule {Rule.objects.count()}", expression="1 > 2", effect="needs_person"), by=None)
        ready_draft()
    client = Client()
    client.force_login(make_person(role))
    first = last - timedelta(days=days - 1)
    query = f"?period=days&first={first}&last={last}&mailbox={box.pk}"
    client.get("/reports/")
    for path in ("", "numbers/", "reasons/", "load/", "mails/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = client.get(f"/reports/{path}{query}")
        assert answer.status_code == 200
        assert len(answer.content) <= MOST_BYTES, path


def test_who_is_limited_to_a_mailbox_is_told_of_nothing_else_that_waits_or_was_decided() -> None:
    mine, other, ana = ready_draft(), ready_draft(), make_person("reviewer", "ana")
    decided = [Decision.objects.create(draft=ready_draft(state="decided"), kind="no_reply", by=ana) for _ in range(2)]
    limited = make_person("manager")
    allowed = [mine.conversation.mailbox, decided[0].draft.conversation.mailbox]
    team.give(person=limited, roles=[permissions.Role.MANAGER], mailboxes=allowed)
    client = Client()
    client.force_login(limited)
    for query, expected in (("waiting=drafts", mine), ("decided=all", decided[0].draft)):
        for further in ("", f"&mailbox={other.conversation.mailbox_id}"):
            rows = client.get(f"/reports/mails/?{query}{further}").context["listing"].rows
            assert [row.url for row in rows] == [f"/conversations/{expected.conversation_id}/"]


def test_who_is_limited_to_a_mailbox_sees_only_its_mails() -> None:
    mine, other = outcome(needed=1), outcome(needed=1, message={"subject": "Secret"})
    limited = make_person("manager")
    team.give(person=limited, roles=[permissions.Role.MANAGER], mailboxes=[mine.mailbox])
    client = Client()
    client.force_login(limited)
    assert client.get("/reports/").context["page"].groups[0].cards[0].value == "1"
    for query in ("", f"?mailbox={other.mailbox_id}"):
        listing = client.get(f"/reports/mails/{query}").context["listing"]
        assert [row.url for row in listing.rows] == [f"/conversations/{mine.conversation_id}/"]
    lines = b"".join(client.post("/reports/download/", {"file": "conversations"}).streaming_content)  # type: ignore[attr-defined]
    assert lines.count(b"\n") == 2


def test_who_reviews_does_not_see_how_far_the_proof_is(browser: Client) -> None:
    """They are managers too; what stands against a draft they would know too well."""
    attempt = make_attempt("ready", n=4)
    make_tally(IN_IT, mailbox=make_mailbox(), **ALL)
    both = make_person("reviewer")
    both.groups.add(Group.objects.get(name="manager"))
    client = Client()
    client.force_login(both)
    page = text(client.get("/reports/"))
    assert "Audited error rate" not in page
    assert f"{attempt.category}: Ready to unlock" not in page
    assert "There is no such figure for you" in text(client.get("/reports/mails/?figure=error"))
    lines = b"".join(client.post("/reports/download/", {"file": "figures"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "coverage" in lines
    assert "Audited error rate" not in lines
    page = text(browser.get("/reports/"))
    assert "Audited error rate" in page
    assert f"{attempt.category}: Ready to unlock" in page


def test_changes_of_setup_rule_and_state_stand_on_the_time_axis(browser: Client) -> None:
    make_tally(IN_IT, mailbox=make_mailbox(), **ALL)
    dana, other = make_person("admin", "dana", first_name="Dana"), make_category("stock")
    setup = make_setup()
    activation = SetupActivation.objects.create(setup=setup, by=dana, category=make_category("return"))
    SetupActivation.objects.filter(pk=activation.pk).update(at=datetime(2026, 3, 3, 9, tzinfo=UTC))
    rule = Rule.objects.create(name="Large orders", expression="1 > 2", effect="needs_person")
    versions.keep(thing=rule, by=dana)
    answer = browser.get("/reports/")
    told = [(change.words, change.url) for mark in answer.context["page"].left.marks for change in mark.changes]
    assert told == [
        (f"Switched to Setup {setup.pk} for Return, by Dana", "/audit-log/?kind=setups&since=2026-03-03&until=2026-03-03"),
        ("Rule “Large orders” added, by Dana", "/audit-log/?kind=rules&since=2026-03-14&until=2026-03-14"),
    ]
    page = answer.content.decode()
    assert page.count('href="#change-1"') == 2
    assert 'id="change-1"' in page
    admin = Client()
    admin.force_login(dana)
    (first, second) = [change.url for mark in admin.get("/reports/").context["page"].left.marks for change in mark.changes]
    assert first == f"/setup/{setup.pk}/"
    assert second == f"/versions/rule/{Version.objects.get(kind='rule').of}/"
    assert admin.get(second).status_code == 200
    only_stock = admin.get(f"/reports/?category={other.pk}").context["page"]
    assert only_stock.left is None


def test_when_auto_send_was_stopped_and_guidance_changed_stands_on_the_time_axis(browser: Client) -> None:
    make_tally(IN_IT, mailbox=make_mailbox(), **ALL)
    dana = make_person("admin", "dana", first_name="Dana")
    switch.stop_all(by=dana)
    switch.allow_again(by=dana, words="It was right.")
    versions.keep(thing=Guidance.objects.create(title="Greetings", text="Say hello."), by=dana)
    told = {change.words: change.url for mark in browser.get("/reports/").context["page"].left.marks for change in mark.changes}
    assert told == {
        "All auto-send stopped, by Dana": "/audit-log/?kind=automation&since=2026-03-14&until=2026-03-14",
        "Auto-send allowed again, by Dana": "/audit-log/?kind=automation&since=2026-03-14&until=2026-03-14",
        "Guidance “Greetings” added, by Dana": "/audit-log/?kind=knowledge&since=2026-03-14&until=2026-03-14",
    }


@pytest.mark.parametrize("address", ["/reports/reasons/", "/reports/mails/?figure=needed"])
def test_pages_of_what_is_counted_say_what_is_not_counted_yet(address: str, browser: Client) -> None:
    make_tally(IN_IT, mailbox=make_mailbox(), **ALL)
    assert "Not counted yet" not in text(browser.get(address))
    Touched.objects.create(conversation_id=7, at=timezone.now() - timedelta(minutes=5))
    assert "Not counted yet: 1 conversation in which something changed." in text(browser.get(address))


@pytest.mark.parametrize("file", ["figures", "steps", "reasons", "categories", "conversations"])
def test_files_say_what_is_not_counted_yet(file: str, browser: Client) -> None:
    def rows() -> list[list[str]]:
        answer: Any = browser.post("/reports/download/", {"file": file})
        return list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))

    assert "Not counted yet" not in str(rows())
    Touched.objects.create(conversation_id=7, at=timezone.now() - timedelta(minutes=5))
    assert "Not counted yet: 1 conversation in which something changed." in str(found := rows())
    assert {len(cells) for cells in found} == {len(found[0])}


def test_what_columns_and_bands_mean_is_said_where_they_stand(browser: Client) -> None:
    make_tally(IN_IT, mailbox=make_mailbox(), **ALL)
    page = browser.get("/reports/").content.decode()
    for key in ("coverage", "automation", "approval", "error"):
        assert f'<a href="#figure-{key}">' in page and f'id="figure-{key}"' in page
    assert 'title="Left by themselves, or queued to; bounced ones too."' in page


def test_the_load_of_a_long_period_is_that_of_its_last_days_and_leads_to_those(browser: Client) -> None:
    who = make_person("reviewer", "ana")
    for on in (date(2025, 12, 12), date(2025, 12, 13), IN_IT):
        made = Decision.objects.create(draft=ready_draft(state="decided"), kind="approved", by=who)
        Decision.objects.filter(pk=made.pk).update(decided_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC))
    page = browser.get("/reports/load/?period=days&first=2025-01-01&last=2026-03-14").context["page"]
    assert (page.days, page.total.decisions) == ("13 December 2025 to 14 March 2026", "2")
    assert page.shortened.startswith("The last 92 days of the period")
    assert browser.get(page.total.url).context["listing"].total == "2"
    assert not browser.get("/reports/load/").context["page"].shortened


def test_reasons_say_what_they_count(browser: Client) -> None:
    make_spread(IN_IT, Spread.Kind.FAILED_CHECK, "grounding", 2, mailbox=make_mailbox())
    make_spread(IN_IT, Spread.Kind.HOUR, "9", 2, mailbox=make_mailbox())
    assert "What the first draft failed that was offered for a mail" in text(browser.get("/reports/reasons/"))
    assert "What the first draft failed" in text(browser.get("/reports/mails/?check=grounding"))


def test_a_long_list_is_paged_each_mail_once_newest_first(browser: Client) -> None:
    made = [outcome(IN_IT - timedelta(days=number % 20), needed=1) for number in range(120)]
    outcome(needed=0)
    url, seen = "/reports/mails/?figure=needed", []
    while url:
        listing = browser.get(url).context["listing"]
        seen += [row.url for row in listing.rows]
        url = listing.older_url
    expected = sorted(made, key=lambda one: (one.day, one.message_id), reverse=True)
    assert seen == [f"/conversations/{one.conversation_id}/" for one in expected]
    assert listing.total == "120"


def test_a_share_leads_to_what_is_counted_to_all_of_it_and_to_the_rest(browser: Client) -> None:
    counted, rest = outcome(needed=1, offered=1), outcome(needed=1, handed_over=1, hand_over_reason="sensitive")
    outcome(no_reply=1)

    def found(part: str) -> set[str]:
        return {row.url for row in browser.get(f"/reports/mails/?figure=coverage&part={part}").context["listing"].rows}

    one, other = (f"/conversations/{each.conversation_id}/" for each in (counted, rest))
    assert (found(""), found("of"), found("rest")) == ({one}, {one, other}, {other})


@pytest.mark.parametrize(
    ("query", "about", "kind"),
    [
        ("edit=tone", {"edit_reasons": ["tone"]}, Spread.Kind.EDIT_REASON),
        ("check=grounding", {"failed_checks": ["links", "grounding"]}, Spread.Kind.FAILED_CHECK),
        ("hand_over=sensitive", {"hand_over_reason": "sensitive"}, Spread.Kind.HAND_OVER),
        ("hour=33", {}, Spread.Kind.HOUR),
    ],
)
def test_a_reason_and_an_hour_lead_to_their_mails(query: str, about: dict[str, Any], kind: Spread.Kind, browser: Client) -> None:
    wanted = outcome(**about)
    outcome(IN_IT - timedelta(days=1))
    make_spread(IN_IT, kind, query.split("=")[1], 1, mailbox=wanted.mailbox)
    listing = browser.get(f"/reports/mails/?{query}").context["listing"]
    assert [row.url for row in listing.rows] == [f"/conversations/{wanted.conversation_id}/"]


def test_a_step_of_the_chart_leads_to_its_mails_alone(browser: Client) -> None:
    outcome(date(2026, 3, 8))
    inside = outcome(date(2026, 3, 9))
    outcome(date(2026, 3, 16))
    listing = browser.get("/reports/mails/?period=90&step=2026-03-11").context["listing"]
    assert [row.url for row in listing.rows] == [f"/conversations/{inside.conversation_id}/"]
    assert listing.days == "9 March 2026 to 14 March 2026"


def test_a_long_list_of_durations_is_paged_each_mail_once_longest_first(browser: Client) -> None:
    made = [outcome(IN_IT - timedelta(days=n % 9), responded=1, first_response_seconds=60 * (n % 40)) for n in range(120)]
    for one in made:
        make_spread(one.day, Spread.Kind.FIRST_RESPONSE, "60", 1, mailbox=one.mailbox)
    outcome(IN_IT)
    url, seen = "/reports/mails/?figure=first_resp", []
    while url:
        listing = browser.get(url).context["listing"]
        seen += [row.url for row in listing.rows]
        url = listing.older_url
    expected = sorted(made, key=lambda one: (one.first_response_seconds or 0, one.message_id), reverse=True)
    assert seen == [f"/conversations/{one.conversation_id}/" for one in expected]
    assert listing.total == "120"


@pytest.mark.parametrize(
    ("figure", "index"),
    [("first_resp", "outcome_slow_response"), ("resolution", "outcome_slow_resolution"), ("review", "outcome_slow_review")],
)
def test_the_longest_are_found_along_an_index(figure: str, index: str, browser: Client) -> None:
    """Of few rows PostgreSQL takes it only where it may neither sort nor read all of them."""
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"/reports/mails/?figure={figure}")
    (query,) = [each["sql"] for each in asked if 'FROM "review_outcome"' in each["sql"] and "seconds" in each["sql"].split("ORDER BY")[-1]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {query}")
        assert index in str(cursor.fetchall())


@pytest.mark.parametrize("query", ["figure=first_resp&before=long&id=x", "waiting=drafts&before=soon", "decided=all&before=soon&by=x"])
def test_a_place_in_a_list_that_makes_no_sense_is_its_beginning(query: str, browser: Client) -> None:
    ready_draft()
    outcome(responded=1, first_response_seconds=60)
    assert browser.get(f"/reports/mails/?{query}").status_code == 200


@pytest.mark.parametrize(("what", "about"), [("drafts", {}), ("hand_overs", GIVEN_UP)])
def test_what_waits_is_listed_the_oldest_first_page_by_page(what: str, about: dict[str, Any], browser: Client) -> None:
    made = [ready_draft(**about) for _ in range(53)]
    for place, draft in enumerate(made):
        Message.objects.filter(pk=draft.message_id).update(received_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=place // 2))
    url, seen = f"/reports/mails/?waiting={what}", []
    while url:
        listing = browser.get(url).context["listing"]
        seen += [row.url for row in listing.rows]
        url = listing.older_url
    assert seen == [f"/conversations/{draft.conversation_id}/" for draft in made]
    assert listing.total == "53"


def test_decisions_are_listed_the_newest_first_page_by_page(browser: Client, mia: User) -> None:
    ana = make_person("reviewer", "ana")
    made = [Decision.objects.create(draft=ready_draft(), kind="no_reply", by=ana, seconds_open=4) for _ in range(53)]
    url, seen = "/reports/mails/?decided=no_reply", []
    while url:
        listing = browser.get(url).context["listing"]
        seen += [row.url for row in listing.rows]
        url = listing.older_url
    assert seen == [f"/conversations/{one.draft.conversation_id}/" for one in made[::-1]]
    assert browser.get(f"/reports/mails/?decided=all&by={mia.pk}").context["listing"].total == "0"


def test_minutes_by_hand_are_changed_by_managers_and_told_in_the_audit_log(browser: Client, mia: User) -> None:
    assert browser.post("/reports/assumptions/minutes/", {"minutes": "7.5"}).status_code == 302
    found = Assumption.objects.get()
    assert (found.minutes_by_hand, found.by) == (7.5, mia)
    assert LogEntry.objects.get(act="report.assumption_saved").about == "7.5 minutes by hand"
    assert "7.5 minutes , says Mia Falk" in text(browser.get("/reports/assumptions/"))


@pytest.mark.parametrize("minutes", ["", "0", "-3", "241", "nan", "six"])
def test_minutes_that_make_no_sense_are_refused_in_words_and_what_was_typed_stays(minutes: str, browser: Client) -> None:
    answer = browser.post("/reports/assumptions/minutes/", {"minutes": minutes})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert f'value="{minutes}"' in answer.content.decode() or not minutes
    assert not Assumption.objects.exists()


def test_a_price_is_kept_for_a_setup(browser: Client) -> None:
    setup = make_setup()
    SetupActivation.objects.create(setup=setup)
    typed = {"setup": setup.pk, "per_million_prompt": "0.25", "per_million_completion": "1.1", "currency": "chf"}
    assert browser.post("/reports/assumptions/prices/", typed).status_code == 302
    price = TokenPrice.objects.get()
    assert (price.per_million_prompt, price.per_million_completion, price.currency) == (Decimal("0.25"), Decimal("1.1"), "CHF")
    page = text(browser.get("/reports/assumptions/"))
    assert "0.2500 CHF 1.10 CHF Mia Falk" in page
    for wrong in ({"setup": 0}, {"per_million_prompt": "-1"}, {"per_million_completion": ""}, {"currency": "Euro"}):
        assert browser.post("/reports/assumptions/prices/", typed | wrong).status_code == 422
    assert TokenPrice.objects.count() == 1


def test_a_download_is_told_in_the_audit_log_and_nonsense_is_refused(browser: Client) -> None:
    answer = browser.post("/reports/download/", {"file": "figures", "period": "7"})
    assert answer["Content-Disposition"] == 'attachment; filename="report-figures-2026-03-08-2026-03-14.csv"'
    entry = LogEntry.objects.get(act="report.downloaded")
    assert (entry.about, entry.words) == ("all figures", "8 March 2026 to 14 March 2026. All mails.")
    assert browser.post("/reports/download/", {"file": "passwords"}).status_code == 400
    refused = browser.post("/reports/download/", {"file": "figures", "mailbox": "5555555"})
    assert refused.status_code == 400
    assert "There is no mailbox" in refused.content.decode()


def test_names_in_files_cannot_become_formulas(browser: Client) -> None:
    formula = make_category("formula", name="=HYPERLINK(1)")
    outcome(category=formula, needed=1)
    for file in ("categories", "conversations"):
        lines = b"".join(browser.post("/reports/download/", {"file": file}).streaming_content).decode()  # type: ignore[attr-defined]
        assert "'=HYPERLINK(1)" in lines
        assert ",=" not in lines


@pytest.mark.parametrize("hour", ["00001680", "168", "0168", "x"])
def test_an_hour_that_no_week_has_is_named(browser: Client, hour: str) -> None:
    assert "There are the hours 0 to 167 in a week" in text(browser.get(f"/reports/mails/?hour={hour}"))


def test_what_is_not_counted_is_counted_by_itself(browser: Client) -> None:
    for on in (date(2026, 3, 9), IN_IT):
        outcome(on, needed=1, offered=1)
    missed = outcome(IN_IT, needed=1)
    listing = browser.get("/reports/mails/?figure=coverage&part=rest").context["listing"]
    assert listing.total == "1"
    assert [row.url for row in listing.rows] == [f"/conversations/{missed.conversation_id}/"]


def test_days_on_which_all_is_counted_are_not_read_for_what_is_not(browser: Client) -> None:
    outcome(needed=1, offered=1)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/reports/mails/?figure=coverage&part=rest").context["listing"].total == "0"
    assert not [query for query in asked if 'FROM "review_outcome"' in query["sql"]]


def test_who_reviews_is_not_told_which_draft_was_found_unsafe(browser: Client) -> None:
    outcome(needed=1, audited=1, unsafe=1)
    both = make_person("reviewer")
    both.groups.add(Group.objects.get(name="manager"))
    client = Client()
    client.force_login(both)
    assert "found unsafe" not in text(client.get("/reports/mails/"))
    assert "found unsafe" in text(browser.get("/reports/mails/"))


def test_the_automation_rate_is_not_compared_while_its_last_days_are_open(browser: Client) -> None:
    make_tally(IN_IT, mailbox=make_mailbox(), needed=8, automated=6)
    make_tally(date(2026, 2, 10), mailbox=make_mailbox(), needed=8, automated=2)
    make_tally(date(2026, 2, 21), mailbox=make_mailbox(), needed=8, automated=2)
    make_tally(date(2026, 3, 3), mailbox=make_mailbox(), needed=8, automated=2)

    def card(query: str) -> Any:
        cards = browser.get(f"/reports/{query}").context["page"].groups[0].cards
        return next(card for card in cards if card.key == "automation")

    open_one = card("")
    assert (open_one.change, open_one.tone) == ("not comparable yet: the last 7 days are still open", "quiet")
    assert card("?first=2026-03-01&last=2026-03-07").change == "nothing to compare with before"
    assert card("?first=2026-03-01&last=2026-03-08").change == "not comparable yet: the last 7 days are still open"
