"""The decision dossier of a reply: the mail, the evidence that was seen, the checks, the draft, what left and how it differs from the
draft, who decided, when and after how long, under which setup; and for a reply that left by itself the proof that allowed it.

Plain data, as in `dossier`; the shape is told in `replies_json`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from drafting.models import Draft
from inbox.models import Message, OutgoingMail
from review import confidence
from review.exports import dossier
from review.exports.dossier import Data
from review.ledger import evidence
from review.models import Attempt, Decision, Flag, LedgerEntry, Terms, Transition, Verdict

AT_ONCE = 20
Attempts = dict[int, evidence.Evidence]


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail of ours, the draft that it came of with the decision, and the drafts for the same message before it.

    `draft` and `decision` are None where a person wrote it without one. `proofs` say how far attempts have come by now, by their ids; it is
    empty for who may not see that.
    """

    mail: OutgoingMail
    draft: Draft | None
    decision: Decision | None
    earlier: list[Draft]
    proofs: Attempts = field(default_factory=dict)


def replies(ids: Sequence[int], *, shows_proof: bool) -> Iterator[Reply]:
    """The replies with these ids in this order, some at a time, so that many take no more memory than few."""
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        found = {mail.pk: mail for mail in _mails(some)}
        proofs = _proofs(found.values()) if shows_proof else {}
        yield from (_reply(found[pk], proofs) for pk in some if pk in found)


def data(reply: Reply) -> Data:
    """All of it, for programs."""
    mail, message = reply.mail, reply.mail.in_reply_to
    return {
        "reply": dossier.mail(mail),
        "conversation": dossier.conversation(mail.conversation),
        "message": dossier.message(message) if message else None,
        "draft": dossier.draft(reply.draft) if reply.draft else None,
        "decision": reply.decision.pk if reply.decision else None,
        "earlier_drafts": [dossier.draft(one) for one in reply.earlier],
        "flags": [_flag(one) for one in flags(reply)],
        "auto_send": auto_send(reply),
    }


def flags(reply: Reply) -> list[Flag]:
    """What came out about it later."""
    return list(reply.draft.late_flags.all()) if reply.draft else []


def auto_send(reply: Reply) -> Data | None:
    """Why it could leave by itself; None where a person decided. "proof" and "position" are null for who may not see that."""
    attempt = reply.decision.attempt if reply.decision else None
    if attempt is None:
        return None
    entry = getattr(reply.draft, "ledger_entry", None)
    return {
        "attempt": {"id": attempt.pk, "number": attempt.number, "setup": attempt.setup.fingerprint, "chooser": attempt.chooser.fingerprint},
        "unlocked_by": dossier.name(attempt.unlocked_by),
        "unlocked_at": dossier.time(attempt.unlocked_at),
        "ledger": {"position": entry.position if reply.proofs else None, "route": entry.route, "why": entry.why} if entry else None,
        "last_look": reply.mail.check_words,
        "proof": _proof(reply, attempt, entry) if reply.proofs else None,
    }


def _proof(reply: Reply, attempt: Attempt, entry: LedgerEntry | None) -> Data:
    assert reply.decision is not None
    at, now = reply.decision.decided_at, reply.proofs[attempt.pk]
    terms = _in_force(attempt, at)
    return {
        "terms": {name: getattr(terms, name) for name in ("epsilon", "alpha", "audit_share", "ramp_sends", "daily_cap")},
        "then": _then(attempt, terms, at),
        "now": {"n": now.n, "k": now.k, "catch_rate": now.catch_rate, "bound": now.bound, "is_proven": now.is_proven},
        "verdicts": [_verdict(one) for one in entry.verdicts.all()] if entry else [],
    }


def _then(attempt: Attempt, terms: Terms, at: datetime) -> Data | None:
    """How far the attempt was at its last step before the reply. `found_bound`: at most this share of its drafts would be found unsafe,
    with certainty 1 - alpha however often one looks (`confidence.upper_bound`, at the attempt's threshold); what reviewers overlook is not
    in it, but in the bound of today."""
    steps = [step for step in attempt.transitions.all() if step.at <= at]
    if not steps:
        return None
    step = steps[-1]
    alpha = terms.alpha * evidence.PROOF_SHARE / attempt.number
    return {
        "at": dossier.time(step.at),
        "state": step.after,
        "n": step.n,
        "k": step.k,
        "found_bound": confidence.upper_bound(step.n, step.k, alpha),
    }


def _in_force(attempt: Attempt, at: datetime) -> Terms:
    """The terms at that time; those that everybody begins with where there were none."""
    found = [one for one in attempt.category.terms.all() if one.in_force_at and one.in_force_at <= at]
    return found[-1] if found else Terms()


def _reply(mail: OutgoingMail, proofs: Attempts) -> Reply:
    found = list(mail.in_reply_to.drafts.all()) if mail.in_reply_to else []
    decision = getattr(mail, "decision", None)
    draft = next((one for one in found if decision and one.pk == decision.draft_id), None)
    before = [one for one in found if draft is None or one.created_at < draft.created_at]
    # What waits came to nothing yet, and for a reviewer another text may be planted there.
    earlier = [one for one in before if not dossier.waits(one)]
    return Reply(mail, draft, decision, earlier, proofs)


def _mails(ids: Sequence[int]) -> QuerySet[OutgoingMail]:
    verdicts = Prefetch("ledger_entry__verdicts", Verdict.objects.order_by("pk"))
    flagged = Prefetch("late_flags", Flag.objects.select_related("by", "cleared_by").order_by("pk"))
    drafts = dossier.whole(Draft.objects.all()).prefetch_related("ledger_entry", verdicts, flagged)
    found = OutgoingMail.objects.filter(pk__in=ids).defer("mime", "search")
    found = found.select_related("mailbox", "conversation__mailbox", "conversation__assigned_to", "queued_by", "decision__by")
    messages = Message.objects.defer("html", "references").prefetch_related("attachments", Prefetch("drafts", drafts))
    attempts = Attempt.objects.select_related("setup", "chooser", "unlocked_by", "category").defer("setup__parts", "chooser__parts")
    steps = Prefetch("transitions", Transition.objects.order_by("pk"))
    terms = Prefetch("category__terms", Terms.objects.order_by("pk"))
    attempt = Prefetch("decision__attempt", attempts.prefetch_related(steps, terms))
    return found.prefetch_related("uploads", Prefetch("in_reply_to", messages), attempt)


def _proofs(mails: Any) -> Attempts:
    attempts = {mail.decision.attempt.pk: mail.decision.attempt for mail in mails if hasattr(mail, "decision") and mail.decision.attempt}
    return evidence.standings(list(attempts.values())) if attempts else {}


def _flag(row: Flag) -> Data:
    return {
        "kind": row.kind,
        "words": row.words,
        "by": dossier.name(row.by),
        "at": dossier.time(row.at),
        "cleared_by": dossier.name(row.cleared_by),
        "cleared_at": dossier.time(row.cleared_at),
    }


def _verdict(row: Verdict) -> Data:
    return {"reason": row.reason, "unsafe": row.unsafe, "counts": row.counts, "words": row.words, "at": dossier.time(row.at)}
