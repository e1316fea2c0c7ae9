"""Decision dossiers: of one reply, and of a random sample."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Mailbox, OutgoingMail
from review import decisions
from review.exports import sample
from review.ledger import evidence
from review.models import Attempt, Decision, Flag, LogEntry, Outcome, Profile, Transition
from review.reports.periods import Period
from review.reports.reading import Scope
from tests.drafting.factories import make_category, make_conversation, make_mailbox, make_message
from tests.review.autosend.conftest import auto, shares
from tests.review.autosend.factories import prove, sent
from tests.review.exports.reading import words_of
from tests.review.factories import activate, make_outgoing, make_person, ready_draft

__all__ = ["auto", "shares"]
pytestmark = pytest.mark.django_db


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def mara(db: None) -> User:
    """A manager."""
    return make_person("manager", "mara", first_name="Mara", last_name="Lind")


@pytest.fixture
def manager(mara: User) -> Client:
    """Mara's browser."""
    return browser_of(mara)


@pytest.fixture
def edited(ana: User) -> OutgoingMail:
    """A reply that Ana edited, after she rejected a draft."""
    first = ready_draft(body="Hello Ann,\n\nyour order is lost.", failed=1)
    decisions.reject(draft=first, reason="It is not lost.", by=ana)
    draft = first.redrafts.get()
    draft.delete()
    draft = ready_draft(body="Hello Ann,\n\nyour order is late.", message=first.message, redraft_of=first)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        decision = decisions.edit(draft=draft, text="Hello Ann,\n\nyour order is early.", by=ana)
    Decision.objects.filter(pk=decision.pk).update(seconds_open=41)
    assert decision.outgoing is not None
    return decision.outgoing


