"""Erasing a person's data: all content goes, all counts stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from drafting.models import Draft, Replay, ReplayRun
from inbox import ingest, threads
from inbox.models import Conversation, Message, OutgoingMail
from review import audit_log, privacy
from review.desk import erased
from review.models import Decision, Erasure, LogEntry, Upload, Verdict, Writing
from review.privacy import erasing
from tests.drafting.factories import make_conversation, make_draft, make_mailbox, make_message
from tests.inbox.factories import make_mail, receive
from tests.review.factories import make_outgoing, make_person, ready_draft
from tests.review.privacy.people import ANN, BOB, SECRET, answered, is_stored, known_customer, settled

pytestmark = pytest.mark.django_db
COUNTED = ("inbox", "drafting", "review")


def erase(*addresses: str, **about: Any) -> privacy.Findings:
    return privacy.erase(addresses=addresses or (ANN,), by=about.pop("by", None), **{"dry_run": False, **about})


def said(secret: str = SECRET) -> list[str]:
    """Where a word stands in the database, in any column of ours."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label in COUNTED:
            for row in model._default_manager.all().values():
                found += [f"{model.__name__}.{name}" for name, value in row.items() if _has(value, secret)]
    return sorted(set(found))


def _has(value: Any, secret: str) -> bool:
    text = bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
    return secret.lower() in text.lower()


def numbers() -> dict[str, int]:
    """How many rows there are in each table but for what was only being written."""
    apart = {"Writing", "Erasure", "LogEntry", "IdempotencyKey", "Touched"}
    ours = [model for model in apps.get_models() if model._meta.app_label in COUNTED and model.__name__ not in apart]
    return {model.__name__: model._default_manager.count() for model in ours}


def test_every_text_of_the_person_goes_and_no_row(django_capture_on_commit_callbacks: Any) -> None:
    draft = answered()
    draft.customer = None
    before = numbers()
    assert len({place.split(".")[0] for place in said()}) > 15
    with django_capture_on_commit_callbacks(execute=True):
        erase()
    left = said()
    assert [place for place in left if not place.startswith("Customer.")] == []
    assert numbers() == before


def test_ids_states_times_and_kinds_stay() -> None:
    draft = answered()
    keep = {
        Message: ("state", "kind", "received_at", "raw_sha256", "language"),
        Draft: ("state", "is_eligible", "finished_at", "category_id", "setup_id"),
        Decision: ("kind", "edit_reason", "decided_at", "seconds_open", "by_id", "outgoing_id"),
        OutgoingMail: ("state", "sent_at", "message_id", "queued_by_id"),
        Verdict: ("reason", "unsafe", "counts", "by_id", "at"),
        Conversation: ("state", "last_message_at", "led_by"),
    }
    before = {model: list(model._default_manager.order_by("pk").values("pk", *names)) for model, names in keep.items()}
    erase()
    assert {model: list(model._default_manager.order_by("pk").values("pk", *names)) for model, names in keep.items()} == before
    draft.refresh_from_db()
    assert draft.erased_at and draft.erased_for == "person" and draft.conversation.subject == erased.SUBJECT


def test_codes_of_checks_and_tokens_stay_for_the_reports() -> None:
    draft = answered()
    erase()
    assert draft.checks.filter(code="language", passed=True).exists()
    assert draft.model_calls.get().prompt_tokens == 120
    assert draft.message.replay_runs.get().checks == [{"code": "language", "passed": False, "reason": ""}]


def test_other_people_keep_everything() -> None:
    answered()
    bob = answered(BOB)
    erase()
    bob.refresh_from_db()
    assert SECRET in bob.body and SECRET in bob.message.text and SECRET in bob.message.subject
    assert is_stored(bob.message)


def test_a_dry_run_counts_what_there_is_and_changes_nothing() -> None:
    answered()
    found = erase(dry_run=True)
    assert found.counts["messages"] == 1 and found.counts["drafts"] == 1 and found.counts["attachments"] == 1
    assert not Erasure.objects.exists() and said()


def test_what_is_said_of_a_person_is_what_is_erased() -> None:
    answered()
    counted = erase(dry_run=True).counts
    assert erase().counts == counted == Erasure.objects.get().counts


def test_a_second_erase_finds_nothing() -> None:
    answered()
    erase()
    again = erase()
    assert again.is_empty
    assert Erasure.objects.count() == 1
    assert [one.pk for one in again.erasures] == [Erasure.objects.get().pk]


def test_raw_mails_and_files_go_from_storage_once_it_is_committed(django_capture_on_commit_callbacks: Any) -> None:
    draft = answered()
    path = Upload.objects.get().path
    with django_capture_on_commit_callbacks(execute=True):
        erase()
        assert is_stored(draft.message) and default_storage.exists(path)
    assert not is_stored(draft.message) and not default_storage.exists(path)
    assert Message.objects.get().raw_erased_at and Upload.objects.get().path == ""


