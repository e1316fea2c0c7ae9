"""Mail on its way and mail that left: what needs a person first, and the page of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from inbox import outbox, parsing
from inbox.models import OutgoingMail
from review import access
from review.choices import choices
from review.desk import dossiers, erased, fate, outgoing_filters, text, words
from review.desk.menus import Choice, entries
from review.desk.outgoing_filters import GROUPS, Filters
from review.models import Decision

State = OutgoingMail.State
STEP = 50
FIRST = ("stuck", "bounced", "held", "going")
"""Groups that stand above what is done, each with at most STEP rows."""
TONES = {State.SENT: "green", State.FAILED: "red", State.MAYBE_SENT: "red", State.RETRY: "amber", State.CANCELLED: "quiet"}
MEANING = {
    State.MAYBE_SENT: "The connection broke after the mail was handed over, so nobody here can know whether it left. Look into the mail "
    "server's log or ask the customer, then say what happened.",
    State.FAILED: "The mail server refused the mail for good. Nobody has got it. Mend the cause, then try again; or write to the customer "
    "in another way.",
    State.RETRY: "The mail server could not take the mail now. It is tried again by itself.",
}
MEANING_AUTOMATIC = {
    State.MAYBE_SENT: "The connection broke after the mail was handed over, so nobody here can know whether it left. Look into the mail "
    "server's log or ask the customer, then say what happened. It does not leave by itself a second time: if it was not sent, its draft "
    "waits for a person again.",
    State.FAILED: "The mail server refused the mail for good. Nobody has got it. It does not leave by itself a second time: trying again "
    "gives its draft back to people, to approve it or to write to the customer in another way.",
}
"""Of mail that nobody approved."""
CAME_BACK = {
    True: "It left, and came back: the customer has not got it. Correct the address or reach the customer in another way. ",
    False: "It left, and came back: the customer has not got it, though the address may work later. Write again, or reach the customer in "
    "another way. ",
    None: "It left, and probably came back. The notice names no mail, so look at it in the conversation first. ",
}
"""By whether the address cannot be reached for good."""
SETTLED = "This is done once you write again in the conversation, or close it."
NO_BYTES = "The mail as it left is not kept any more."


@dataclass(frozen=True, slots=True)
class Row:
    """One outgoing mail, `pk` its id. The urls are empty where the act is not possible. `left` are the seconds until a held mail leaves."""

    pk: int
    url: str
    recipient: str
    subject: str
    start: str
    state: str
    tone: str
    meaning: str
    error: str
    due: str
    left: int
    by: str
    mailbox: str
    at: words.Moment
    conversation_url: str
    cancel_url: str
    retry_url: str
    resolve_url: str
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Mails in one state of affairs. `all_url` leads to the others of its kind."""

    title: str
    rows: list[Row]
    all_url: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The page: sections with rows, the menus above, and where to go on."""

    sections: list[Section]
    filters: Filters
    states: list[Choice]
    mailboxes: list[Choice]
    people: list[Choice]
    older_url: str
    newest_url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """The page of one mail. `facts` are names and values; `frozen` is the whole text as it leaves, quote and signature included."""

    row: Row
    facts: list[tuple[str, str]]
    body: str
    frozen: str
    files: list[tuple[str, str, str]]
    decided: str
    item_url: str
    dossier_url: str


def listing(values: Mapping[str, str], *, user: User) -> Listing:
    """The page that an address names, of what `user` may see: what is stuck, came back, is held and going, then what is done, by keyset."""
    filters = outgoing_filters.read(values)
    place = _place(values)
    mails = outgoing_filters.apply(filters, user=user, before=place)
    above = [] if filters.group or place else _above(filters, mails)
    is_done = outgoing_filters.within(filters.group) if filters.group else Q(state__in=(State.SENT, State.CANCELLED)) & ~outbox.came_back()
    done = list(_shown(mails.filter(is_done))[: STEP + 1])
    title = GROUPS[filters.group][0] if filters.group else "Done"
    sections = [*above, Section(title, [_row(mail) for mail in done[:STEP]])]
    return Listing(
        sections=[section for section in sections if section.rows],
        filters=filters,
        states=entries(((name, title) for name, (title, _) in GROUPS.items()), filters.group),
        mailboxes=entries(_mailboxes(user), filters.mailbox),
        people=entries(((one.pk, one.name) for one in choices().colleagues), filters.person),
        older_url=_after(filters, done[STEP - 1]) if len(done) > STEP else "",
        newest_url=filters.address() if place else "",
    )


def find(user: User) -> QuerySet[OutgoingMail]:
    """The mails that `user` may see, with all that the page of one needs."""
    return access.outgoing(user).select_related("queued_by", "mailbox", "conversation", "decision__by")


def mail(found: OutgoingMail, *, user: User) -> Mail:
    """The page of a mail that came from `find`."""
    decision = getattr(found, "decision", None)
    files = [(one.name, f"{one.content_type}, {words.size(one.size)}", reverse("upload", args=[one.pk])) for one in found.uploads.all()]
    return Mail(
        row=_row(found, is_news=OutgoingMail.objects.filter(outbox.came_back(), pk=found.pk).exists()),
        facts=[(name, value) for name, value in _facts(found) if value],
        body=erased.said(found) or found.body,
        frozen=parsing.parse(bytes(found.mime)).text[: text.LONGEST] if found.mime else NO_BYTES,
        files=files,
        decided=_decided(decision),
        item_url=reverse("item", args=[decision.draft_id]) if decision else "",
        dossier_url=dossiers.url(found),
    )


def _decided(decision: Decision | None) -> str:
    if decision is None:
        return "Written by hand, without a draft"
    return format_html("{} at {}", fate.sentence(decision), words.timed(decision.decided_at))


def _facts(mail: OutgoingMail) -> list[tuple[str, str]]:
    return [
        ("To", mail.recipient),
        ("From", f"{mail.mailbox.name} ({mail.mailbox.address})"),
        ("Frozen", words.moment(mail.created_at).exact),
        ("Sent", words.moment(mail.sent_at).exact if mail.sent_at else ""),
        ("Came back", words.moment(mail.bounced_at).exact if mail.bounced_at else ""),
        ("Copy in the Sent folder", words.moment(mail.filed_at).exact if mail.filed_at else ""),
        ("Attempts", str(mail.attempts) if mail.attempts else ""),
        ("Facts looked up again", fate.checked(mail)),
        ("Message-ID", mail.message_id),
    ]


def _above(filters: Filters, mails: QuerySet[OutgoingMail]) -> list[Section]:
    """What is not done yet; the ids of all groups in one query, whatever there is of each."""
    slices = [
        mails.filter(outgoing_filters.within(name, as_news=True)).annotate(group=Value(name)).values_list("group", "pk")[: STEP + 1]
        for name in FIRST
    ]
    groups = {pk: name for name, pk in slices[0].union(*slices[1:], all=True)}
    rows = list(_shown(OutgoingMail.objects.filter(pk__in=groups)).order_by("-created_at", "-pk"))
    return [_section(name, [row for row in rows if groups[row.pk] == name], filters) for name in FIRST]


def _section(name: str, found: list[OutgoingMail], filters: Filters) -> Section:
    all_url = filters.address(state=name) if len(found) > STEP else ""
    return Section(GROUPS[name][0], [_row(mail, is_news=name == "bounced") for mail in found[:STEP]], all_url)


def _shown(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    return mails.select_related("queued_by", "mailbox").defer("mime", "search")


def _mailboxes(user: User) -> Iterable[tuple[int, str]]:
    return access.mailboxes(user).order_by("name").values_list("pk", "name")


def _place(values: Mapping[str, str]) -> Q | None:
    at, pk = words.said_moment(values.get("before", "")), words.said_id(values.get("id", ""))
    if not at or not pk:
        return None
    # The first condition alone lets the index begin at the right place.
    return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(pk__lt=pk))


def _after(filters: Filters, mail: OutgoingMail) -> str:
    return filters.address(before=mail.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), id=str(mail.pk))


def _row(mail: OutgoingMail, *, is_news: bool = False) -> Row:
    state = State(mail.state)
    is_back = state == State.SENT and mail.bounced_at is not None
    # Where somebody above looks at it first, it leaves after that look, at `due_at` at the latest.
    leaves_at = mail.check_at or mail.due_at
    left = max(int((leaves_at - timezone.now()).total_seconds()), 0) if state == State.HELD else 0
    return Row(
        pk=mail.pk,
        url=reverse("outgoing_mail", args=[mail.pk]),
        recipient=mail.recipient,
        subject=mail.subject,
        start=erased.said(mail) or " ".join(mail.body[:300].split())[:120],
        state="Came back" if is_back else state.label,
        tone="red" if is_back else TONES.get(state, "accent"),
        meaning=_meaning(mail, is_news=is_news),
        error=(mail.last_error or (fate.checked(mail) if mail.check_at else ""))[:400],
        due=format_html("next try {}", words.timed(mail.due_at)) if state == State.RETRY else "",
        left=left,
        by=words.sender(mail),
        mailbox=mail.mailbox.name,
        at=words.moment(mail.sent_at or mail.created_at),
        conversation_url=reverse("conversation", args=[mail.conversation_id]),
        cancel_url=reverse("cancel", args=[mail.pk]) if state == State.HELD else "",
        retry_url=reverse("retry", args=[mail.pk]) if state == State.FAILED and not mail.erased_at else "",
        resolve_url=reverse("resolve", args=[mail.pk]) if state == State.MAYBE_SENT else "",
        is_automatic=mail.is_automatic,
    )


def _meaning(mail: OutgoingMail, *, is_news: bool) -> str:
    """What the state asks of people; `is_news` says that it came back and nobody has seen to it yet."""
    state = State(mail.state)
    if state == State.SENT and mail.bounced_at:
        return f"{CAME_BACK[mail.bounce_is_hard]}{SETTLED if is_news else ''}".strip()
    return (MEANING_AUTOMATIC if mail.is_automatic else {}).get(state) or MEANING.get(state, "")
