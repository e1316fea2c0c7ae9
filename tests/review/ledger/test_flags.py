"""What comes out about a reply later, and what a customer complains about."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from inbox.models import Message, OutgoingMail
from review import ledger
from review.ledger.flags import NotFlagged, find_complaints
from review.models import Attempt, Decision, Flag, LedgerEntry, LogEntry
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import make_outgoing, make_person
from tests.review.ledger.rows import counts, draft_of, entered, left_by_itself, make_attempt, settle, weighed

pytestmark = pytest.mark.django_db
ANGRY = "This is unacceptable: the wrong bolts came. I will talk to my lawyer."


@pytest.fixture
def attempt(db: None) -> Attempt:
    """An attempt that has just begun."""
    return make_attempt()


@pytest.fixture
def entry(attempt: Attempt, ana: User) -> LedgerEntry:
    """A draft that Ana approved."""
    entry = entered(attempt)
    settle(entry, ana)
    return entry


@pytest.fixture
def eva(db: None) -> User:
    """A manager."""
    return make_person("manager", "eva")


def newest(entry: LedgerEntry) -> tuple[str, bool | None, bool]:
    """Its newest verdict, which is what counts of it."""
    verdict = entry.verdicts.order_by("-pk").first()
    assert verdict is not None
    entry.refresh_from_db()
    assert (entry.unsafe, entry.counts) == (verdict.unsafe, verdict.counts)
    return verdict.reason, verdict.unsafe, verdict.counts


def test_a_flag_makes_unsafe_what_counted_as_safe(attempt: Attempt, entry: LedgerEntry, ben: User) -> None:
    flag = ledger.flags.flag(draft=draft_of(entry), kind="wrong_fact", words=" The date was wrong. ", by=ben)
    assert newest(entry) == ("flagged", True, True)
    assert counts(attempt) == (1, 1, 1)
    assert flag.words == "The date was wrong."
    assert entry.verdicts.get(reason="flagged").words == "It said something wrong. The date was wrong."
    logged = LogEntry.objects.get(act="reply.flagged")
    assert (logged.by, logged.conversation) == (ben, draft_of(entry).conversation)


def test_the_same_flag_again_keeps_what_is_written_and_changes_nothing_else(entry: LedgerEntry, ana: User, ben: User) -> None:
    first = ledger.flags.flag(draft=draft_of(entry), kind="leak", words="Another's address.", by=ben)
    for _ in range(2):
        again = ledger.flags.flag(draft=draft_of(entry), kind="leak", words="And the order number.", by=ana)
    ledger.flags.flag(draft=draft_of(entry), kind="leak", words="Code saw it too.", by=None)
    assert again == first and again.by == ben
    assert again.words == f"Another's address.\n{ana.get_full_name()}: And the order number."
    assert list(LogEntry.objects.filter(act="reply.flagged", by=ana).values_list("words", flat=True).distinct()) == [
        "It showed somebody else's data. And the order number."
    ]
    assert entry.verdicts.count() == 2
    ledger.flags.flag(draft=draft_of(entry), kind="promise", words="It promised, too.", by=ben)
    assert ledger.flags.of([draft_of(entry)])[draft_of(entry).pk] == list(Flag.objects.order_by("pk"))


def test_who_flags_says_what_is_wrong(entry: LedgerEntry, ben: User) -> None:
    with pytest.raises(NotFlagged, match="Say in a few words"):
        ledger.flags.flag(draft=draft_of(entry), kind="leak", words=" ", by=ben)
    assert not Flag.objects.exists()


def test_a_draft_outside_the_ledger_can_be_flagged_too(entry: LedgerEntry, ben: User) -> None:
    message = make_message()
    loose = draft_of(entry)
    loose.pk = None
    loose.message, loose.conversation = message, message.conversation or make_conversation()
    loose.save()
    assert ledger.flags.flag(draft=loose, kind="recipient", words="It went to Bob.", by=ben).draft == loose


def test_a_mistaken_flag_gives_the_draft_its_verdict_back(attempt: Attempt, entry: LedgerEntry, ana: User, ben: User, eva: User) -> None:
    flags = [ledger.flags.flag(draft=draft_of(entry), kind=kind, words="Wrong.", by=ben) for kind in ("wrong_fact", "promise")]
    ledger.flags.clear(flag=flags[0], by=eva, words="It was right.")
    assert newest(entry)[:2] == ("flagged", True)
    cleared = ledger.flags.clear(flag=flags[1], by=eva, words="A rule allows it.")
    assert (cleared.cleared_by, cleared.cleared_at is None) == (eva, False)
    assert newest(entry) == ("cleared", False, True)
    assert counts(attempt) == (1, 0, 1)
    assert LogEntry.objects.filter(act="reply.cleared", by=eva).count() == 2


@pytest.mark.parametrize(("kind", "seconds", "unsafe"), [("rejected", 60, True), ("approved", 1, None), ("approved", 60, False)])
def test_clearing_brings_back_what_was_known_before(ana: User, eva: User, kind: str, seconds: int, unsafe: bool | None) -> None:
    entry = entered(make_attempt())
    settle(entry, ana, kind, seconds_open=seconds)
    flag = ledger.flags.flag(draft=draft_of(entry), kind="complaint", words="", by=None)
    assert newest(entry) == ("flagged", True, True)
    ledger.flags.clear(flag=flag, by=eva, words="It was about the weather.")
    assert newest(entry) == ("cleared", unsafe, unsafe is not None)


def test_what_was_flagged_before_it_was_weighed_has_its_verdict_once_cleared(attempt: Attempt, ana: User, eva: User) -> None:
    entry = entered(attempt)
    flag = ledger.flags.flag(draft=draft_of(entry), kind="complaint", words="", by=None)
    assert settle(entry, ana) is None
    assert counts(attempt) == (1, 1, 1)
    ledger.flags.clear(flag=flag, by=eva, words="It was about the weather.")
    assert newest(entry) == ("cleared", False, True)


def test_without_any_verdict_a_cleared_draft_still_lacks_one(attempt: Attempt, ana: User, eva: User) -> None:
    entry = entered(attempt)
    flag = ledger.flags.flag(draft=draft_of(entry), kind="complaint", words="", by=None)
    ledger.flags.clear(flag=flag, by=eva, words="It was about the weather.")
    assert newest(entry) == ("cleared", True, True)


def test_nobody_clears_the_flag_of_what_they_decided_themselves(entry: LedgerEntry, ana: User, ben: User) -> None:
    flag = ledger.flags.flag(draft=draft_of(entry), kind="wrong_fact", words="Wrong.", by=ben)
    with pytest.raises(NotFlagged, match="somebody else"):
        ledger.flags.clear(flag=flag, by=ana, words="It was right.")
    assert newest(entry)[0] == "flagged"


def test_a_flag_is_cleared_once_and_with_a_reason(entry: LedgerEntry, ben: User, eva: User) -> None:
    flag = ledger.flags.flag(draft=draft_of(entry), kind="wrong_fact", words="Wrong.", by=ben)
    with pytest.raises(NotFlagged, match="Say in a few words"):
        ledger.flags.clear(flag=flag, by=eva, words="")
    ledger.flags.clear(flag=flag, by=eva, words="It was right.")
    with pytest.raises(NotFlagged, match="faster"):
        ledger.flags.clear(flag=flag, by=ben, words="It was right.")
    assert ledger.flags.flag(draft=draft_of(entry), kind="wrong_fact", words="It was wrong after all.", by=ben) != flag
    assert newest(entry)[0] == "flagged"


def test_what_left_by_itself_is_flagged_without_counting(attempt: Attempt, ben: User, eva: User) -> None:
    entry = entered(attempt, route="auto")
    left_by_itself(entry)
    ledger.settle_overdue()
    flag = ledger.flags.flag(draft=draft_of(entry), kind="wrong_fact", words="Wrong.", by=ben)
    assert newest(entry) == ("flagged", True, False)
    assert counts(attempt) == (0, 0, 1)
    ledger.flags.clear(flag=flag, by=eva, words="It was right.")
    assert newest(entry) == ("cleared", None, False)


def replied(entry: LedgerEntry, by: User, kind: str = "approved", *, days_ago: float = 1, state: str = "sent") -> Decision:
    """The draft was decided, and a reply left."""
    sent_at = timezone.now() - timedelta(days=days_ago)
    mail = make_outgoing(by=by, message=draft_of(entry).message, state=state)
    OutgoingMail.objects.filter(pk=mail.pk).update(**{"sent_at" if state == "sent" else "dot_sent_at": sent_at})
    settle(entry, by, kind, outgoing=mail, final_text=draft_of(entry).body)
    return weighed(Decision.objects.get(outgoing=mail))


def answer(entry: LedgerEntry, text: str = ANGRY, **about: object) -> Message:
    """What the customer writes next."""
    return make_message(text, conversation=draft_of(entry).conversation, **about)


@pytest.mark.parametrize("state", ["sent", "maybe_sent"])
def test_a_complaint_in_the_next_mail_flags_the_reply(attempt: Attempt, ana: User, state: str) -> None:
    entry = entered(attempt)
    replied(entry, ana, state=state)
    message = answer(entry)
    (flag,) = find_complaints()
    assert (flag.kind, flag.by, flag.message, flag.draft) == ("complaint", None, message, draft_of(entry))
    assert flag.words == "The customer's next mail says “unacceptable”, “lawyer”."
    assert newest(entry) == ("flagged", True, True)
    assert find_complaints() == []
    assert not LogEntry.objects.filter(act="reply.flagged").exists()


@pytest.mark.parametrize(
    "text", ["Das ist eine Frechheit, wir gehen zum Anwalt.", "C'est inadmissible.", "To jest skandal!", "Dit is onacceptabel."]
)
def test_complaints_are_found_in_other_languages(attempt: Attempt, ana: User, text: str) -> None:
    entry = entered(attempt)
    replied(entry, ana)
    answer(entry, text)
    assert len(find_complaints()) == 1


def test_thanks_are_no_complaint_and_are_looked_at_once(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    replied(entry, ana)
    message = answer(entry, "Thank you, that helps.")
    assert find_complaints() == []
    message.refresh_from_db()
    assert message.weighed_at is not None
    assert not Message.objects.filter(weighed_at=None).exclude(pk=draft_of(entry).message_id).exists()


def test_what_is_quoted_is_no_complaint(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    replied(entry, ana)
    answer(entry, f"> {ANGRY}\n\nThanks!", reply_text="Thanks!")
    assert find_complaints() == []


@pytest.mark.parametrize("kind", ["automatic", "bounce", "list", "own"])
def test_only_people_complain(attempt: Attempt, ana: User, kind: str) -> None:
    entry = entered(attempt)
    replied(entry, ana)
    answer(entry, kind=kind)
    assert find_complaints() == []


def test_the_complaint_is_about_the_newest_reply_before_it(attempt: Attempt, ana: User) -> None:
    old, new, later = entered(attempt), entered(attempt), entered(attempt)
    for entry in (new, later):
        draft = draft_of(entry)
        draft.conversation = draft_of(old).conversation
        draft.save()
    for entry, days in ((old, 5), (new, 3), (later, 1)):
        replied(entry, ana, days_ago=days)
    answer(old, received_at=timezone.now() - timedelta(days=2))
    (flag,) = find_complaints()
    assert flag.draft == draft_of(new)


def test_an_old_reply_or_one_by_hand_is_not_what_they_complain_about(attempt: Attempt, ana: User) -> None:
    old, by_hand, unsent = entered(attempt), entered(attempt), entered(attempt)
    replied(old, ana, days_ago=31)
    replied(by_hand, ana, "taken_over")
    settle(unsent, ana)
    messages = [answer(entry) for entry in (old, by_hand, unsent)]
    assert find_complaints() == []
    assert not Message.objects.filter(pk__in=[message.pk for message in messages], weighed_at=None).exists()


def test_of_two_sweeps_one_flags_and_a_sweep_takes_so_many_mails_at_most(attempt: Attempt, ana: User) -> None:
    entry = entered(attempt)
    replied(entry, ana)
    for _ in range(3):
        answer(entry)
    flags = [find_complaints(most=2), find_complaints(most=2)]
    assert {flag.pk for found in flags for flag in found} == {Flag.objects.get().pk}
    assert not Message.objects.filter(reply_text=ANGRY, weighed_at=None).exists()
