"""Mail on its way, what needs a person first."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from inbox.models import OutgoingMail
from review import access
from review.desk import fate, words

State = OutgoingMail.State
SHOWN = 60
DONE = (State.SENT, State.CANCELLED)
GOING = tuple(state for state in State if state not in DONE)
"""Named one by one, as in the index `outgoing_going`: the database does not see it in "not done"."""
TONES = {State.SENT: "green", State.FAILED: "red", State.MAYBE_SENT: "red", State.RETRY: "amber", State.CANCELLED: "quiet"}
MEANING = {
    State.MAYBE_SENT: "The connection broke after the mail was handed over. Find out whether it arrived, then say so here.",
    State.FAILED: "The mail server refused the mail for good. Mend the cause, then try again.",
    State.RETRY: "The mail server could not take the mail now. It is tried again by itself.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One outgoing mail. The urls are empty where the act is not possible."""

    recipient: str
    subject: str
    start: str
    state: str
    tone: str
    meaning: str
    error: str
    due: str
    by: str
    at: words.Moment
    conversation_url: str
    cancel_url: str
    retry_url: str
    resolve_url: str


def rows(user: User) -> list[Row]:
    """Of what `user` may see: what is stuck, then what is on its way, then the newest that are done."""
    is_stuck = Case(When(state__in=[State.FAILED, State.MAYBE_SENT], then=Value(0)), default=Value(1), output_field=IntegerField())
    mails = access.outgoing(user).select_related("queued_by").defer("mime").order_by("-created_at")
    going = mails.filter(state__in=GOING).annotate(place=is_stuck).order_by("place", "-created_at")
    return [_row(mail) for mail in [*going[:SHOWN], *mails.filter(state__in=DONE)[:SHOWN]]]


def _row(mail: OutgoingMail) -> Row:
    state = State(mail.state)
    return Row(
        recipient=mail.recipient,
        subject=mail.subject,
        start=" ".join(mail.body[:300].split())[:120],
        state=state.label,
        tone=TONES.get(state, "accent"),
        meaning=MEANING.get(state, ""),
        error=(mail.last_error or (fate.checked(mail) if mail.check_at else ""))[:400],
        due=f"Next try {words.moment(mail.due_at).short}" if state == State.RETRY else "",
        by=words.person(mail.queued_by),
        at=words.moment(mail.sent_at or mail.created_at),
        conversation_url=reverse("conversation", args=[mail.conversation_id]),
        cancel_url=reverse("cancel", args=[mail.pk]) if state == State.HELD else "",
        retry_url=reverse("retry", args=[mail.pk]) if state == State.FAILED else "",
        resolve_url=reverse("resolve", args=[mail.pk]) if state == State.MAYBE_SENT else "",
    )
