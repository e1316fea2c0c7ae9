"""Whatever the code does: the database itself refuses an automatic send in every wrong condition, and keeps what counts as proof."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from drafting.models import CheckResult, Draft, SetupActivation
from inbox.models import Conversation, Message, OutgoingMail
from review.models import Attempt, Decision, EvidencePoint, Flag, LedgerEntry, PlantedDraft, Switch, Terms, Transition, Verdict
from tests.drafting.factories import make_category, make_conversation
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, confirm, eligible, mail_of, make_terms, running_setup, sent
from tests.review.factories import make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db


def entered(attempt: Attempt, **about: Any) -> Draft:
    """A draft that the ledger says leaves by itself, decided, without its mail."""
    draft = eligible(attempt, **about)
    place = LedgerEntry.objects.count() + 1
    LedgerEntry.objects.create(attempt=attempt, draft=draft, position=place, route="auto", why="chosen", at=timezone.now())
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.DECIDED)
    draft.refresh_from_db()
    return draft


def queued(draft: Draft, **about: Any) -> OutgoingMail:
    """An automatic mail as a row, however it came there."""
    values = {"queued_by": None, "is_automatic": True, "check_at": timezone.now(), "state": "held", "body": draft.body, "sent_at": None}
    return make_outgoing(by=User(), message=draft.message, **values | about)


def decide(draft: Draft, attempt: Attempt | None, mail: OutgoingMail | None = None, **about: Any) -> Decision:
    values = {"kind": "auto_sent", "by": None, "final_text": draft.body, "outgoing": mail or queued(draft), "attempt": attempt} | about
    return Decision.objects.create(draft=draft, **values)


def refused(what: Callable[[], object], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        what()


def test_one_that_is_right_is_not_refused(auto: Attempt) -> None:
    decision = decide(entered(auto), auto)
    OutgoingMail.objects.update(check_at=None)
    assert OutgoingMail.objects.filter(decision=decision).update(state="ready") == 1


def test_so_is_one_under_the_mailboxs_signature(auto: Attempt) -> None:
    draft = entered(auto)
    draft.message.mailbox.signature = "Bolt & Nut Ltd\nMain Street 1"
    draft.message.mailbox.save()
    decide(draft, auto, queued(draft, body=f"{draft.body}\n\nBolt & Nut Ltd\nMain Street 1"))


def set_state(attempt: Attempt, state: str, **about: Any) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(state=state, **about)


def stop(_: Attempt) -> None:
    Switch.objects.update(stopped_at=timezone.now())


def differ(attempt: Attempt) -> None:
    confirm(attempt.setup, "different")
    confirm(attempt.setup, "unavailable")


def fail(_: Attempt) -> None:
    CheckResult.objects.filter(code="links").update(passed=False)


def return_own(attempt: Attempt) -> None:
    """The category gets a setup of its own, another one than chooses."""
    running_setup(category=attempt.category)


SINCE: dict[str, tuple[Callable[[Attempt], object], str]] = {
    "all is stopped": (stop, "all auto-send is stopped"),
    "the category is suspended": (lambda one: set_state(one, "suspended", cause="person"), "not unlocked"),
    "the attempt has ended": (lambda one: set_state(one, "ended", cause="again", ended_at=timezone.now()), "not unlocked"),
    "another setup is active": (lambda one: running_setup(), "another setup is active"),
    "the category has a setup of its own": (return_own, "another setup is active"),
    "no setup is active": (lambda one: SetupActivation.objects.all().delete(), "another setup is active"),
    "the model differs": (differ, "another model"),
    "the model never answered": (lambda one: one.setup.canary_runs.all().delete(), "another model"),
    "a check failed": (fail, "check of the gate"),
    "there are no checks": (lambda one: CheckResult.objects.all().delete(), "check of the gate"),
    "it is not eligible": (lambda one: Draft.objects.update(is_eligible=False), "check of the gate"),
    "a reviewer asked for it": (lambda one: Draft.objects.update(instruction="Be brief."), "check of the gate"),
    "it is of another category": (lambda one: Draft.objects.update(category=make_category("returns")), "another category or setup"),
    "another setup wrote it": (lambda one: Draft.objects.update(setup=running_setup()), "another"),
    "another setup chose its category": (lambda one: Draft.objects.update(category_setup=None), "another category or setup"),
    "a person sees it first": (lambda one: LedgerEntry.objects.update(route="person"), "not chosen"),
}


@pytest.mark.parametrize("why", SINCE)
class TestSinceItWasChosen:
    def test_no_decision_can_be_written(self, auto: Attempt, why: str) -> None:
        draft = entered(auto)
        change, words = SINCE[why]
        change(auto)
        refused(lambda: decide(draft, auto), words)

    @pytest.mark.parametrize("step", ["ready", "claimed", "dot_sent"])
    def test_its_mail_goes_no_further(self, auto: Attempt, why: str, step: str) -> None:
        decision = decide(entered(auto), auto)
        now = timezone.now()
        before = {"ready": "held", "claimed": "ready", "dot_sent": "claimed"}[step]
        for state in ("ready", "claimed"):
            if mail_of(decision).state != before:
                OutgoingMail.objects.update(check_at=None, state=state, lease_until=now)
        assert mail_of(decision).state == before
        SINCE[why][0](auto)
        assert OutgoingMail.objects.update(check_at=None, state=step, lease_until=now, dot_sent_at=now) == 0
        assert mail_of(decision).state == before


@pytest.mark.parametrize("state", ["collecting", "ready", "suspended"])
def test_a_category_that_is_not_unlocked_sends_nothing(shares: Shares, state: str) -> None:
    running_setup()
    attempt = attempt_at(state)
    draft = entered(attempt)
    refused(lambda: decide(draft, attempt), "not unlocked")


def test_the_attempt_of_another_category_is_no_permission(auto: Attempt) -> None:
    other = attempt_at("auto", category=make_category("returns"))
    draft = entered(auto)
    refused(lambda: decide(draft, other), "another category or setup")


def test_a_draft_without_a_place_in_the_ledger_is_not_sent(auto: Attempt) -> None:
    entered(auto)
    other = eligible(auto)
    Draft.objects.filter(pk=other.pk).update(state="decided")
    refused(lambda: decide(other, auto), "not chosen")


class TestTheMail:
    def test_another_text_than_the_drafts(self, auto: Attempt) -> None:
        draft = entered(auto)
        refused(lambda: decide(draft, auto, final_text="Something else."), "not the reply that was drafted")
        refused(lambda: decide(draft, auto, queued(draft, body="Something else.")), "elsewhere than was drafted")
        refused(lambda: decide(draft, auto, queued(draft, body=draft.body + " And 500 EUR.")), "elsewhere than was drafted")

    def test_another_recipient(self, auto: Attempt) -> None:
        draft = entered(auto)
        refused(lambda: decide(draft, auto, queued(draft, recipient="eve@elsewhere.example")), "elsewhere than was drafted")

    def test_another_conversation(self, auto: Attempt) -> None:
        draft = entered(auto)
        mail = queued(draft, conversation=make_conversation())
        refused(lambda: decide(draft, auto, mail), "not the reply that was drafted")

    def test_the_answer_to_another_message(self, auto: Attempt) -> None:
        draft, other = entered(auto), entered(auto)
        mail = queued(draft, in_reply_to=other.message)
        refused(lambda: decide(draft, auto, mail), "not the reply that was drafted")

    def test_a_persons_mail(self, auto: Attempt, ana: User) -> None:
        draft = entered(auto)
        mail = make_outgoing(by=ana, message=draft.message, state="held", body=draft.body)
        refused(lambda: decide(draft, auto, mail), "not the reply that was drafted")

    def test_no_mail_at_all(self, auto: Attempt) -> None:
        draft = entered(auto)
        refused(lambda: decide(draft, auto, outgoing=None), "not the reply that was drafted")

    def test_what_it_says_and_to_whom_stays(self, auto: Attempt) -> None:
        sent(auto)
        for about in ({"body": "Other"}, {"mime": b"Other"}, {"recipient": "eve@elsewhere.example"}):
            refused(lambda about=about: OutgoingMail.objects.update(**about), "stays as it is")  # type: ignore[misc]

    def test_a_draft_that_waits_for_people(self, auto: Attempt) -> None:
        draft = entered(auto)
        Draft.objects.filter(pk=draft.pk).update(state="ready")
        refused(lambda: decide(draft, auto), "elsewhere than was drafted")

    @pytest.mark.parametrize("state", ["ready", "claimed", "sent", "retry"])
    def test_it_cannot_begin_on_its_way(self, auto: Attempt, state: str) -> None:
        draft, now = entered(auto), timezone.now()
        refused(lambda: queued(draft, state=state, check_at=None, lease_until=now, sent_at=now), "begins held")

    def test_it_cannot_begin_without_a_last_look(self, auto: Attempt) -> None:
        draft = entered(auto)
        refused(lambda: queued(draft, check_at=None), "begins held")

    def test_it_cannot_leave_before_its_last_look(self, auto: Attempt) -> None:
        decision = sent(auto)
        refused(lambda: OutgoingMail.objects.filter(decision=decision).update(state="ready"), "never_unchecked")

    def test_it_does_not_leave_without_a_decision(self, auto: Attempt) -> None:
        queued(entered(auto))
        assert OutgoingMail.objects.update(state="ready", check_at=None) == 0

    def test_it_does_not_leave_after_its_decision_was_withdrawn(self, auto: Attempt) -> None:
        sent(auto)
        Decision.objects.update(undone_at=timezone.now())
        assert OutgoingMail.objects.update(state="ready", check_at=None) == 0

    def test_a_withdrawn_decision_does_not_come_back_where_it_could_not_be_made(self, auto: Attempt) -> None:
        sent(auto)
        Decision.objects.update(undone_at=timezone.now())
        stop(auto)
        refused(lambda: Decision.objects.update(undone_at=None), "stopped")

    def test_it_is_nobodys(self, auto: Attempt, ana: User) -> None:
        draft = entered(auto)
        refused(lambda: queued(draft, queued_by=ana), "by_a_person_or_automatic")
        refused(lambda: make_outgoing(by=User(), message=draft.message, queued_by=None, is_automatic=False), "by_a_person_or_automatic")

    def test_a_persons_mail_does_not_become_automatic_nor_the_other_way(self, auto: Attempt, ana: User) -> None:
        own = make_outgoing(by=ana, state="held")
        own_rows = OutgoingMail.objects.filter(pk=own.pk)
        refused(lambda: own_rows.update(is_automatic=True, queued_by=None, check_at=timezone.now()), "stays automatic")
        automatic = OutgoingMail.objects.filter(decision=sent(auto))
        refused(lambda: automatic.update(is_automatic=False, queued_by=ana), "stays automatic")


class TestTheDecision:
    def test_it_is_by_an_attempt_and_nobody(self, auto: Attempt, ana: User) -> None:
        draft = entered(auto)
        refused(lambda: decide(draft, auto, by=ana), "auto_sent_by_an_attempt")
        refused(lambda: decide(draft, None), "not unlocked")

    def test_a_persons_is_by_a_person_and_no_attempt(self, auto: Attempt, ana: User) -> None:
        draft = ready_draft()
        refused(lambda: Decision.objects.create(draft=draft, kind="approved", by=None), "unless_auto_sent")
        refused(lambda: Decision.objects.create(draft=draft, kind="approved", by=ana, attempt=auto), "auto_sent_by_an_attempt")

    def test_a_persons_does_not_become_one(self, auto: Attempt, ana: User) -> None:
        draft = ready_draft()
        Decision.objects.create(draft=draft, kind="approved", by=ana, final_text=draft.body)
        refused(lambda: Decision.objects.update(kind="auto_sent", by=None, attempt=auto), "another category or setup")


class TestPlantedTexts:
    @pytest.fixture
    def planted(self, auto: Attempt, ana: User) -> PlantedDraft:
        about = {"kind": "amount", "body": "You get 500 EUR back.", "start": 8, "end": 11, "words": "", "shown_at": timezone.now()}
        return PlantedDraft.objects.create(draft=entered(auto), reviewer=ana, **about)

    def test_nobody_decides_to_send_one(self, planted: PlantedDraft, ana: User) -> None:
        for text in (planted.body, f"  {planted.body}\n", planted.body.replace(" ", "\n")):
            about = {"draft": planted.draft, "kind": "edited", "by": ana, "final_text": text}
            refused(lambda about=about: Decision.objects.create(**about), "planted")  # type: ignore[misc]

    def test_no_decision_is_changed_into_one(self, planted: PlantedDraft, ana: User) -> None:
        Decision.objects.create(draft=planted.draft, kind="edited", by=ana, final_text="Fine.")
        refused(lambda: Decision.objects.update(final_text=planted.body), "planted")

    def test_no_mail_of_its_conversation_has_one(self, planted: PlantedDraft, ana: User) -> None:
        message = planted.draft.message
        refused(lambda: make_outgoing(by=ana, message=message, body=f"{planted.body}\n\nBolt & Nut Ltd"), "planted")
        refused(lambda: make_outgoing(by=ana, message=message, body=planted.body.replace(" ", "  ")), "planted")
        mail = make_outgoing(by=ana, message=message, body="Fine.")
        refused(lambda: OutgoingMail.objects.filter(pk=mail.pk).update(body=planted.body), "planted")

    def test_it_does_not_leave_by_itself_either(self, planted: PlantedDraft, auto: Attempt) -> None:
        Draft.objects.filter(pk=planted.draft_id).update(body=planted.body)
        planted.draft.refresh_from_db()
        refused(lambda: decide(planted.draft, auto), "planted")


class TestTheStates:
    @pytest.mark.parametrize("state", ["ready", "ramp_10", "ramp_50", "auto", "suspended", "ended"])
    def test_an_attempt_begins_with_collecting(self, auto: Attempt, dana: User, state: str) -> None:
        about = {"category": make_category("returns"), "setup": auto.setup, "chooser": auto.chooser, "began_at": timezone.now()}
        about |= {"unlocked_by": dana, "unlocked_at": timezone.now()}
        refused(lambda: Attempt.objects.create(state=state, **about), "begins with collecting")

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("collecting", "ramp_10"),
            ("collecting", "ramp_50"),
            ("collecting", "auto"),
            ("collecting", "suspended"),
            ("ready", "ramp_50"),
            ("ready", "auto"),
            ("ready", "suspended"),
            ("ramp_10", "auto"),
            ("ramp_10", "collecting"),
            ("suspended", "ramp_50"),
            ("suspended", "auto"),
            ("suspended", "ready"),
            ("suspended", "collecting"),
        ],
    )
    def test_no_step_is_left_out(self, shares: Shares, dana: User, before: str, after: str) -> None:
        running_setup()
        attempt = attempt_at(before)
        about = {"unlocked_by": dana, "unlocked_at": timezone.now(), "cause": "person" if after == "suspended" else ""}
        refused(lambda: set_state(attempt, after, **about), f"cannot go from {before} to {after}")

    @pytest.mark.parametrize("cause", Attempt.Cause.values)
    def test_what_was_suspended_goes_on_only_after_what_says_nothing_about_the_drafts(self, shares: Shares, dana: User, cause: str) -> None:
        running_setup()
        attempt = attempt_at("auto")
        set_state(attempt, "suspended", cause=cause)
        go_on = {"cause": "", "unlocked_by": dana, "unlocked_at": timezone.now()}
        if cause in {"person", "cap", "setup", "model"}:
            set_state(attempt, "ramp_10", **go_on)
        else:
            refused(lambda: set_state(attempt, "ramp_10", **go_on), f"suspended for {cause} cannot go on")

    @pytest.mark.parametrize("cause", ["leak", "recipient", "promise", "drift"])
    def test_or_after_flags_that_were_all_found_mistaken(self, auto: Attempt, dana: User, cause: str) -> None:
        flags = [Flag.objects.create(draft=ready_draft(), kind="leak", words="No.", by=dana) for _ in range(2)]
        set_state(auto, "suspended", cause=cause, flagged=[flag.pk for flag in flags])

        def go_on() -> None:
            set_state(auto, "ramp_10", cause="", flagged=[], unlocked_by=dana, unlocked_at=timezone.now())

        refused(go_on, "cannot go on")
        Flag.objects.filter(pk=flags[0].pk).update(cleared_by=dana, cleared_at=timezone.now())
        refused(go_on, "cannot go on")
        Flag.objects.filter(pk=flags[1].pk).update(cleared_by=dana, cleared_at=timezone.now())
        if cause == "drift":
            refused(go_on, "cannot go on")
        else:
            go_on()

    def test_a_flag_that_was_erased_was_not_found_mistaken(self, auto: Attempt, dana: User) -> None:
        flag = Flag.objects.create(draft=ready_draft(), kind="leak", words="No.", by=dana)
        set_state(auto, "suspended", cause="leak", flagged=[flag.pk])
        flag.delete()
        refused(lambda: set_state(auto, "ramp_10", cause="", unlocked_by=dana, unlocked_at=timezone.now()), "cannot go on")

    @pytest.mark.parametrize(
        ("before", "after"), [("drift", "person"), ("leak", "person"), ("proof", "model"), ("drift", "leak"), ("proof", "promise")]
    )
    def test_what_it_was_suspended_for_does_not_become_less(self, auto: Attempt, before: str, after: str) -> None:
        set_state(auto, "suspended", cause=before, flagged=[1, 2])
        refused(lambda: set_state(auto, "suspended", cause=after), "does not become less")
        refused(lambda: set_state(auto, "suspended", cause=before, flagged=[2]), "does not become less")
        set_state(auto, "suspended", cause="drift", flagged=[1, 2, 3])

    def test_what_has_ended_stays_so(self, auto: Attempt) -> None:
        set_state(auto, "ended", cause="again", ended_at=timezone.now())
        refused(lambda: set_state(auto, "collecting", cause="", ended_at=None), "cannot go from ended to collecting")

    def test_only_a_person_unlocks(self, shares: Shares) -> None:
        running_setup()
        attempt = attempt_at("ready")
        refused(lambda: set_state(attempt, "ramp_10"), "unlocked_by_a_person")

    def test_an_attempt_stays_of_its_category_and_setup(self, auto: Attempt) -> None:
        for about in ({"category": make_category("returns")}, {"setup": running_setup()}, {"chooser": running_setup()}):
            refused(lambda about=about: Attempt.objects.update(**about), "of one category and one setup")  # type: ignore[misc]

    def test_there_is_one_attempt_at_a_time(self, auto: Attempt) -> None:
        refused(lambda: attempt_at("collecting"), "one_at_a_time")

    def test_counts_add_up(self, auto: Attempt) -> None:
        for about in ({"n": 1}, {"k": 1}, {"settled_to": 1}):
            refused(lambda about=about: Attempt.objects.update(**about), "add_up")  # type: ignore[misc]

    def test_the_switch_cannot_be_taken_away(self, auto: Attempt) -> None:
        stop(auto)
        refused(lambda: Switch.objects.all()._raw_delete("default"), "stays as it is")


def change_by_sql(table: str, change: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"{change.format(table)}")

    return run


class TestTheProof:
    @pytest.fixture
    def proof(self, auto: Attempt, ana: User) -> None:
        now = timezone.now()
        entry = LedgerEntry.objects.create(attempt=auto, draft=ready_draft(), position=1, why="collecting", at=now)
        Verdict.objects.create(entry=entry, unsafe=True, counts=True, reason="edited", by=ana, at=now)
        Transition.objects.create(attempt=auto, after="collecting", n=0, k=0, at=now)
        EvidencePoint.objects.create(attempt=auto, n=0, k=0, at=now)

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("review_verdict", "UPDATE {} SET unsafe = false"),
            ("review_verdict", "UPDATE {} SET counts = false"),
            ("review_verdict", "UPDATE {} SET by_id = NULL"),
            ("review_verdict", "DELETE FROM {}"),
            ("review_transition", "UPDATE {} SET words = 'other'"),
            ("review_transition", "DELETE FROM {}"),
            ("review_evidencepoint", "UPDATE {} SET k = 0, n = 500"),
            ("review_evidencepoint", "DELETE FROM {}"),
            ("review_attempt", "DELETE FROM {}"),
            ("review_ledgerentry", "DELETE FROM {}"),
            ("review_ledgerentry", "UPDATE {} SET position = 7"),
            ("review_ledgerentry", "UPDATE {} SET at = now()"),
            ("review_ledgerentry", "UPDATE {} SET draft_id = NULL"),
            ("review_ledgerentry", "UPDATE {} SET route = 'auto'"),
            ("review_terms", "UPDATE {} SET epsilon = 0.01"),
            ("review_terms", "UPDATE {} SET is_collecting = false"),
            ("review_terms", "UPDATE {} SET audit_share = 0.5"),
            ("review_terms", "DELETE FROM {}"),
        ],
    )
    def test_what_counts_as_proof_stays_as_it_is(self, proof: None, table: str, change: str) -> None:
        refused(change_by_sql(table, change), "stays as it is")

    def test_a_draft_has_one_place(self, proof: None, auto: Attempt) -> None:
        draft = LedgerEntry.objects.get().draft
        about = {"attempt": auto, "why": "collecting", "at": timezone.now()}
        refused(lambda: LedgerEntry.objects.create(draft=draft, position=2, **about), "draft_id")
        refused(lambda: LedgerEntry.objects.create(draft=None, position=1, **about), "ledger_position")


class TestTerms:
    @pytest.mark.parametrize("looser", [{"epsilon": 0.021}, {"alpha": 0.051}, {"ramp_sends": 99}])
    def test_what_is_loose_is_in_force_by_two_admins_only(self, dana: User, looser: dict[str, Any]) -> None:
        refused(lambda: make_terms(by=dana, **looser), "loose_need_two")
        refused(lambda: make_terms(by=dana, confirmed_by=dana, **looser), "loose_need_two")
        waiting = Terms.objects.create(category=make_category(), by=dana, **looser)
        rows = Terms.objects.filter(pk=waiting.pk)
        refused(lambda: rows.update(in_force_at=timezone.now()), "loose_need_two")
        refused(lambda: rows.update(in_force_at=timezone.now(), confirmed_by=dana), "loose_need_two")
        assert rows.update(in_force_at=timezone.now(), confirmed_by=make_person("admin")) == 1

    @pytest.mark.parametrize(
        "wrong", [{"audit_share": 0.049}, {"epsilon": 0.3}, {"alpha": 0.3}, {"ramp_sends": 19}, {"daily_cap": 0}], ids=str
    )
    def test_some_limits_nobody_can_lift(self, dana: User, wrong: dict[str, Any]) -> None:
        refused(lambda: make_terms(by=dana, confirmed_by=make_person("admin"), **wrong), "terms_")


def test_a_setup_never_changes_either(auto: Attempt) -> None:
    refused(lambda: type(auto.setup).objects.filter(pk=auto.setup_id).update(parts={}), "[Ss]etup")


def test_the_message_that_is_answered_stays_the_same(auto: Attempt) -> None:
    """A mail that was queued goes to whom it was queued for, whatever becomes of the row of the message."""
    decision = sent(auto)
    recipient = mail_of(decision).recipient
    Message.objects.update(from_address="eve@elsewhere.example")
    Conversation.objects.update(customer_address="eve@elsewhere.example")
    OutgoingMail.objects.update(check_at=None, due_at=timezone.now() - timedelta(minutes=1))
    assert mail_of(decision).recipient == recipient
