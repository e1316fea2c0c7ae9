"""Into which conversations messages go that are read together, as if they were read one after the other.

What the database knows of the ids that they name is looked up once for all; what one of them adds is known to those after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from inbox import threads
from inbox.models import Conversation, Mailbox, Message
from inbox.parsing import ParsedMail
from inbox.subjects import base_subject, topic

MOST_KIN = 20

# For each letter, by its number: who has an id that it names, and which messages name its own id, come before it, or answer the same mail
# that we never saw. "id + 0": where many are expected the planner would walk down the primary key, past every message that is no kin.
_RELATED = """
SELECT asked.number, found.of, found.message_id, found.conversation_id
FROM (VALUES {rows}) AS asked (number, ids, own_and_ids)
CROSS JOIN LATERAL (
    SELECT 'message' AS of, 0 AS newest, message_id, conversation_id FROM inbox_message
    WHERE mailbox_id = %s AND message_id = ANY (asked.ids) AND conversation_id IS NOT NULL
    UNION ALL
    SELECT 'mail', 0, message_id, conversation_id FROM inbox_outgoingmail
    WHERE mailbox_id = %s AND message_id = ANY (asked.own_and_ids)
    UNION ALL
    (SELECT 'kin', id, message_id, conversation_id FROM inbox_message
     WHERE mailbox_id = %s AND "references" && asked.own_and_ids AND conversation_id IS NOT NULL ORDER BY id + 0 DESC LIMIT %s)
) AS found
ORDER BY asked.number, found.newest DESC
"""


@dataclass(eq=False)
class Letter:
    """A message on its way into a conversation: its kind is known. `bounced` is our mail that it reports."""

    message: Message
    parsed: ParsedMail
    bounced: threads.Bounced | None = None
    ids: list[str] = field(init=False)
    """What it answers to, the nearest first."""
    customer: str = field(init=False)

    def __post_init__(self) -> None:
        self.ids = self.message.references[::-1]
        self.customer = _other_party(self.message, self.parsed)

    @property
    def own_and_ids(self) -> set[str]:
        """Every id that it shares with its kin."""
        return {one for one in (self.message.message_id, *self.ids) if one}


def place(*, mailbox: Mailbox, letters: Sequence[Letter]) -> list[Conversation]:
    """Set the conversation of each message, and return those that are new, not saved, in the order of their making.

    A customer joins only conversations of their own, whatever ids the mail names: anybody can guess or forward an id.
    A machine that answers joins whatever it answers: out-of-office notes and receipts write subjects of their own.
    A bounce joins the conversation of our mail that it reports (`threads.bounced_mail`).

    Run it in a transaction, until whose end nobody else places mail of these customers or changes these conversations.
    """
    threads.wait_turns(mailbox=mailbox, customers={one.customer for one in letters})
    known = _Known(mailbox, letters)
    for one in letters:
        known.place(one)
    return known.new


def _other_party(message: Message, parsed: ParsedMail) -> str:
    """The customer's address in lower case: who wrote, or whom we wrote to. "" where the mail does not say."""
    everybody = [parsed.from_addr] if message.kind != Message.Kind.OWN else [*parsed.to, *parsed.cc, parsed.from_addr]
    others = [one.lower()[:320] for one in everybody if one and one.lower() != message.mailbox.address.lower()]
    return next(iter(others), "")