def test_files_that_could_not_be_deleted_are_deleted_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    draft = answered()

    def away(*_: Any) -> None:
        raise OSError("The storage is away.")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(default_storage, "delete", away)
        erase()
    assert is_stored(draft.message)
    from review.privacy import files

    assert files.sweep() == 2
    assert not is_stored(draft.message)


def test_equal_bytes_in_another_mailbox_stay_while_they_are_needed(django_capture_on_commit_callbacks: Any) -> None:
    draft = answered()
    other = make_message(conversation=make_conversation(customer_address=BOB), raw_sha256=draft.message.raw_sha256, **settled())
    with django_capture_on_commit_callbacks(execute=True):
        erase()
    assert is_stored(other)


@pytest.mark.parametrize("state", ["held", "ready", "claimed", "dot_sent", "retry", "maybe_sent"])
def test_a_mail_on_its_way_stands_against_it(state: str) -> None:
    message = make_message(**settled())
    about = {"lease_until": timezone.now()} if state in {"claimed", "dot_sent"} else {}
    make_outgoing(by=make_person(), message=message, state=state, **about)
    with pytest.raises(privacy.CannotErase, match="A reply"):
        erase()
    message.refresh_from_db()
    assert message.text and message.raw_erased_at is None


@pytest.mark.parametrize("state", ["queued", "writing", "ready", "handed_over"])
def test_a_draft_that_is_written_or_waits_stands_against_it(state: str) -> None:
    message = make_message(**settled())
    if state == "ready":
        ready_draft(message=message)
    else:
        about = {"lease_until": timezone.now()} if state == "writing" else {"hand_over_reason": "unsure"} if state == "handed_over" else {}
        make_draft(message, state=state, **about)
    with pytest.raises(privacy.CannotErase, match=r"draft|queue"):
        erase()


def test_a_mail_that_was_just_read_stands_against_it_until_it_is_taken_up() -> None:
    make_message()
    with pytest.raises(privacy.CannotErase, match="just come in"):
        erase()


def test_what_is_still_to_be_counted_stands_against_it() -> None:
    draft = answered()
    Decision.objects.filter(draft=draft).update(weighed_at=None)
    with pytest.raises(privacy.CannotErase, match="still being counted"):
        erase()


def test_a_mail_that_was_taken_over_and_not_answered_stands_against_it() -> None:
    draft = ready_draft(message=make_message(**settled()), state="decided", routed_at=timezone.now())
    Decision.objects.create(draft=draft, kind="taken_over", by=make_person(), weighed_at=timezone.now())
    with pytest.raises(privacy.CannotErase, match="not answered it"):
        erase()


def test_a_replay_that_can_never_finish_does_not_stand_against_it() -> None:
    run = answered().message.replay_runs.get()
    ReplayRun.objects.update(state="waiting")
    Replay.objects.update(state="paused")
    erase()
    run.refresh_from_db()
    run.replay.refresh_from_db()
    assert (run.state, run.why, run.body, run.replay.state) == ("failed", "Erased.", "", "finished")


def test_other_mails_of_a_replay_are_still_written() -> None:
    replay = answered().message.replay_runs.get().replay
    bobs = ReplayRun.objects.create(replay=replay, message=answered(BOB).message, number=1)
    ReplayRun.objects.filter(message__from_address=ANN).update(state="waiting")
    Replay.objects.update(state="running")
    erase()
    replay.refresh_from_db()
    assert replay.state == "running" and ReplayRun.objects.get(state="waiting") == bobs


def test_a_mail_that_a_replay_writes_at_this_moment_stands_against_it() -> None:
    answered()
    ReplayRun.objects.update(state="running", lease_until=timezone.now())
    with pytest.raises(privacy.CannotErase, match="writing one of the mails once more"):
        erase()


def test_a_new_mail_of_the_person_is_a_new_matter() -> None:
    draft = answered()
    erase()
    old = OutgoingMail.objects.get()
    raw = make_mail(sender=ANN, subject="Again", in_reply_to=f"<{old.message_id}>", references=f"<{old.message_id}>")
    new = receive(draft.message.mailbox, raw)
    assert new.conversation_id != draft.conversation_id
    assert privacy.findings([ANN]).counts == {"conversations": 1, "messages": 1}


