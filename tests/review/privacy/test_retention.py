"""How long what is kept: for ever, unless an admin says otherwise; never what is open."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from drafting.models import Draft, Evidence, ModelCall
from inbox.models import Conversation, Message, OutgoingMail
from review import audit_log, privacy
from review.autosend import switch
from review.models import Decision, Delivery, LogEntry, RetentionPeriod, Upload, Webhook, Writing
from review.privacy import retention
from review.privacy.retention import sweeping
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import attach, attach_upload, make_outgoing, make_person, ready_draft
from tests.review.privacy.people import ANN, BOB, SECRET, answered, is_stored, settled

pytestmark = pytest.mark.django_db
KINDS = RetentionPeriod.Kind.values


@pytest.fixture
def ada() -> User:
    """An admin."""
    return make_person("admin", "ada")


def keep(by: User, **days: int | None) -> None:
    """Say how long is kept what."""
    retention.save(days_by_kind=retention.days() | days, by=by)


def in_days(days: int) -> dict[str, int]:
    """What is taken away so many days from now."""
    return retention.apply(at=timezone.now() + timedelta(days=days))


def test_nothing_is_removed_unless_somebody_said_so() -> None:
    draft = answered()
    assert retention.days() == dict.fromkeys(KINDS)
    assert in_days(20_000) == {}
    draft.refresh_from_db()
    assert draft.body and is_stored(draft.message)


def test_a_period_is_kept_with_who_said_it_and_the_newest_counts(ada: User) -> None:
    keep(ada, mail=90, raw=30)
    keep(ada, mail=60, raw=30)
    assert (retention.days()["mail"], retention.days()["raw"]) == (60, 30)
    words = list(LogEntry.objects.filter(act="privacy.retention_saved").order_by("pk").values_list("about", "words"))
    assert words[-1] == ("Conversations", "60 days; before that 90 days.") and len(words) == 3
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        RetentionPeriod.objects.update(days=None)


def test_what_would_go_is_counted_before_and_is_what_goes(ada: User) -> None:
    answered()
    days: dict[str, int | None] = dict.fromkeys(KINDS, 30)
    at = timezone.now() + timedelta(days=31)
    assert retention.due(days, at=timezone.now()) == dict.fromkeys(KINDS, 0)
    due = {
        kind: number for kind, number in retention.due({**dict.fromkeys(KINDS), "model_calls": 30, "evidence": 30}, at=at).items() if number
    }
    keep(ada, model_calls=30, evidence=30)
    assert due == retention.apply(at=at) == {"model_calls": 1, "evidence": 1}


def test_requests_to_the_model_and_evidence_lose_their_content_and_keep_their_numbers(ada: User) -> None:
    draft = answered()
    keep(ada, model_calls=30, evidence=30)
    in_days(31)
    call, looked_up = ModelCall.objects.get(), Evidence.objects.get()
    assert (call.request, call.response, call.prompt_tokens, call.erased_for) == ({}, "", 120, "rule")
    assert (looked_up.question, looked_up.answer, looked_up.outcome, looked_up.erased_for) == ({}, None, "found", "rule")
    draft.refresh_from_db()
    assert draft.facts == {} and SECRET in draft.body
    assert in_days(31) == {}


def test_raw_mails_go_and_what_they_say_stays(ada: User) -> None:
    draft = answered()
    keep(ada, raw=30)
    assert in_days(29) == {}
    assert in_days(31) == {"raw": 2}
    message, mail = Message.objects.get(), OutgoingMail.objects.get()
    assert not is_stored(message) and message.raw_erased_at and SECRET in message.text
    assert bytes(mail.mime) == b"" and SECRET in mail.body
    draft.refresh_from_db()
    assert draft.erased_at is None


def test_with_the_attachments_goes_the_raw_mail_of_which_they_are_a_part(ada: User, django_capture_on_commit_callbacks: Any) -> None:
    draft = answered()
    plain = make_message(conversation=draft.conversation, **settled())
    path = Upload.objects.get().path
    keep(ada, attachments=30)
    with django_capture_on_commit_callbacks(execute=True):
        assert in_days(31) == {"attachments": 2}
    assert not is_stored(draft.message) and not default_storage.exists(path)
    plain.refresh_from_db()
    assert plain.raw_erased_at is None
    assert Upload.objects.get().name and in_days(31) == {}


def test_a_quiet_conversation_loses_all_that_was_said_in_it(ada: User) -> None:
    draft = answered()
    keep(ada, mail=30)
    assert in_days(29) == {}
    assert in_days(31) == {"mail": 1}
    draft.refresh_from_db()
    assert (draft.body, draft.erased_for, draft.conversation.erased_for) == ("", "rule", "rule")
    assert privacy.findings([ANN]).is_empty


@pytest.mark.parametrize("state", ["open", "snoozed"])
def test_what_is_open_is_never_touched(state: str, ada: User) -> None:
    draft = answered()
    about = {"snoozed_until": timezone.now() + timedelta(days=99)} if state == "snoozed" else {}
    Conversation.objects.update(state=state, **about)
    make_webhook = Webhook.objects.create(name="Shop", url="https://shop.example/hook", secret="x", events=["mail.sent"], by=ada)
    Delivery.objects.create(webhook=make_webhook, event="mail.sent", event_id="1", payload={})
    keep(ada, **dict.fromkeys(KINDS, 30))
    before = LogEntry.objects.exclude(conversation=None).count()
    assert in_days(400).keys() <= {"audit_log"}
    draft.refresh_from_db()
    assert draft.body and is_stored(draft.message) and Writing.objects.exists()
    assert LogEntry.objects.exclude(conversation=None).count() == before


def make_post(**about: Any) -> Conversation:
    """An open conversation with one mail, that everybody above has looked at, in each place of which something is kept for a time."""
    talk = make_conversation(state="open")
    attach(make_message(SECRET, conversation=talk, **settled() | about), paper__pdf=b"%PDF-1.7")
    attach_upload(by=make_person(), conversation=talk)
    audit_log.record(act="conversation.noted", by=None, about=SECRET, conversation=talk)
    return talk


@pytest.mark.parametrize("kind", ["list", "automatic", "own", "bounce"])
def test_an_open_conversation_without_a_mail_that_people_see_to_is_done(kind: str, ada: User) -> None:
    talk = make_post(kind=kind, bounce_is_delay=kind == "bounce")
    for one in ("audit_log", "unsent", "attachments", "mail"):
        keep(ada, **{**dict.fromkeys(KINDS), one: 30})
        at = timezone.now() + timedelta(days=31)
        due = retention.due({one: 30}, at=at)
        assert due[one] and due[one] == retention.apply(at=at)[one]
    talk.refresh_from_db()
    assert (talk.erased_for, talk.messages.get().text) == ("rule", "")


@pytest.mark.parametrize("kind", ["person", "bounce"])
def test_an_open_conversation_with_a_mail_that_people_see_to_is_never_touched(kind: str, ada: User) -> None:
    talk = make_post(kind="list")
    make_message(conversation=talk, kind=kind, **settled())
    keep(ada, raw=30, attachments=30, mail=30, unsent=30)
    assert in_days(400) == {}


def test_an_open_conversation_with_a_draft_is_never_touched(ada: User) -> None:
    talk = make_post(kind="automatic")
    ready_draft(message=talk.messages.get(), state="superseded")
    keep(ada, **dict.fromkeys(KINDS, 30))
    in_days(400)
    talk.refresh_from_db()
    assert talk.erased_at is None and ModelCall.objects.filter(erased_at=None).count() == ModelCall.objects.count()
    assert is_stored(talk.messages.get()) and LogEntry.objects.filter(conversation=talk).exists()


def test_newsletters_that_a_person_put_off_are_never_touched(ada: User) -> None:
    talk = make_post(kind="list")
    Conversation.objects.update(state="snoozed", snoozed_until=timezone.now() + timedelta(days=999))
    keep(ada, mail=30)
    assert in_days(400) == {}
    assert talk.pk


def test_a_conversation_in_which_something_is_on_its_way_waits_and_the_others_go(ada: User) -> None:
    busy, quiet = answered(), answered(BOB)
    make_outgoing(by=ada, message=busy.message, state="maybe_sent")
    keep(ada, mail=30)
    assert in_days(31) == {"mail": 1}
    busy.refresh_from_db()
    quiet.refresh_from_db()
    assert busy.body and not quiet.body


def test_a_mail_of_ours_keeps_a_conversation_alive_as_one_of_theirs_does(ada: User) -> None:
    talk = make_conversation(state="waiting", last_message_at=timezone.now() - timedelta(days=50))
    message = make_message(conversation=talk, received_at=timezone.now() - timedelta(days=50), **settled())
    make_outgoing(by=ada, message=message, state="sent")
    keep(ada, mail=30)
    assert retention.apply() == {}


def test_the_audit_log_goes_but_for_what_says_who_changed_these_rules(ada: User) -> None:
    audit_log.record(act="rule.saved", by=ada, about="Pallets")
    keep(ada, audit_log=365)
    assert in_days(366) == {"audit_log": 1}
    assert set(LogEntry.objects.values_list("act", flat=True)) == {"privacy.retention_saved", "privacy.retention_applied"}


def test_what_reports_tell_by_the_audit_log_alone_stays_without_its_words(ada: User) -> None:
    switch.stop_all(by=ada, words="A strange reply.")
    switch.allow_again(by=ada, words="It was right.")
    mail = make_outgoing(by=ada, message=make_message(conversation=make_conversation(state="closed")))
    audit_log.record(act="mail.resolved_sent", by=ada, about=str(mail), conversation=mail.conversation, mail=mail.pk)
    keep(ada, audit_log=30)
    before = list(LogEntry.objects.exclude(act__startswith="privacy.").order_by("pk").values_list("act", "at", "by", "conversation"))
    due = retention.due({"audit_log": 30}, at=timezone.now() + timedelta(days=31))
    assert due == in_days(31) == {"audit_log": len(before)} == {"audit_log": 3}
    left = LogEntry.objects.exclude(act__startswith="privacy.").order_by("pk")
    assert list(left.values_list("act", "at", "by", "conversation")) == before
    assert set(left.values_list("about", "words")) == {("(erased)", "")} and not any(left.values_list("detail", flat=True))
    assert in_days(31) == {}


def test_deliveries_go_once_they_are_over(ada: User) -> None:
    webhook = Webhook.objects.create(name="Shop", url="https://shop.example/hook", secret="x", events=["mail.sent"], by=ada)
    for state in ("delivered", "given_up", "waiting"):
        Delivery.objects.create(webhook=webhook, event="mail.sent", event_id=state, payload={}, state=state)
    keep(ada, deliveries=7)
    assert in_days(8) == {"deliveries": 2}
    assert Delivery.objects.get().state == "waiting"


def test_what_nobody_sent_goes_with_its_file(ada: User, django_capture_on_commit_callbacks: Any) -> None:
    upload = attach_upload(by=ada, conversation=None)
    Writing.objects.create(by=ada, conversation=None, text=SECRET, recipient=ANN)
    keep(ada, unsent=7)
    with django_capture_on_commit_callbacks(execute=True):
        assert in_days(8) == {"unsent": 2}
    assert not Writing.objects.exists() and not default_storage.exists(upload.path)


def test_what_was_interrupted_goes_on_where_it_stopped(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        answered()
    keep(ada, model_calls=30)
    monkeypatch.setattr(sweeping, "BATCH", 1)
    at = timezone.now() + timedelta(days=31)
    ticks = iter([0.0, 1.0, 2.0, 99.0, 99.0])
    with monkeypatch.context() as stopped:
        stopped.setattr(sweeping, "monotonic", lambda: next(ticks))
        assert retention.apply(at=at, seconds=10) == {"model_calls": 2}
    assert retention.apply(at=at) == {"model_calls": 1}


def test_the_sweep_removes_by_night_and_only_finishes_what_was_erased_by_day(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answered()
    keep(ada, model_calls=30)
    ModelCall.objects.update(at=timezone.now() - timedelta(days=40))
    for hour, left in ((14, 1), (2, 0)):
        monkeypatch.setattr(timezone, "localtime", lambda hour=hour: datetime(2026, 11, 22, hour, tzinfo=UTC))
        retention.sweep()
        assert ModelCall.objects.filter(erased_at=None).count() == left


def test_a_failed_mail_whose_bytes_are_gone_is_not_tried_again(ada: User) -> None:
    from inbox import outbox
    from inbox.errors import TooLate

    mail = make_outgoing(by=ada, message=make_message(**settled()), state="failed", mime=b"")
    with pytest.raises(TooLate):
        outbox.retry(mail=mail, by=ada)


def test_a_decision_on_what_was_erased_can_not_be_taken_back(ada: User) -> None:
    from review import decisions
    from review.errors import TooLate

    draft = answered()
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    with pytest.raises(TooLate):
        decisions.undo(decision=Decision.objects.get(), by=ada)
    assert Draft.objects.get().state == draft.state


def test_equal_files_of_another_mail_stay(ada: User) -> None:
    old = make_message(conversation=make_conversation(state="closed"), **settled())
    attach(old, paper__pdf=b"%PDF-1.7")
    new = make_message(conversation=make_conversation(state="open"), raw_sha256=old.raw_sha256, **settled())
    keep(ada, raw=30)
    in_days(31)
    assert is_stored(new) and Message.objects.get(pk=old.pk).raw_erased_at