class _Known:
    """What is known of the ids that some letters name. It grows with each letter that is placed."""

    def __init__(self, mailbox: Mailbox, letters: Sequence[Letter]) -> None:
        self.new: list[Conversation] = []
        self._placed: list[Letter] = []
        self._splits: dict[int, list[Conversation]] = {}
        self._answered: dict[str, list[Conversation]] = {}
        related = _related(mailbox, letters)
        self._tokens = [threads.signed_conversations(mailbox, one.ids) for one in letters]
        self._saved = _lock(mailbox, letters, related, [pk for pks in self._tokens for pk in pks])
        self._kin: list[list[Conversation | None]] = [[] for _ in letters]
        for number, of, message_id, pk in related:
            conversation = self._saved.get(pk)
            if of == "kin":
                self._kin[number].append(conversation)
            elif conversation:
                self._answered.setdefault(message_id, []).append(conversation)
        for one in self._saved.values():
            self._note_split(one)

    def place(self, letter: Letter) -> None:
        """Find or make its conversation, the letters coming in order."""
        message = letter.message
        theirs = [] if letter.parsed.is_bounce else self._theirs(letter)
        if letter.bounced:
            message.conversation = letter.bounced.mail.conversation
        else:
            message.conversation = self._fitting(letter, theirs) or self._make(letter, theirs)
        self._placed.append(letter)
        if message.message_id:
            self._answered.setdefault(message.message_id, []).append(message.conversation)

    def _fitting(self, letter: Letter, theirs: Sequence[Conversation]) -> Conversation | None:
        """The first of these, or of those split from them, on the subject of the letter."""
        wanted = topic(letter.parsed.subject)
        # A mail without a subject has not changed it.
        if not wanted or letter.message.kind == Message.Kind.AUTOMATIC:
            return next(iter(theirs), None)
        splits = [split for one in theirs for split in reversed(self._splits.get(id(one), ()))]
        return next((one for one in (*theirs, *splits) if topic(one.subject) in {wanted, ""}), None)

    def _theirs(self, letter: Letter) -> list[Conversation]:
        """The customer's conversations that the ids point to, the most telling first: what is answered, our signed token, kin."""
        number = len(self._placed)
        answered = [one for named in letter.ids for one in sorted(self._answered.get(named, ()), key=self._age)]
        tokens = [self._saved[pk] for pk in self._tokens[number] if pk in self._saved]
        shared = letter.own_and_ids
        here = [one.message.conversation for one in reversed(self._placed) if not shared.isdisjoint(one.ids)]
        found = {id(one): one for one in (*answered, *tokens, *[*here, *self._kin[number]][:MOST_KIN]) if one is not None}
        return [one for one in found.values() if letter.customer and one.customer_address == letter.customer]

    def _age(self, conversation: Conversation) -> tuple[int, int]:
        """Those that are saved are older, in the order of their making."""
        if conversation.pk:
            return 0, conversation.pk
        return 1, next(number for number, one in enumerate(self.new) if one is conversation)

    def _offer(self, letter: Letter) -> Conversation | None:
        """Another customer's conversation with a mail of ours that a person answers: only who got that mail can name its signed id."""
        if letter.message.kind != Message.Kind.PERSON:
            return None
        signed = (self._saved[pk] for pk in self._tokens[len(self._placed)] if pk in self._saved)
        return next((one for one in signed if one.customer_address), None)

    def _make(self, letter: Letter, theirs: Sequence[Conversation]) -> Conversation:
        message = letter.message
        made = Conversation(
            mailbox=message.mailbox,
            subject=base_subject(letter.parsed.subject),
            customer_address=letter.customer,
            customer_name="" if message.kind == Message.Kind.OWN else letter.parsed.from_name,
            split_from=next(iter(theirs), None),
            may_continue=None if theirs else self._offer(letter),
            state=Conversation.State.CLOSED if message.is_past else Conversation.State.OPEN,
            last_message_at=message.received_at,
        )
        self.new.append(made)
        self._note_split(made)
        return made

    def _note_split(self, conversation: Conversation) -> None:
        origin = conversation.split_from if conversation._state.adding else self._saved.get(conversation.split_from_id or 0)
        if origin is not None and origin.customer_address == conversation.customer_address:
            self._splits.setdefault(id(origin), []).append(conversation)


def _related(mailbox: Mailbox, letters: Sequence[Letter]) -> list[tuple[int, str, str, int]]:
    """For each letter by its number what its ids lead to: what that is, its id, its conversation; of kin the newest first. One query."""
    asking = [(number, one) for number, one in enumerate(letters) if one.own_and_ids and not one.parsed.is_bounce]
    if not asking:
        return []
    rows = ", ".join(["(%s, %s::text[], %s::text[])"] * len(asking))
    asked = [part for number, one in asking for part in (number, one.ids, sorted(one.own_and_ids))]
    with connection.cursor() as cursor:
        cursor.execute(_RELATED.format(rows=rows), [*asked, *[mailbox.pk] * 3, MOST_KIN])
        return list(cursor.fetchall())


def _lock(
    mailbox: Mailbox, letters: Sequence[Letter], related: Iterable[tuple[int, str, str, int]], signed: Sequence[int]
) -> dict[int, Conversation]:
    """The conversations that the letters may join, and what was split from them, by id. With them those of our mails whose ids the
    letters name: whether these were sent is settled with the letters. Conversations before mails, and in one order, as everywhere."""
    found = {pk for *_, pk in related} | set(signed)
    if not found:
        return {}
    theirs = Q(customer_address__in={one.customer for one in letters} - {""})
    mentioned = Q(pk__in=[*(pk for _, of, _, pk in related if of == "mail"), *signed])
    wanted = theirs & (Q(pk__in=found) | Q(split_from__in=found)) | mentioned
    locked = Conversation.objects.filter(wanted, mailbox=mailbox).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {one.pk: one for one in locked}