def test_a_mail_that_is_listed_again_stays_erased_and_its_bytes_go_again(django_capture_on_commit_callbacks: Any) -> None:
    draft = answered()
    raw = b"".join([make_mail(sender=BOB)])
    message = receive(draft.message.mailbox, raw)
    Message.objects.filter(pk=message.pk).update(**settled())
    with django_capture_on_commit_callbacks(execute=True):
        erase(BOB)
    assert not is_stored(message)
    again = ingest.store_message(mailbox=message.mailbox, raw=raw, received_at=timezone.now(), uid=7, uidvalidity=8)
    assert again.pk == message.pk and again.text == ""
    from review.privacy import files

    files.sweep()
    assert not is_stored(message)


def test_only_their_message_goes_from_somebody_elses_conversation() -> None:
    talk = make_conversation(customer_address=BOB, subject="Bob's order")
    theirs = make_message("I am Bob.", conversation=talk, from_address=BOB, **settled())
    hers = make_message(f"{SECRET} here.", conversation=talk, from_address="Ann@Customer.example", **settled())
    erase()
    for row in (hers, theirs, talk):
        row.refresh_from_db()
    assert (hers.text, hers.from_address, theirs.text, talk.subject) == ("", "", "I am Bob.", "Bob's order")


def from_a_form(text: str, reply_to: str, talk: Conversation | None = None, kind: str = "person") -> Message:
    """What a contact form sends: always from one address, with the person's in Reply-To."""
    talk = talk or make_conversation(customer_address="form@shop.example", customer_name=SECRET, subject=f"{SECRET} asks", state="waiting")
    return make_message(text, conversation=talk, reply_to=[reply_to], kind=kind, **settled())


def test_who_writes_through_a_contact_form_is_found_and_erased_whole() -> None:
    hers, bobs = from_a_form(f"I am {SECRET}.", "Ann@Customer.example"), from_a_form("I am Bob.", BOB)
    assert erase(dry_run=True).counts == {"conversations": 1, "messages": 1}
    erase()
    hers.refresh_from_db()
    bobs.refresh_from_db()
    assert (hers.text, hers.reply_to, bobs.text) == ("", [], "I am Bob.")
    talks = Conversation.objects.order_by("pk").values_list("subject", "customer_name")
    assert list(talks) == [(erased.SUBJECT, ""), (f"{SECRET} asks", SECRET)]
    assert privacy.findings([ANN]).is_empty


@pytest.mark.parametrize("kind", ["person", "list", "automatic"])
def test_a_conversation_of_a_form_or_list_in_which_others_wrote_too_stays_theirs(kind: str) -> None:
    hers = from_a_form(f"I am {SECRET}.", ANN, kind=kind)
    bobs = from_a_form("I am Bob.", BOB, hers.conversation, kind=kind)
    assert erase().counts == {"messages": 1}
    hers.refresh_from_db()
    bobs.refresh_from_db()
    assert (hers.text, bobs.text, Conversation.objects.get().subject) == ("", "I am Bob.", f"{SECRET} asks")


@pytest.mark.parametrize("how", ["by us", "from elsewhere"])
def test_a_conversation_in_which_we_wrote_to_others_stays_when_a_form_names_the_person_in_it(how: str) -> None:
    hers = from_a_form(f"I am {SECRET} and away.", ANN, kind="automatic")
    ours: OutgoingMail | Message
    if how == "by us":
        ours = make_outgoing(by=make_person(), message=hers, in_reply_to=None, recipient=BOB, body="Dear Bob")
    else:
        ours = make_message("Dear Bob", conversation=hers.conversation, kind="own", to=[ANN, BOB], **settled())
    assert erase().counts == {"messages": 1}
    ours.refresh_from_db()
    assert "Dear Bob" in (ours.body if isinstance(ours, OutgoingMail) else ours.text)


def test_a_conversation_of_a_form_goes_with_what_we_wrote_to_the_person() -> None:
    hers = from_a_form(f"I am {SECRET}.", ANN)
    make_outgoing(by=make_person(), message=hers, recipient=ANN.upper())
    filed = make_message(f"Dear {SECRET}", conversation=hers.conversation, kind="own", to=[ANN.title()], **settled())
    erase()
    filed.refresh_from_db()
    assert filed.text == "" and not said()


def test_mails_of_others_that_went_to_the_person_too_are_counted_and_stay() -> None:
    answered()
    copied = make_message("See below.", conversation=make_conversation(customer_address=BOB), cc=[ANN.upper()])
    found = erase()
    copied.refresh_from_db()
    assert found.others == 1 and found.stays[0].startswith("1 mail of other people that went to the person too")
    assert (copied.text, copied.erased_at) == ("See below.", None)


def test_erased_mails_are_not_found_by_searching() -> None:
    answered()
    words = models.Q(search=SECRET)
    assert Message.objects.filter(words).exists() and OutgoingMail.objects.filter(words).exists()
    erase()
    assert not Message.objects.filter(words).exists() and not OutgoingMail.objects.filter(words).exists()


