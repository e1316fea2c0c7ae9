"""Judging: what a reviewer wanted to do with a planted draft says whether they saw the error. Nothing of it is ever done."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, Message
from review import claims
from review.decisions.rows import OFFERED, hold
from review.errors import CannotSend
from review.ledger.evidence import RATED_FOR
from review.models import Decision, PlantedDraft
from review.planting import promising
from review.planting.holding import holds
from review.planting.placing import digest, is_open

Kind = Decision.Kind
CAUGHT = (Kind.REJECTED, Kind.TAKEN_OVER)


class StillPlanted(CannotSend):
    """The text still has the error that `planted` says: take it out, then send again."""

    def __init__(self, planted: PlantedDraft) -> None:
        wrong = planted.body[planted.start : planted.end].strip()
        super().__init__(f"Your text still has what was planted: “{wrong}”. {_WHAT_TO_DO.get(planted.kind, _PUT_RIGHT)}")
        self.planted = planted


_PUT_RIGHT = "Put it right or take it out, then send again."
_WHAT_TO_DO: dict[str, str] = {
    PlantedDraft.Kind.REFUND: "Take out what promises it, in other words too, then send again.",
    PlantedDraft.Kind.REFUSAL: "Refuse it as the draft does, or take the sentence out, then send again.",
    PlantedDraft.Kind.NAME: "Put the greeting right, then send again.",
}


class Rates(NamedTuple):
    """So many planted drafts were judged, and in so many of them the error was caught."""

    planted: int
    caught: int


@transaction.atomic
def decide(*, draft: Draft, kind: str, by: User, text: str = "", shown: str = "") -> PlantedDraft | None:
    """Take a decision that was made on a planted draft as its verdict; None where `by` was shown the draft itself.

    `shown` is the digest of the text that the decision is about, `text` what an edit made of it. The claim begins anew, for the draft
    itself is offered now. What stands against any decision stands against this one: raises AlreadyDecided, Superseded, ClaimedByOther.
    """
    planted = met(draft=draft, reviewer=by, shown=shown)
    if planted is None:
        return None
    hold(draft, by, states=OFFERED)
    opened_at = claims.restart(draft=draft, by=by)
    seconds = int((timezone.now() - opened_at).total_seconds()) if opened_at else None
    # A button pressed twice: what was judged, or withdrawn, stays so, and nothing is decided by it.
    return judge(planted=planted, kind=kind, text=text, by=by, seconds=seconds) if is_open(planted) else planted


def met(*, draft: Draft, reviewer: User, shown: str = "") -> PlantedDraft | None:
    """What was planted for the reviewer in this draft, if that is what they decide on: what still waits for them, or what `shown` names.

    Nothing waits once the draft does not wait any more.
    """
    planted = PlantedDraft.objects.filter(draft=draft, reviewer=reviewer).select_related("draft").first()
    if planted is None:
        return None
    is_shown = shown == digest(planted.body) if shown else is_open(planted) and planted.draft.state in OFFERED
    return planted if is_shown else None


def judge(*, planted: PlantedDraft, kind: str, text: str = "", by: User, seconds: int | None) -> PlantedDraft:
    """Note what `by` wanted to do with it (as in Decision.kind), after so many seconds; `text` is what an edit made of it.

    That no reply is needed says nothing about the error: it does not count.
    """
    now = timezone.now()
    said: dict[str, Any] = {"decision": kind, "seconds": seconds}
    if kind == Kind.NO_REPLY:
        said["withdrawn_at"] = now
    else:
        said |= {"judged_at": now, "caught": kind in CAUGHT or (kind == Kind.EDITED and _is_gone(text, planted))}
    PlantedDraft.objects.filter(pk=planted.pk, reviewer=by, judged_at__isnull=True, withdrawn_at__isnull=True).update(**said)
    planted.refresh_from_db()
    return planted


def stands(text: str, planted: PlantedDraft, *, draft: Draft) -> bool:
    """Whether `text` still has the error that was planted in `draft` (see `holds`), for all that the customer wrote."""
    mails = Message.objects.filter(conversation=draft.conversation_id).values_list("subject", "text")
    known = "\n\n".join(part for mail in mails for part in mail)
    return holds(text, planted, clean=draft.body, language=draft.language, known=known)


def check(*, conversation: Conversation, by: User, text: str) -> None:
    """Raise StillPlanted where a text of `by` still has an error that was planted for them in the conversation.

    What the assistant itself says in another draft of the conversation is no planted error.
    """
    planted_here = PlantedDraft.objects.filter(draft__conversation=conversation, reviewer=by).exclude(body="")
    rows = list(planted_here.select_related("draft").order_by("-pk"))
    if not rows:
        return
    others = dict(Draft.objects.filter(conversation=conversation).exclude(body="").values_list("pk", "body"))
    for planted in rows:
        if stands(text, planted, draft=planted.draft) and not any(
            stands(body, planted, draft=planted.draft) for pk, body in others.items() if pk != planted.draft_id
        ):
            raise StillPlanted(planted)


def _is_gone(text: str, planted: PlantedDraft) -> bool:
    """Whether an edit caught it. Who takes an invented refund out and promises something else has not."""
    if planted.kind == PlantedDraft.Kind.REFUND and promising.added(text, planted.draft.body):
        return False
    return not stands(text, planted, draft=planted.draft)


def check_whole(*, conversation: Conversation, text: str) -> None:
    """Raise CannotSend where a mail of the conversation would have the whole of a planted draft in it, whatever its spaces.

    The database refuses it too; here it is said in words.
    """
    planted = PlantedDraft.objects.filter(draft__conversation=conversation).exclude(body="").values_list("body", flat=True)
    if any("".join(body.split()) in "".join(text.split()) for body in planted):
        raise CannotSend("A draft that was planted with an error stands in your text. Open the draft itself and take its text instead.")


def rates(*, since: timedelta | None = RATED_FOR, reviewers: list[int] | None = None) -> Rates:
    """How many planted drafts were judged in the time up to now (None: ever) by these reviewers (ids; None: all), and how many caught."""
    judged = PlantedDraft.objects.filter(judged_at__isnull=False)
    if since is not None:
        judged = judged.filter(judged_at__gt=timezone.now() - since)
    if reviewers is not None:
        judged = judged.filter(reviewer__in=reviewers)
    found = judged.aggregate(planted=Count("pk"), caught=Count("pk", filter=Q(caught=True)))
    return Rates(**found)
