"""Decision dossiers as PDF: the same as the JSON, for people. Texts that are too long to print are cut, and say so."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft
from review.desk import words
from review.desk.reports import numbers
from review.exports import dossier, parts, replies, report_words
from review.exports.replies import Reply
from review.exports.sample import RULE, Sample
from review.models import Decision

MOST_LETTERS = 15_000
"""Of one reply among several; alone it may be as long as a conversation."""
MOST_LETTERS_ALONE = 250_000
Said = Iterator[tuple[str, str]]


def document(ids: Sequence[int], *, by: User, shows_proof: bool, sample: Sample | None = None) -> bytes:
    """The file."""
    # The library takes a second to load, and nothing else needs it.
    from review.exports.sheets import Sheets, missing

    sheets = Sheets("Decision dossiers" if sample else f"Decision dossier of reply {ids[0]}")
    for style, text in _head(sample, by):
        getattr(sheets, style)(text)
    is_coded = False
    for number, reply in enumerate(replies.replies(ids, shows_proof=shows_proof), start=1):
        if sample and number > 1:
            sheets.add_page()
        for style, text in _fitted(_reply(reply, number if sample else 0), MOST_LETTERS if sample else MOST_LETTERS_ALONE):
            getattr(sheets, style)(text)
            is_coded = is_coded or missing(text)
    if is_coded:
        sheets.small(parts.CODED)
    return bytes(sheets.output())


def _head(sample: Sample | None, by: User) -> Said:
    if sample:
        yield "large_heading", f"Decision dossiers of {words.count(len(sample.ids), 'reply', 'replies')}"
        yield "small", f"Drawn at random from {numbers.count(sample.of)} that left {report_words.period(sample.period)}."
        yield "small", f"{sample.which}. {report_words.days()}"
        yield "small", f"Seed {sample.seed}. {RULE}"
        if not sample.ids:
            yield "text_block", "No reply left in this period."
    yield "small", f"Exported by {words.person(by)} on {parts.at(timezone.now())}"


def _reply(reply: Reply, number: int) -> Said:
    mail, message = reply.mail, reply.mail.in_reply_to
    title = f"{number}. " if number else ""
    yield "large_heading", f"{title}{mail.subject or '(no subject)'}"
    yield (
        "small",
        f"Reply {mail.pk} to {mail.recipient} · {mail.mailbox.name} ({mail.mailbox.address}) · conversation {mail.conversation_id}",
    )
    yield from _summary(reply)
    if message:
        yield from parts.message(message)
    for draft in [*reply.earlier, *filter(None, [reply.draft])]:
        yield from parts.draft(draft)
        for decision in draft.decisions.all():
            yield from parts.decision(decision, draft)
    mail.files = [{"name": one.name, "size": one.size} for one in mail.uploads.all()]  # type: ignore[attr-defined]
    yield from parts.mail(mail)
    yield from _flags(reply)
    yield from _auto_send(reply)


def _summary(reply: Reply) -> Said:
    """Who decided, after how long, under which setup, and how much was changed."""
    decision, draft = reply.decision, reply.draft
    if decision is None or draft is None:
        yield "small", f"Written by {words.sender(reply.mail)} without a draft."
        return
    had_open = f", after having it open for {decision.seconds_open} s" if decision.seconds_open is not None else ""
    who = words.person(decision.by) if decision.by_id else "Nobody: it left by itself"
    yield "small", f"{who}{had_open}; {_differs(draft, decision)}."
    if draft.setup:
        yield "small", f"{draft.setup}, {draft.setup.model}, fingerprint {draft.setup.fingerprint}"


def _differs(draft: Draft, decision: Decision) -> str:
    """What the reply has of the draft, in words."""
    if decision.kind == Decision.Kind.TAKEN_OVER:
        return "written by hand, without the draft"
    if decision.kind != Decision.Kind.EDITED:
        return "the draft left as it was"
    if not (draft.body and decision.final_text):
        return "edited; what changed was erased"
    changed = sum(line[:1] in {"-", "+"} for line in dossier.changes(draft.body, decision.final_text))
    return f"{words.count(changed, 'line')} of the draft changed"


def _flags(reply: Reply) -> Said:
    for flag in replies.flags(reply):
        cleared = f" Found mistaken by {words.person(flag.cleared_by)}, {parts.at(flag.cleared_at)}." if flag.cleared_at else ""
        yield "heading", f"Flagged later: {flag.get_kind_display().lower()}"
        yield "small", f"By {words.person(flag.by)}, {parts.at(flag.at)}.{cleared}"
        if flag.words:
            yield "text_block", flag.words


def _auto_send(reply: Reply) -> Said:
    told = replies.auto_send(reply)
    if told is None:
        return
    assert reply.decision is not None and reply.decision.attempt is not None
    attempt = reply.decision.attempt
    yield "heading", "Why it left by itself"
    yield "small", f"Attempt {attempt.number} of {attempt.category.name}, unlocked by {words.person(attempt.unlocked_by)}."
    if (entry := told["ledger"]) and entry["position"] is not None:
        yield "small", f"Number {entry['position']} of its ledger."
    yield "small", f"The last look before it left: {told['last_look'] or 'nothing had to be looked up again'}."
    yield from _proof(told["proof"])


def _proof(proof: dict[str, Any] | None) -> Said:
    if proof is None:
        yield "small", "How far the proof is, is not shown to who reviews drafts."
        return
    terms, then, now = proof["terms"], proof["then"], proof["now"]
    share, certain = numbers.share(terms["epsilon"]), numbers.share(1 - terms["alpha"])
    yield "small", f"Terms: at most {share} unsafe, with {certain} certainty; audit hold {numbers.share(terms['audit_share'])}."
    if then:
        found = numbers.share(then["found_bound"])
        yield "small", f"When it left: {then['n']} verdicts, {then['k']} of them unsafe; at most {found} would be found unsafe."
    bound, caught = numbers.share(now["bound"]), numbers.share(now["catch_rate"])
    yield (
        "small",
        f"Now: {now['n']} verdicts, {now['k']} unsafe; reviewers catch at least {caught}; at most {bound} are unsafe, counting that.",
    )
    for verdict in proof["verdicts"]:
        yield "small", f"Verdict: {verdict['reason']}{'' if verdict['unsafe'] is None else ', unsafe' if verdict['unsafe'] else ', safe'}."


def _fitted(said: Said, most: int) -> Said:
    """As much as there is room for."""
    for style, text in said:
        if most < 0:
            yield "small", "The rest is left out here for its length. The JSON export has all of it."
            return
        most -= len(text)
        yield style, text
