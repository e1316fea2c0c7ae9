"""A second look: a decided draft as the first reviewer had it, without what came of it."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from drafting.models import Draft
from inbox import composing
from inbox.models import Message, OutgoingMail
from review import second_looks
from review.desk import conversation, flags, item, letter, proof, text, warnings, words
from review.desk.warnings import Caution
from review.models import Decision, SecondLook

AT_ONCE = 10
"""Reviewers who look at the same time are spread over so many, so that they seldom take the same one."""
BEFORE = 3
"""Mails before the one that the draft answers."""
RIGHT, WORDING, WRONG = "right", "wording", "wrong"
SAID = {RIGHT: "", WORDING: "Only the wording."}


@dataclass(frozen=True, slots=True)
class Look:
    """What the second reviewer sees, and where they answer."""

    subject: str
    customer: str
    mailbox: str
    mails: list[conversation.Entry]
    warnings: list[Caution]
    recipient: str
    reply_subject: str
    draft_text: list[text.Segment]
    proof: proof.Proof
    tags: list[str]
    answer_url: str
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Unkept:
    """What somebody wrote about a draft that was no longer theirs to judge: why it was not kept, their words, and where to say it now."""

    why: str
    typed: str
    url: str


def waiting(user: User) -> int:
    """How many wait for `user`."""
    return second_looks.waiting(user).count()


def choose(user: User) -> SecondLook | None:
    """The one that `user` is to take next: one of the oldest."""
    found = list(second_looks.waiting(user)[:AT_ONCE])
    return found[user.pk % len(found)] if found else None


def look(asked: SecondLook, user: User, *, typed: str = "", error: str = "") -> Look:
    """The draft of a look. `typed` is what could not be kept, and `error` why."""
    draft = item.find(user).get(pk=asked.draft_id)
    cards = proof.cards(draft)
    talk, mails = draft.conversation, _mails(draft)
    return Look(
        subject=talk.subject or "(no subject)",
        customer=talk.customer_name or talk.customer_address,
        mailbox=talk.mailbox.name,
        mails=mails,
        warnings=warnings.of_draft(draft, (), neighbours=draft.neighbours, is_only=len(mails) == 1),  # type: ignore[attr-defined]
        recipient=letter.recipient(draft.message),
        reply_subject=composing.reply_subject(draft.message.subject),
        draft_text=letter.segments(draft, None, cards),
        proof=proof.proof(draft, "past", cards),
        tags=[each for each in (draft.category.name if draft.category else "", words.language(draft.language)) if each],
        answer_url=reverse("answer_second_look", args=[asked.pk]),
        typed=typed,
        error=error,
    )


def unkept(asked: SecondLook, *, typed: str, why: str) -> Unkept:
    """What could not be kept. A reply that left can still be flagged by whoever found something wrong with it."""
    left = Decision.objects.filter(draft=asked.draft_id, kind__in=flags.OF_A_DRAFT, outgoing__state__in=flags.LEFT, undone_at=None).first()
    url = f"{reverse('outgoing_mail', args=[left.outgoing_id])}#wrong" if left and typed.strip() else ""
    return Unkept(why=why, typed=typed.strip(), url=url)


def outcome(answered: SecondLook) -> str:
    """Whether both see it the same way, once the second one has answered."""
    agreed = {
        False: "Thank you. The first reviewer saw it the same way: it was right to send it.",
        True: "Thank you. The first reviewer saw it the same way: it should not have left so.",
    }
    if answered.unsafe == answered.first_unsafe:
        return agreed[answered.first_unsafe]
    if answered.unsafe:
        return "Thank you. The first reviewer found it right to send. It counts as unsafe now, and what you wrote is kept with it."
    return "Thank you. The first reviewer found that it should not leave so. It stays unsafe."


def _mails(draft: Draft) -> list[conversation.Entry]:
    """The conversation up to the mail that the draft answers: what was sent then, and came after, would tell the verdict."""
    at = draft.message.received_at
    received = conversation.with_files(Message.objects.filter(conversation=draft.conversation_id, received_at__lte=at))
    sent = OutgoingMail.objects.filter(conversation=draft.conversation_id, created_at__lt=at, state=OutgoingMail.State.SENT)
    found = list(received.order_by("-received_at", "-pk")[: BEFORE + 1])
    ours = list(conversation.with_uploads(sent).order_by("-created_at")[:BEFORE])
    return conversation.entries(found, ours, opened=draft.message_id)
