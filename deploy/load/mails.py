"""Made-up conversations and the mails in them, one after the other in time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.load.company import DOMAIN, Company, Writer
from deploy.load.vocabulary import LANGUAGES, Language, Vocabulary
from inbox.models import Conversation, Message

SPAN = timedelta(days=730)
FRESH = timedelta(hours=36)
"""What waits came in within this time."""
LENGTHS = (1,) * 11 + (2,) * 6 + (3,) * 2 + (4,)
LONG = 200
"""Mails of the longest conversation, of which there is one."""
HOURS = (*range(7, 19), *range(8, 17), 6, 20, 22)
CONVERSATION = (
    *("id", "mailbox_id", "subject", "customer_address", "customer_name", "state", "led_by", "snoozed_until", "assigned_to_id"),
    *("created_at", "last_message_at"),
)
MESSAGE = (
    *("mailbox_id", "conversation_id", "state", "raw_sha256", "raw_size", "received_at", "stored_at", "read_due_at", "taken_up_at"),
    *("parse_attempts", "kind", "message_id", "in_reply_to", "references", "from_address", "from_name", "to", "subject", "date"),
    *("text", "reply_text", "language", "authenticity"),
)
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mails:
    """Rows of conversations and of their messages, in the order of CONVERSATION and MESSAGE."""

    conversations: list[Row]
    messages: list[Row]


class Correspondence:
    """All mail of a company over two years, `total` conversations, of which the last `waiting` wait for somebody."""

    def __init__(self, *, company: Company, total: int, waiting: int, now: datetime, random: Random, token: str) -> None:
        self.company, self.total, self.waiting, self.now, self.random, self.token = company, total, waiting, now, random, token
        self.words = Vocabulary(random)

    def batch(self, places: range, *, first_id: int) -> Mails:
        """The conversations at these places, counted from 0, with ids from `first_id`."""
        made = Mails([], [])
        for pk, place in enumerate(places, start=first_id):
            self._converse(made, pk, place)
        return made

    def _converse(self, made: Mails, pk: int, place: int) -> None:
        writer = self.words.ranked(self.company.writers)
        mailbox = self.company.mailboxes[min(int(self.random.expovariate(1.2)), len(self.company.mailboxes) - 1)]
        language, order = LANGUAGES[writer.language], f"SO-{100_000 + place}"
        subject = self._filled(self.random.choice(language.subjects), language, order)
        number = LONG if place == 0 else self.random.choice(LENGTHS)
        times = self._times(place, number)
        texts = list(self._texts(writer, language, order, times))
        thread = [f"{self.token}-{place}-{step}@{DOMAIN}" for step in range(number)]
        for step, (at, (text, new)) in enumerate(zip(times, texts, strict=True)):
            is_automatic = 0 < step < number - 1 and self.random.random() < 0.03
            made.messages.append(
                (
                    *(mailbox, pk, Message.State.PARSED, hashlib.sha256(thread[step].encode()).hexdigest(), len(text) + 2000),
                    *(at, at + timedelta(seconds=2), at, at + timedelta(seconds=3), 1),
                    *(Message.Kind.AUTOMATIC if is_automatic else Message.Kind.PERSON, thread[step], thread[step - 1] if step else ""),
                    *(thread[max(0, step - 20) : step], writer.address, writer.name, [f"service@{DOMAIN}"]),
                    *(f"Re: {subject}" if step else subject, at, text, new, writer.language),
                    *(self.random.choice((Message.Authenticity.PASS,) * 5 + (Message.Authenticity.NONE,)),),
                )
            )
        state, until = self._state(place)
        leader = Conversation.Leader.PERSON if self.random.random() < 0.06 else Conversation.Leader.ASSISTANT
        assigned = (
            self.random.choice(self.company.people)
            if self.random.random() < (0.2 if place >= self.total - self.waiting else 0.01)
            else None
        )
        made.conversations.append((pk, mailbox, subject, writer.address, writer.name, state, leader, until, assigned, times[0], times[-1]))

    def _state(self, place: int) -> tuple[str, datetime | None]:
        if place >= self.total - self.waiting:
            return Conversation.State.OPEN, None
        if place >= self.total - self.waiting - self.waiting // 10:
            return Conversation.State.SNOOZED, self.now + timedelta(days=self.random.randint(1, 30))
        return (Conversation.State.WAITING if self.random.random() < 0.35 else Conversation.State.CLOSED), None

    def _times(self, place: int, number: int) -> list[datetime]:
        """When its mails came, oldest first: at hours at which people work, and a day or so apart."""
        day = self.now - SPAN + (SPAN - FRESH) * (place / self.total)
        first = day.replace(hour=self.random.choice(HOURS), minute=self.random.randrange(60), second=self.random.randrange(60))
        gaps = [timedelta(hours=self.random.expovariate(1 / 30)) for _ in range(number - 1)]
        times = [first]
        for gap in gaps:
            times.append(times[-1] + gap)
        end = self.now - timedelta(minutes=1) - FRESH * self.random.random()
        if place >= self.total - self.waiting or times[-1] > end:
            times = [at + (end - times[-1]) for at in times]
        return times

    def _texts(self, writer: Writer, language: Language, order: str, times: list[datetime]) -> Iterator[tuple[str, str]]:
        """Whole text and what is new in it, for each mail."""
        before = ""
        for at in times:
            said = [self._filled(self.words.ranked(language.sentences), language, order) for _ in range(self.random.randint(1, 7))]
            greeting, closing = self.random.choice(language.greetings), self.random.choice(language.closings)
            new = f"{greeting}\n\n{' '.join(said)}\n\n{closing}\n{writer.name}"
            quoted = before[:600].replace("\n", "\n> ")
            yield f"{new}\n\n{language.wrote.format(date=at.date())}\n> {quoted}" if before else new, new
            before = new

    def _filled(self, sentence: str, language: Language, order: str) -> str:
        if "{" not in sentence:
            return sentence
        return sentence.format(
            order=order,
            part=self.words.ranked(language.parts),
            word=self.words.word(),
            word2=self.words.word(),
            place=self.words.word().capitalize(),
            name=self.words.word().capitalize(),
            number=self.random.randint(2, 400),
            number2=self.random.randint(2, 400),
        )
