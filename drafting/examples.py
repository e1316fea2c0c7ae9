"""Style examples: how people here last answered mails of the same kind, for the model to write alike. Masked, and never of another mailbox.

A reply counts once it was sent, in its final text. Facts in it are old, so the gate traces nothing to an example.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from drafting.models import Category, CustomerAddress, Draft, Evidence
from drafting.personal import Personal, gather
from inbox.models import Conversation, Mailbox, OutgoingMail

AT_MOST = 3
SEARCHED = 500
"""Decided drafts of the category among which those of the mailbox are looked for, so that a rare kind of mail costs no more."""
CANDIDATES = 12


def for_category(
    *,
    category: Category,
    mailbox: Mailbox,
    language: str,
    most_bytes: int,
    apart_from: Conversation | None = None,
    before: datetime | None = None,
) -> list[dict[str, str]]:
    """At most three of {"mail", "reply"}, the newest first, together at most `most_bytes` of UTF-8. One query.

    Those in `language` (ISO 639-1), else those in the mailbox's. `apart_from` is the conversation to be answered. Only what was sent
    `before`, where that is given: a replay must not see the answer that it is compared with.
    """
    found = [draft for draft in _sent(category, mailbox, {language, mailbox.language}, apart_from, before) if _size(draft) <= most_bytes]
    in_language = [draft for draft in found if draft.language == language] or found
    examples: list[dict[str, str]] = []
    for draft in in_language:
        example = _example(draft, mailbox)
        size = sum(len(text.encode()) for one in (*examples, example) for text in one.values())
        if size <= most_bytes and example["reply"] not in {one["reply"] for one in examples}:
            examples.append(example)
        if len(examples) == AT_MOST:
            break
    return examples


def _sent(
    category: Category, mailbox: Mailbox, languages: set[str], apart_from: Conversation | None, before: datetime | None
) -> Iterator[Any]:
    """Drafts whose mail was answered from this mailbox, with what was sent; read through the index `draft_decided_newest`."""
    decided: QuerySet[Draft] = Draft.objects.filter(category=category, state=Draft.State.DECIDED, hand_over_reason="")
    newest = decided.order_by("-pk")[:SEARCHED]
    until = Q(sent_at__lt=before) if before else Q()
    sent = OutgoingMail.objects.filter(until, in_reply_to=OuterRef("message"), mailbox=mailbox, state=OutgoingMail.State.SENT)
    content = JSONObject(body="body", first="queued_by__first_name", last="queued_by__last_name")
    looked_up = Evidence.objects.filter(draft=OuterRef("pk"), outcome=Evidence.Outcome.FOUND)
    answers = looked_up.order_by("position").values(content=JSONObject(tool="tool", answer="answer"))
    contacts = CustomerAddress.objects.filter(customer=OuterRef("customer")).values("contact")
    own = Draft.objects.filter(pk__in=newest.values("pk"), message__mailbox=mailbox, language__in=languages)
    if apart_from:
        own = own.exclude(conversation=apart_from)
    answered = own.annotate(
        sent=Subquery(sent.order_by("-pk").values(content=content)[:1]), contacts=ArraySubquery(contacts), answers=ArraySubquery(answers)
    )
    answered = answered.filter(sent__isnull=False).select_related("message", "conversation", "customer").order_by("-pk")
    yield from answered.only(
        "language",
        *("message__text", "message__reply_text", "message__from_name", "message__from_address"),
        *("conversation__customer_name", "customer__name", "customer__number"),
    )[:CANDIDATES]


def _size(draft: Any) -> int:
    return len(_mail(draft).encode()) + len(draft.sent["body"].encode())


def _mail(draft: Any) -> str:
    return str(draft.message.reply_text or draft.message.text).strip()


def _example(draft: Any, mailbox: Mailbox) -> dict[str, str]:
    """What was looked up for the draft knows the names, addresses and codes that have to be masked."""
    answers = [(each["tool"], each["answer"]) for each in draft.answers]
    names = [draft.message.from_name, draft.conversation.customer_name, f"{draft.sent['first']} {draft.sent['last']}", *draft.contacts]
    if draft.customer:
        names.append(draft.customer.name)
        answers = [*answers, ("customer", {"number": draft.customer.number})]
    mail, reply = _mail(draft), draft.sent["body"].strip().removesuffix(mailbox.signature.strip()).strip()
    known = gather(names=names, sender=draft.message.from_address, answers=answers, texts=[mail, reply])
    return {"mail": _masked(mail, known, draft.language), "reply": _masked(reply, known, draft.language)}


@lru_cache(maxsize=256)
def _masked(text: str, known: Personal, language: str) -> str:
    """The same examples are shown for many mails in a row, and masking costs some milliseconds a text."""
    return known.mask(text, language=language)
