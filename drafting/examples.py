"""Style examples: how people here last answered mails of the same kind, for the model to write alike. Masked, and never of another mailbox.

A person's reply counts once it was sent, in its final text; what left by itself is no example, nor is what was erased: without the
evidence nobody knows what to mask. Facts in it are old, so the gate traces
nothing to an example.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from drafting.models import Category
from drafting.personal import Personal, gather
from inbox.models import Conversation, Mailbox

AT_MOST = 3
SEARCHED = 500
"""Decided drafts of the category among which those of the mailbox are looked for, so that a rare kind of mail costs no more."""
CANDIDATES = 12
_ANSWERED = """
    WITH answered AS MATERIALIZED (
        SELECT draft.*, coalesce(nullif(message.reply_text, ''), message.text) AS mail, sent.body AS reply, sent.queued_by_id,
               message.from_name, message.from_address
          FROM (SELECT id, language, customer_id, conversation_id, message_id
                  FROM drafting_draft WHERE category_id = %(category)s AND state = 'decided' AND hand_over_reason = ''
                   AND erased_at IS NULL
                   AND NOT EXISTS (SELECT FROM drafting_evidence WHERE draft_id = drafting_draft.id AND erased_at IS NOT NULL)
                 ORDER BY id DESC LIMIT %(searched)s) AS draft
          JOIN inbox_message AS message ON message.id = draft.message_id
          JOIN LATERAL (SELECT body, queued_by_id FROM inbox_outgoingmail
                         WHERE in_reply_to_id = message.id AND mailbox_id = %(mailbox)s AND state = 'sent' AND NOT is_automatic
                               AND erased_at IS NULL
                               AND (%(before)s::timestamptz IS NULL OR sent_at < %(before)s)
                         ORDER BY id DESC LIMIT 1) AS sent ON true
         WHERE message.mailbox_id = %(mailbox)s AND draft.language = ANY(%(languages)s) AND draft.conversation_id <> %(apart_from)s
         ORDER BY draft.id DESC LIMIT %(candidates)s)
    SELECT answered.language, mail, reply, from_name, from_address, conversation.customer_name,
           coalesce(customer.name, ''), coalesce(customer.number, ''), concat_ws(' ', person.first_name, person.last_name),
           array(SELECT contact FROM drafting_customeraddress WHERE customer_id = answered.customer_id),
           (SELECT coalesce(jsonb_agg(jsonb_build_array(tool, answer) ORDER BY position), '[]')
              FROM drafting_evidence WHERE draft_id = answered.id AND outcome = 'found')
      FROM answered
      JOIN inbox_conversation AS conversation ON conversation.id = answered.conversation_id
      LEFT JOIN drafting_customer AS customer ON customer.id = answered.customer_id
      LEFT JOIN auth_user AS person ON person.id = answered.queued_by_id
     ORDER BY answered.id DESC
"""
"""Read through the index `draft_decided_newest`. Written out, as every draft asks this and Django would take 3 ms to put it together;
in two steps, as PostgreSQL would take 1 ms to plan eight tables at once.
"""


class _Answered(NamedTuple):
    """A draft whose mail was answered, as `_ANSWERED` finds it. `answers` is JSON: [[tool, answer]] of what was looked up for it."""

    language: str
    mail: str
    reply: str
    from_name: str
    from_address: str
    name_in_conversation: str
    customer_name: str
    customer_number: str
    sender: str
    contacts: list[str]
    answers: str


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
    found = [one for one in _sent(category, mailbox, {language, mailbox.language}, apart_from, before) if _size(one) <= most_bytes]
    in_language = [one for one in found if one.language == language] or found
    examples: list[dict[str, str]] = []
    for answered in in_language:
        example = _example(answered, mailbox)
        size = sum(len(text.encode()) for one in (*examples, example) for text in one.values())
        if size <= most_bytes and example["reply"] not in {one["reply"] for one in examples}:
            examples.append(example)
        if len(examples) == AT_MOST:
            break
    return examples


def _sent(
    category: Category, mailbox: Mailbox, languages: set[str], apart_from: Conversation | None, before: datetime | None
) -> list[_Answered]:
    """Decided drafts whose mail was answered from this mailbox, with what was sent, newest first."""
    about: dict[str, Any] = {
        "category": category.pk,
        "mailbox": mailbox.pk,
        "languages": list(languages),
        "apart_from": apart_from.pk if apart_from else 0,
        "searched": SEARCHED,
        "candidates": CANDIDATES,
        "before": before,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, about)
        return [_Answered(*row) for row in cursor.fetchall()]


def _size(answered: _Answered) -> int:
    return len(answered.mail.strip().encode()) + len(answered.reply.encode())


def _example(answered: _Answered, mailbox: Mailbox) -> dict[str, str]:
    """What was looked up for the draft knows the names, addresses and codes that have to be masked."""
    answers = [*map(tuple, json.loads(answered.answers)), ("customer", {"number": answered.customer_number})]
    names = [answered.from_name, answered.name_in_conversation, answered.customer_name, answered.sender, *answered.contacts]
    mail, reply = answered.mail.strip(), answered.reply.strip().removesuffix(mailbox.signature.strip()).strip()
    known = gather(names=names, sender=answered.from_address, answers=answers, texts=[mail, reply])
    return {"mail": _masked(mail, known, answered.language), "reply": _masked(reply, known, answered.language)}


@lru_cache(maxsize=256)
def _masked(text: str, known: Personal, language: str) -> str:
    """The same examples are shown for many mails in a row, and masking costs some milliseconds a text."""
    return known.mask(text, language=language)