def as_json(mail: OutgoingMail, client: Client) -> dict[str, Any]:
    answer = client.post(f"/outgoing/{mail.pk}/dossier.json")
    assert answer.status_code == 200
    return dict(json.loads(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def as_words(mail: OutgoingMail, client: Client) -> str:
    answer = client.post(f"/outgoing/{mail.pk}/dossier.pdf")
    assert answer["Content-Type"] == "application/pdf"
    return words_of(answer.content).replace("\u00a0", " ")


def test_the_json_has_all_that_the_reply_rests_on(edited: OutgoingMail, manager: Client) -> None:
    found = as_json(edited, manager)
    assert (found["format"], found["version"], found["sample"], found["exported_by"]) == ("countersign.dossiers", 1, None, "Mara Lind")
    [one] = found["replies"]
    assert one["message"]["new_text"] == "Where is my order?"
    assert one["draft"]["evidence"][0]["answer"]["number"] == "SO-1007"
    assert len(one["draft"]["checks"]) == 5
    assert len(one["draft"]["setup"]["fingerprint"]) == 64
    [decision] = one["draft"]["decisions"]
    assert (decision["id"], decision["by"], decision["seconds_open"]) == (one["decision"], "Ana Sol", 41)
    assert decision["changes"] == [" Hello Ann,", " ", "-your order is late.", "+your order is early."]
    assert one["reply"]["text"] == "Hello Ann,\n\nyour order is early."
    assert [draft["body"] for draft in one["earlier_drafts"]] == ["Hello Ann,\n\nyour order is lost."]
    assert one["auto_send"] is None


def test_the_pdf_says_it_in_words(edited: OutgoingMail, manager: Client) -> None:
    said = as_words(edited, manager)
    for words in [
        "Ana Sol, after having it open for 41 s; 2 lines of the draft changed.",
        "Where is my order?",
        "SO-1007",
        "Check grounding: passed",
        "-your order is late.",
        "+your order is early.",
        "your order is lost.",
        "Ana Sol rejected the draft",
        "fingerprint",
        "Exported by Mara Lind",
    ]:
        assert words in said, words


def test_the_page_shows_the_key_facts_and_what_was_edited(edited: OutgoingMail, manager: Client) -> None:
    page = manager.get(f"/outgoing/{edited.pk}/dossier/").content.decode()
    assert "<ins>" in page
    assert "early" in page
    for words in ["41 s", "Ana Sol edited and approved the draft", "1 lookup", "all 5 passed", "Fingerprint"]:
        assert words in page


def test_the_conversation_leads_to_it(edited: OutgoingMail, manager: Client) -> None:
    assert f'href="/outgoing/{edited.pk}/dossier/"' in manager.get(f"/conversations/{edited.conversation_id}/").content.decode()


def test_each_file_is_recorded(edited: OutgoingMail, manager: Client, mara: User) -> None:
    as_json(edited, manager)
    as_words(edited, manager)
    said = LogEntry.objects.filter(act="conversation.exported", by=mara).order_by("pk").values_list("words", flat=True)
    assert list(said) == ["The dossier of a reply as JSON.", "The dossier of a reply as PDF."]


def test_what_somebody_may_not_see_is_not_there(edited: OutgoingMail) -> None:
    limited = make_person("manager")
    Profile.objects.create(user=limited, is_limited=True)
    client = browser_of(limited)
    assert client.get(f"/outgoing/{edited.pk}/dossier/").status_code == 404
    assert [client.post(f"/outgoing/{edited.pk}/dossier.{kind}").status_code for kind in ("json", "pdf")] == [404, 404]


def test_a_reply_that_was_called_off_has_none(edited: OutgoingMail, manager: Client, desk: Client, ana: User) -> None:
    """Its draft waits again, and for a reviewer another text may be planted there."""
    decisions.undo(decision=Decision.objects.get(outgoing=edited), by=ana)
    assert manager.get(f"/outgoing/{edited.pk}/dossier/").status_code == 404
    assert manager.post(f"/outgoing/{edited.pk}/dossier.json").status_code == 404
    for page in (f"/conversations/{edited.conversation_id}/", f"/outgoing/{edited.pk}/"):
        assert "Decision dossier" not in desk.get(page).content.decode()


def test_a_reply_that_a_person_wrote_has_no_draft(manager: Client, ana: User) -> None:
    mail = make_outgoing(by=ana)
    [one] = as_json(mail, manager)["replies"]
    assert (one["draft"], one["decision"], one["auto_send"]) == (None, None, None)
    assert "Written by Ana Sol without a draft." in as_words(mail, manager)


def test_a_take_over_is_no_edited_draft(manager: Client, ana: User) -> None:
    draft = ready_draft(body="Hello Ann,\n\nyour order is late.")
    mail = make_outgoing(by=ana, message=draft.message, body="Sorry, it is lost.")
    Decision.objects.create(draft=draft, kind="taken_over", by=ana, final_text="Sorry, it is lost.", outgoing=mail)
    draft.state = draft.State.DECIDED
    draft.save()
    said = as_words(mail, manager)
    assert "written by hand, without the draft" in said
    assert "What changed in the draft" not in said
    assert "-your order is late." not in said


def test_what_was_erased_is_not_called_unchanged(edited: OutgoingMail, manager: Client) -> None:
    decision = Decision.objects.get(outgoing=edited)
    Draft.objects.filter(pk=decision.draft_id).update(body="", erased_at=timezone.now(), erased_for="rule")
    Decision.objects.filter(pk=decision.pk).update(final_text="")
    said = as_words(edited, manager)
    assert "edited; what changed was erased" in said
    assert "the draft left as it was" not in said


def test_a_draft_that_waits_is_in_no_dossier(desk: Client, ana: User) -> None:
    """For a reviewer another text may be planted in it."""
    draft = ready_draft()
    mail = make_outgoing(by=ana, message=draft.message)
    assert as_json(mail, desk)["replies"][0]["earlier_drafts"] == []


def test_what_came_out_later_is_in_it(edited: OutgoingMail, manager: Client, ana: User) -> None:
    decision = Decision.objects.get(outgoing=edited)
    Flag.objects.create(draft_id=decision.draft_id, kind="complaint", words="She is angry.", by=ana)
    [one] = as_json(edited, manager)["replies"]
    assert [(flag["kind"], flag["words"], flag["by"]) for flag in one["flags"]] == [("complaint", "She is angry.", "Ana Sol")]
    assert "Flagged later: the customer complains about it" in as_words(edited, manager)


@pytest.fixture
def automatic(auto: Attempt) -> Decision:
    """A reply that left by itself, under a proof of 400 verdicts, of which one was unsafe."""
    prove(auto, n=400, k=1)
    Transition.objects.create(attempt=auto, before="ready", after="ramp_10", n=250, k=0, at=timezone.now() - timedelta(days=60))
    decision = sent(auto)
    OutgoingMail.objects.filter(decision=decision).update(check_words="The facts were the same.")
    return decision


def test_a_reply_that_left_by_itself_names_its_proof(automatic: Decision, manager: Client) -> None:
    assert automatic.outgoing is not None
    assert automatic.attempt is not None
    [one] = as_json(automatic.outgoing, manager)["replies"]
    told, attempt = one["auto_send"], Attempt.objects.get(pk=automatic.attempt.pk)
    assert told["attempt"] == {
        "id": attempt.pk,
        "number": 1,
        "setup": attempt.setup.fingerprint,
        "chooser": attempt.chooser.fingerprint,
    }
    assert told["last_look"] == "The facts were the same."
    assert told["ledger"]["route"] == "auto"
    assert told["proof"]["terms"]["epsilon"] == 0.02
    assert (told["proof"]["then"]["n"], told["proof"]["then"]["k"]) == (250, 0)
    assert 0 < told["proof"]["then"]["found_bound"] < 0.02
    now = evidence.standing(attempt)
    assert told["proof"]["now"] == {"n": now.n, "k": now.k, "catch_rate": now.catch_rate, "bound": now.bound, "is_proven": now.is_proven}
    said = as_words(automatic.outgoing, manager)
    assert "When it left: 250 verdicts, 0 of them unsafe" in said
    assert "The facts were the same." in said
    assert "Nobody: it left by itself" in said


def test_who_reviews_is_not_told_how_far_the_proof_is(automatic: Decision, mara: User, manager: Client) -> None:
    assert automatic.outgoing is not None
    mara.groups.add(make_person("reviewer").groups.get())
    [one] = as_json(automatic.outgoing, manager)["replies"]
    assert one["auto_send"]["proof"] is None
    assert one["auto_send"]["ledger"]["position"] is None
    said = as_words(automatic.outgoing, manager)
    assert "of its ledger" not in said
    assert "is not shown to who reviews drafts" in said
    assert "verdicts" not in said


WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
IN_IT = datetime(2026, 3, 10, 12, tzinfo=UTC)


def replies(count: int, *, mailbox: Mailbox, by: User, at: datetime = IN_IT, **about: Any) -> list[OutgoingMail]:
    talk = make_conversation(mailbox=mailbox)
    return [make_outgoing(by=by, message=make_message(conversation=talk), **{"sent_at": at} | about) for _ in range(count)]


def drawn(n: int = 5, seed: str = "4711", period: Period = WEEK, **scope: Any) -> list[int]:
    return list(sample.draw(period=period, scope=Scope(**scope), n=n, seed=seed).ids)


def test_who_knows_the_seed_can_draw_the_sample_again(ana: User) -> None:
    mails = replies(12, mailbox=make_mailbox(), by=ana)
    by_hand = sorted((hashlib.sha256(f"4711:{mail.pk}".encode()).digest(), mail.pk) for mail in mails)
    assert drawn() == [pk for _, pk in by_hand[:5]]
    assert drawn() == drawn()
    assert drawn(seed="other") != drawn()


def test_a_larger_sample_holds_the_smaller_one(ana: User) -> None:
    replies(12, mailbox=make_mailbox(), by=ana)
    assert drawn(9)[:5] == drawn(5)
    assert sample.draw(period=WEEK, scope=Scope(), n=5, seed="4711").of == 12
    assert len(drawn(500)) == 12


def test_only_replies_that_left_in_the_period_are_drawn(ana: User) -> None:
    mailbox = make_mailbox()
    [kept] = replies(1, mailbox=mailbox, by=ana)
    [maybe] = replies(1, mailbox=mailbox, by=ana, state="maybe_sent", sent_at=None, dot_sent_at=IN_IT)
    replies(1, mailbox=mailbox, by=ana, at=IN_IT - timedelta(days=7))
    replies(1, mailbox=mailbox, by=ana, state="cancelled", sent_at=None)
    make_outgoing(by=ana, in_reply_to=None, sent_at=IN_IT)
    assert sorted(drawn()) == sorted([kept.pk, maybe.pk])


def test_the_days_are_those_of_the_installation(ana: User, settings: Any) -> None:
    replies(1, mailbox=make_mailbox(), by=ana, at=datetime(2026, 3, 8, 23, 30, tzinfo=UTC))
    assert drawn() == []
    settings.TIME_ZONE = "Europe/Berlin"
    assert len(drawn()) == 1


def test_replies_of_one_category_or_mailbox_can_be_drawn(ana: User) -> None:
    stock, mailbox = make_category("stock"), make_mailbox()
    [mail, _] = replies(2, mailbox=mailbox, by=ana)
    replies(1, mailbox=make_mailbox(), by=ana)
    assert mail.in_reply_to is not None
    assert mail.in_reply_to.conversation is not None
    about = {
        "conversation": mail.in_reply_to.conversation,
        "mailbox": mailbox,
        "received_at": IN_IT,
        "day": IN_IT.date(),
        "hour_of_week": 0,
    }
    Outcome.objects.create(message=mail.in_reply_to, category=stock, **about)
    assert drawn(category=stock.pk) == [mail.pk]
    assert len(drawn(mailboxes=frozenset({mailbox.pk}))) == 2
    assert drawn(mailboxes=frozenset()) == []


FORM = {"first": "2026-03-09", "last": "2026-03-15", "n": "2", "seed": "4711", "file": "json"}


def test_the_form_begins_with_a_seed_that_nobody_chose(manager: Client) -> None:
    seeds = {manager.get("/reports/dossier/").context["form"].initial["seed"] for _ in range(3)}
    assert len(seeds) == 3


def test_the_sample_is_one_json_file(manager: Client, ana: User, mara: User) -> None:
    replies(4, mailbox=make_mailbox(), by=ana)
    answer = manager.post("/reports/dossier/sample/", FORM)
    found = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert [one["reply"]["id"] for one in found["replies"]] == drawn(2)
    told = found["sample"]
    assert (told["seed"], told["drawn"], told["of"], told["first"], told["time_zone"]) == ("4711", 2, 4, "2026-03-09", "UTC")
    assert "SHA-256" in told["rule"]
    entry = LogEntry.objects.get(act="report.sampled", by=mara)
    assert entry.about == "2 replies of 4 as JSON"
    assert "Seed 4711" in entry.words


def test_the_sample_is_one_pdf(manager: Client, ana: User) -> None:
    replies(4, mailbox=make_mailbox(), by=ana)
    answer = manager.post("/reports/dossier/sample/", FORM | {"file": "pdf"})
    said = words_of(answer.content)
    assert "Decision dossiers of 2 replies" in said
    assert "Drawn at random from 4 that left 9 March 2026 to 15 March 2026." in said
    assert "Seed 4711." in said
    assert all(f"Reply {pk} to" in said for pk in drawn(2))


def test_a_sample_of_those_that_left_by_themselves_says_so(manager: Client, ana: User) -> None:
    replies(2, mailbox=make_mailbox(), by=ana)
    only = FORM | {"only_automatic": "on"}
    found = json.loads(b"".join(manager.post("/reports/dossier/sample/", only).streaming_content))  # type: ignore[attr-defined]
    assert (found["sample"]["only_automatic"], found["sample"]["of"]) == (True, 0)
    assert "Only replies that left by themselves" in LogEntry.objects.get(act="report.sampled").words
    said = words_of(manager.post("/reports/dossier/sample/", FORM | {"file": "pdf", "only_automatic": "on"}).content)
    assert "Only replies that left by themselves." in said
    found = json.loads(b"".join(manager.post("/reports/dossier/sample/", FORM).streaming_content))  # type: ignore[attr-defined]
    assert (found["sample"]["only_automatic"], found["sample"]["of"]) == (False, 2)


def test_the_report_leads_to_a_sample_of_the_same_mails(manager: Client, ana: User) -> None:
    setup, mailbox = activate(), make_mailbox()
    [mail, _] = replies(2, mailbox=mailbox, by=ana)
    assert mail.in_reply_to is not None
    about = {"conversation": mail.conversation, "mailbox": mailbox, "received_at": IN_IT, "day": IN_IT.date(), "hour_of_week": 0}
    Outcome.objects.create(message=mail.in_reply_to, setup=setup, category=None, **about)
    link = f"category=0&amp;setup={setup.pk}"
    assert link in manager.get(f"/reports/?category=0&setup={setup.pk}").content.decode()
    page = manager.get(f"/reports/dossier/?category=0&setup={setup.pk}").content.decode()
    assert '<option value="0" selected>' in page
    assert f'<option value="{setup.pk}" selected>' in page
    asked = FORM | {"category": "0", "setup": str(setup.pk)}
    found = json.loads(b"".join(manager.post("/reports/dossier/sample/", asked).streaming_content))  # type: ignore[attr-defined]
    assert [one["reply"]["id"] for one in found["replies"]] == [mail.pk]


def test_a_period_without_replies_gives_a_file_that_says_so(manager: Client) -> None:
    assert "No reply left in this period." in words_of(manager.post("/reports/dossier/sample/", FORM | {"file": "pdf"}).content)


def test_only_mailboxes_that_somebody_may_see_are_in_a_sample(mara: User, manager: Client, ana: User) -> None:
    own, other = make_mailbox(), make_mailbox()
    Profile.objects.create(user=mara, is_limited=True).mailboxes.add(own)
    [kept] = replies(1, mailbox=own, by=ana)
    replies(3, mailbox=other, by=ana)
    found = json.loads(b"".join(manager.post("/reports/dossier/sample/", FORM).streaming_content))  # type: ignore[attr-defined]
    assert [one["reply"]["id"] for one in found["replies"]] == [kept.pk]
    assert manager.post("/reports/dossier/sample/", FORM | {"mailbox": str(other.pk)}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"n": "201"}, "at most 200"),
        ({"n": "0"}, "at least 1"),
        ({"last": "2026-03-01"}, "ends before it begins"),
        ({"seed": "a b"}, "letters, digits and dashes"),
        ({"first": "yesterday"}, "Write the day as 2026-01-31."),
    ],
)
def test_what_cannot_be_drawn_is_said_and_what_was_typed_is_kept(manager: Client, wrong: dict[str, str], said: str) -> None:
    answer = manager.post("/reports/dossier/sample/", FORM | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="4711"' in page or "seed" in wrong


def test_many_dossiers_take_no_more_queries_than_their_batches(manager: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        draft = ready_draft(message=make_message())
        decision = decisions.approve(draft=draft, by=ana)
        OutgoingMail.objects.filter(decision=decision).update(state="sent", sent_at=IN_IT)
    with django_assert_max_num_queries(40):
        b"".join(manager.post("/reports/dossier/sample/", FORM | {"n": "12"}).streaming_content)  # type: ignore[attr-defined]
