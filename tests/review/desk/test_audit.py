"""The audit log as people read it, and as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Message, OutgoingMail
from review import audit_log, decisions
from review.models import Decision, LogEntry, Profile
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia() -> User:
    """A manager."""
    return make_person("manager", "mia", first_name="Mia", last_name="Lund")


@pytest.fixture
def reading(mia: User) -> Client:
    """Mia's browser."""
    client = Client()
    client.force_login(mia)
    return client


def log(by: User | None, at: datetime | None = None, **about: Any) -> LogEntry:
    """An entry, of another time if one is given."""
    entry = audit_log.record(by=by, **({"act": "rule.saved"} | about))
    if at:
        with audit_log.erasing():
            LogEntry.objects.filter(pk=entry.pk).update(at=at)
    return entry


def mail(subject: str) -> Message:
    """A mail in a conversation of the same subject."""
    return make_message(subject=subject, from_address="ann@buyer.example", conversation=make_conversation(subject=subject))


def shown(client: Client, query: str = "") -> list[str]:
    """The sentences of the page."""
    rows = client.get(f"/audit-log/{query}").context["listing"].rows
    return [" ".join(filter(None, ("".join(piece.text for piece in row.sentence), row.more))) for row in rows]


def test_acts_decisions_and_mails_are_sentences_in_one_list(reading: Client, ana: User) -> None:
    log(ana, about="Pallets", words="Version 3.")
    decisions.approve(draft=ready_draft(message=mail("Where is it?")), by=ana)
    assert sorted(shown(reading)) == [
        "A mail by Ana Sol: Re: Where is it? To ann@buyer.example. Held (can be undone).",
        "Ana Sol approved the draft in Where is it?",
        "Ana Sol saved the rule Pallets Version 3.",
    ]


def test_a_decision_that_was_taken_back_says_so(reading: Client, ana: User) -> None:
    decision = decisions.no_reply(draft=ready_draft(message=mail("Thanks")), by=ana)
    decisions.undo(decision=decision, by=ana)
    assert "Ana Sol decided that Thanks needs no reply Taken back later." in shown(reading)


def test_what_the_product_did_is_told_too(reading: Client) -> None:
    log(None, act="person.sign_in_failed", about="ana", words="The password was wrong.")
    assert shown(reading) == ["Somebody tried to sign in as ana and failed The password was wrong."]