def test_the_audit_log_says_that_somebody_was_erased_and_not_who() -> None:
    answered()
    ada = make_person("admin")
    erase(by=ada)
    entry = LogEntry.objects.get(act="privacy.erased")
    assert entry.by == ada and "mails from the person: 1" in entry.words
    assert not said(ANN)
    assert privacy.findings([ANN]).erasures == [Erasure.objects.get()]
    assert privacy.findings([BOB]).erasures == []


def test_entries_that_name_the_address_elsewhere_lose_it() -> None:
    entry = audit_log.record(act="conversation.begun", by=None, about="A new one", words=f"To {ANN}.", to=ANN)
    other = audit_log.record(act="conversation.begun", by=None, about="A new one", words=f"To joann@customer.example and {BOB}.")
    erase()
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.about, entry.words, entry.detail) == (erased.SUBJECT, "", {})
    assert BOB in other.words


def test_a_new_mail_that_somebody_is_writing_to_the_person_goes() -> None:
    by = make_person()
    Writing.objects.create(by=by, conversation=None, recipient=f"Ann <{ANN}>", text=SECRET)
    erase()
    assert not Writing.objects.exists()


def test_the_customer_table_keeps_its_rows_unless_asked() -> None:
    known_customer()
    found = privacy.findings([ANN])
    assert found.is_empty and "Ann Ltd" in found.stays[0] and "1 order" in found.stays[0]
    assert erase(with_rows=True).counts == {"address_rows": 1}
    assert privacy.findings([ANN], with_rows=True).is_empty


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write the person's mail address"),
        ("ann", "is no mail address"),
        ("a@b.example " * 2 + " ".join(f"x{n}@y.example" for n in range(20)), "21 addresses"),
    ],
)
def test_what_names_nobody_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(privacy.NotAPerson, match=words):
        privacy.read(typed)


def test_our_own_mailbox_is_no_person() -> None:
    draft = answered()
    with pytest.raises(privacy.NotAPerson, match="is a mailbox of this desk"):
        erase(draft.message.mailbox.address.upper())


def test_proof_may_lose_its_words_only_while_erasing() -> None:
    answered()
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Verdict.objects.update(words="")
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        LogEntry.objects.update(words="")


def test_what_says_that_something_was_erased_can_not_be_changed() -> None:
    answered()
    erase()
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Erasure.objects.update(counts={})
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Erasure.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_being_read_meanwhile_is_waited_for_and_erased_too() -> None:
    """Whoever reads a new mail of the person holds the lock of `threads` until the message is there."""
    mailbox, reads = make_mailbox(), Event()

    def read() -> None:
        with transaction.atomic():
            threads.wait_turns(mailbox=mailbox, customers=[ANN])
            reads.set()
            sleep(0.5)
            talk = make_conversation(mailbox=mailbox, state="waiting")
            make_message(f"{SECRET} again.", conversation=talk, **settled())
        connection.close()

    make_message(conversation=make_conversation(mailbox=mailbox, state="waiting"), **settled())
    reader = Thread(target=read)
    reader.start()
    reads.wait(5)
    erase()
    reader.join()
    assert said() == [] and Erasure.objects.get().counts["messages"] == 2


@contextmanager
def queued_meanwhile(**about: Any) -> Iterator[None]:
    """Somebody queues a reply to the person at this moment: the lock of its conversation is held until the mail is there."""
    talk, by, queues = make_conversation(state="waiting"), make_person(), Event()
    message = make_message(conversation=talk, **settled())

    def queue() -> None:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=talk.pk)
            queues.set()
            sleep(0.5)
            make_outgoing(by=by, message=message, body=SECRET, **about)
        connection.close()

    writer = Thread(target=queue)
    writer.start()
    queues.wait(5)
    yield
    writer.join()


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_is_queued_meanwhile_is_waited_for_and_stands_against_it() -> None:
    with queued_meanwhile(state="ready"), pytest.raises(privacy.CannotErase, match="about to leave"):
        erase()
    assert OutgoingMail.objects.get().body == SECRET and not Erasure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_leaves_meanwhile_is_waited_for_and_erased_too() -> None:
    with queued_meanwhile():
        erase()
    assert said() == [] and Erasure.objects.get().counts["outgoing"] == 1


def test_somebody_about_whom_there_is_ever_more_is_asked_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that it is locked, somebody has written one more."""
    talk = make_conversation(state="waiting")
    message = make_message(conversation=talk, **settled())
    by = make_person()
    monkeypatch.setattr(erasing, "lock", lambda _: make_outgoing(by=by, message=message))
    with pytest.raises(privacy.CannotErase, match="Try again in a minute or two"):
        erase()
    assert message.erased_at is None and not Erasure.objects.exists()