def test_the_filters_leave_what_they_say(reading: Client, ana: User, ben: User) -> None:
    log(ana, about="Pallets")
    log(ben, about="Lorries", at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    log(ben, act="person.roles_changed", about="ana")
    pallets, lorries, roles = "Ana Sol saved the rule Pallets", "Ben Orr saved the rule Lorries", "Ben Orr changed the roles of ana"
    assert shown(reading, f"?person={ben.pk}") == [roles, lorries]
    assert shown(reading, "?kind=rules") == [pallets, lorries]
    assert shown(reading, "?since=2026-03-01&until=2026-03-01") == [lorries]
    assert shown(reading, "?q=pall") == [pallets]
    assert shown(reading, f"?kind=rules&person={ben.pk}&q=LORRIES") == [lorries]
    assert shown(reading, "?kind=decisions") == []


def test_mails_are_found_by_recipient_and_decisions_by_their_reason(reading: Client, ana: User) -> None:
    make_outgoing(by=ana, message=mail("Bolts"))
    Decision.objects.create(draft=ready_draft(), by=ana, kind="rejected", reason="The price is wrong.")
    assert len(shown(reading, "?q=ann@buyer.example")) == 1
    assert len(shown(reading, "?q=price+wrong")) == 1
    assert shown(reading, "?q=o'clock+%26+%7C+%5C") == []


@pytest.mark.parametrize(
    "query", ["person=x", "kind=tea", "since=yesterday", "until=9999-12-31", "since=0001-01-01", "before=now&id=1", "q=%00"]
)
def test_a_filter_that_makes_no_sense_is_none(query: str, reading: Client, ana: User) -> None:
    log(ana, about="Pallets")
    assert len(shown(reading, f"?{query}")) == 1


def test_a_day_is_one_in_the_zone_of_the_reader(reading: Client, mia: User, ana: User) -> None:
    Profile.objects.create(user=mia, zone="Asia/Tokyo")
    log(ana, about="Early", at=datetime(2026, 3, 1, 16, 0, tzinfo=UTC))
    assert shown(reading, "?since=2026-03-02&until=2026-03-02") == ["Ana Sol saved the rule Early"]
    assert shown(reading, "?until=2026-03-01") == []
    assert "2 March 2026, 01:00:00 JST" in reading.get("/audit-log/").content.decode()


def test_pages_follow_each_other_without_a_gap_even_within_one_moment(reading: Client, ana: User) -> None:
    moment = timezone.now() - timedelta(days=1)
    for number in range(40):
        log(ana, about=f"rule-{number}", at=moment)
    for number in range(30):
        make_outgoing(by=ana, message=mail(f"mail-{number}"))
    Decision.objects.bulk_create(Decision(draft=ready_draft(), by=ana, kind="no_reply") for _ in range(10))
    OutgoingMail.objects.update(created_at=moment)
    Decision.objects.update(decided_at=moment)
    seen, url = [], "/audit-log/"
    while url:
        page = reading.get(url).context["listing"]
        seen += ["".join(piece.text for piece in row.sentence) for row in page.rows]
        url = page.older_url
    assert len(seen) == 80
    assert len(set(seen)) == 71


def test_the_page_is_small_and_asks_little(reading: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    for number in range(120):
        log(ana, about=f"A rule with a long name, number {number}", words="Version 3.")
    with django_assert_max_num_queries(12):
        page = reading.get("/audit-log/")
    assert len(page.content) <= 60_000


def test_the_file_has_everything_in_the_readers_zone_and_no_formula(reading: Client, mia: User, ana: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("review.desk.audit.EXPORTED_AT_ONCE", 2)
    Profile.objects.create(user=mia, zone="Asia/Tokyo")
    for number in range(4):
        log(ana, about=f"rule-{number}")
    log(ana, about="=SUM(A1)", words="+1", at=datetime(2026, 3, 1, 16, 0, tzinfo=UTC))
    answer = reading.post("/audit-log/download/", {"kind": "rules"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [row[5] for row in rows[1:]] == ["rule-3", "rule-2", "rule-1", "rule-0", "'=SUM(A1)"]
    assert rows[-1][:5] == ["2026-03-02T01:00:00+09:00", "Ana Sol", "ana", "rule.saved", "Ana Sol saved the rule =SUM(A1)"]
    assert rows[-1][6] == "'+1"
    assert LogEntry.objects.filter(act="audit_log.downloaded", by=mia, words="Filtered by kind rules.").exists()


def test_who_is_limited_reads_only_of_their_mailboxes(reading: Client, mia: User, ana: User) -> None:
    other, own = ready_draft(message=mail("Theirs")), ready_draft(message=mail("Mine"))
    Profile.objects.create(user=mia, is_limited=True).mailboxes.add(own.conversation.mailbox)
    for draft in (other, own):
        decisions.approve(draft=draft, by=ana)
        audit_log.record(act="conversation.handed_back", by=ana, about=draft.message.subject, conversation=draft.conversation)
    log(ana, about="Pallets")
    found = " ".join(shown(reading))
    assert found.count("Mine") == 3
    assert "Theirs" not in found
    assert "Pallets" in found


def test_every_decision_and_state_of_a_mail_has_a_sentence() -> None:
    from review.desk.audit import SENTENCES

    assert {f"decision.{kind}" for kind in Decision.Kind.values} | {
        f"outgoing.{one}" for one in OutgoingMail.State.values
    } <= SENTENCES.keys()


def test_hostile_words_are_text(reading: Client, ana: User) -> None:
    log(ana, about="<script>alert(1)</script>", words="<b>bold</b>")
    page = reading.get("/audit-log/").content.decode()
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert Draft.objects.count() == 0
