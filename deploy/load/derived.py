"""What follows from made-up mails: drafts, evidence, checks, decisions, replies and the rest. Each is one INSERT … SELECT over a range of
conversations (%(low)s to %(high)s); what falls to whom is decided by a hash of the message and the seed, so that it is the same each time.
"""

from collections.abc import Mapping
from typing import Any

from deploy.load import rows
from deploy.load.company import DOMAIN
from drafting.models import CheckResult, Draft, Evidence, ModelCall
from inbox.models import Attachment, OutgoingMail
from review.models import Decision, LogEntry, Note


def chance(row: str, salt: int) -> str:
    """SQL: a number from 0 to 999 that depends on the key `row`, the seed and `salt`."""
    return f"(((hashint8extended({row} - %(base)s, %(seed)s + {salt}) & 1048575) * 1000) >> 20)"


def someone(row: str, salt: int) -> str:
    """SQL: one of the people."""
    return f"(%(people)s::bigint[])[1 + {chance(row, salt)} %% cardinality(%(people)s::bigint[])]"


CATEGORIES = "%(categories)s::bigint[]"
WAITS = "(c.state IN ('open', 'snoozed') AND m.received_at = c.last_message_at)"
HANDED_OVER = f"({chance('m.id', 1)} < 110)"
ORDER = "substring(m.text from 'SO-[0-9]+')"
BODY = f"replace((%(replies)s::jsonb -> m.language) ->> ({chance('m.id', 2)} %% jsonb_array_length(%(replies)s::jsonb -> m.language))::int, '{{order}}', coalesce({ORDER}, 'SO-1'))"  # noqa: E501
ATOM = "jsonb_build_object('kind', 'id', 'text', f.number, 'start', strpos(f.body, f.number) - 1, 'end', strpos(f.body, f.number) - 1 + length(f.number), 'traced', true, 'source', 'mail')"  # noqa: E501
MAILS = """FROM inbox_message m JOIN inbox_conversation c ON c.id = m.conversation_id
WHERE m.conversation_id BETWEEN %(low)s AND %(high)s AND m.kind = 'person'"""
DRAFTS = "FROM drafting_draft d WHERE d.conversation_id BETWEEN %(low)s AND %(high)s"
DECIDED = f"{DRAFTS} AND d.state = 'decided'"
KIND = f"""CASE WHEN d.redraft_of_id IS NOT NULL THEN 'approved'
WHEN d.hand_over_reason <> '' THEN CASE WHEN {chance("d.message_id", 3)} < 750 THEN 'taken_over' ELSE 'no_reply' END
WHEN {chance("d.message_id", 3)} < 640 THEN 'approved' WHEN {chance("d.message_id", 3)} < 860 THEN 'edited'
WHEN {chance("d.message_id", 3)} < 910 THEN 'taken_over' WHEN {chance("d.message_id", 3)} < 960 THEN 'no_reply' ELSE 'rejected' END"""
DECIDED_AT = f"d.finished_at + make_interval(mins => 1 + {chance('d.message_id', 4)}::int / 4)"


def derive(parameters: Mapping[str, Any]) -> None:
    """All of it for one range of conversations."""
    for make in (_drafts, _redrafts, _evidence, _checks, _calls, _replies, _decisions, _undone, _attachments, _notes, _log):
        make(parameters)


def _drafts(parameters: Mapping[str, Any]) -> None:
    reasons = "(ARRAY['missing_fact', 'sensitive', 'unsure', 'rule', 'not_allowed'])"
    found = f"""SELECT m.id AS message_id, c.id AS conversation_id, m.language, {ORDER} AS number,
        m.received_at + interval '8 seconds' AS at, CASE WHEN {WAITS} THEN CASE WHEN {HANDED_OVER} THEN 'handed_over' ELSE 'ready' END
        WHEN {chance("m.id", 5)} < 40 THEN 'superseded' ELSE 'decided' END AS state,
        CASE WHEN {HANDED_OVER} THEN '' ELSE {BODY} END AS body,
        ({CATEGORIES})[1 + {chance("m.id", 6)} * {chance("m.id", 7)} / 1000 * cardinality({CATEGORIES}) / 1000] AS category_id,
        (SELECT a.customer_id FROM drafting_customeraddress a WHERE a.address = c.customer_address) AS customer_id,
        CASE WHEN {HANDED_OVER} THEN {reasons}[1 + {chance("m.id", 8)} %% 5] ELSE '' END AS reason,
        NOT {HANDED_OVER} AND {chance("m.id", 9)} < 600 AS is_eligible {MAILS}"""  # noqa: S608 - fixed texts of this package
    values = {
        **{name: f"f.{name}" for name in ("message_id", "conversation_id", "state", "language", "body", "category_id", "customer_id")},
        **dict.fromkeys(("created_at", "finished_at", "due_at", "announced_at"), "f.at"),
        **dict.fromkeys(("setup_id", "category_setup_id"), "%(setup)s"),
        "is_eligible": "f.is_eligible",
        "hand_over_reason": "f.reason",
        "hand_over_words": "CASE WHEN f.reason <> '' THEN 'The order named in the mail is not in our tables.' ELSE '' END",
        "asks": "jsonb_build_array(jsonb_build_object('ask', 'Where is it?', 'answered', f.body <> ''))",
        "atoms": f"CASE WHEN strpos(f.body, f.number) > 0 THEN jsonb_build_array({ATOM}) ELSE '[]'::jsonb END",
        "attempts": "1",
    }
    rows.insert(Draft, values, f"FROM ({found}) f ORDER BY f.at", parameters)


def _redrafts(parameters: Mapping[str, Any]) -> None:
    """What was rejected was written again."""
    same = ("message_id", "conversation_id", "state", "setup_id", "category_setup_id", "category_id", "customer_id", "language", "asks")
    values = {name: f"d.{name}" for name in (*same, "atoms", "attempts", "body")} | {
        "redraft_of_id": "d.id",
        "instruction": "'Please name the day on which it arrives.'",
        **dict.fromkeys(("created_at", "finished_at", "due_at", "announced_at"), f"{DECIDED_AT} + interval '1 minute'"),
    }
    rows.insert(Draft, values, f"{DECIDED} AND ({KIND}) = 'rejected'", parameters)


def _evidence(parameters: Mapping[str, Any]) -> None:
    is_order, number = "p.position = 1", "coalesce(substring(d.body from 'SO-[0-9]+'), 'SO-1')"
    outcome = (
        f"CASE WHEN d.hand_over_reason <> '' THEN 'not_found' WHEN {chance('d.message_id', 10)} < 20 THEN 'unavailable' ELSE 'found' END"
    )
    order = f"jsonb_build_object('number', {number}, 'status', 'shipped', 'carrier', 'Parcel Co', 'shipped_on', d.created_at::date)"
    article = f"jsonb_build_array(jsonb_build_object('id', {chance('d.message_id', 11)} / 20, 'title', 'Deliveries and returns'))"
    values = {
        "draft_id": "d.id",
        "position": "p.position",
        "tool": f"CASE WHEN {is_order} THEN 'order' ELSE 'articles' END",
        "source": "'Built-in tables'",
        "question": f"jsonb_build_object('query', CASE WHEN {is_order} THEN {number} ELSE 'delivery' END)",
        "outcome": outcome,
        "answer": f"CASE WHEN {outcome} <> 'found' THEN NULL WHEN {is_order} THEN {order} ELSE {article} END",
        "asked_by": f"CASE WHEN {is_order} THEN 'code' ELSE 'model' END",
        "milliseconds": f"{chance('d.message_id', 12)} / 40",
        "at": "d.created_at",
    }
    only = f"AND ({is_order} OR {chance('d.message_id', 13)} < 300)"
    source = DRAFTS.replace("WHERE", "CROSS JOIN generate_series(1, 2) AS p(position) WHERE")
    rows.insert(Evidence, values, f"{source} {only}", parameters)


def _checks(parameters: Mapping[str, Any]) -> None:
    """Those of what waits in full; of the past the first ones, which keeps the disk small and no page shorter."""
    source = DRAFTS.replace("WHERE", "CROSS JOIN unnest(%(checks)s::text[]) WITH ORDINALITY AS p(code, position) WHERE")
    passed = f"d.is_eligible OR {chance('d.message_id + p.position', 14)} >= 250"
    values = {
        "draft_id": "d.id",
        "position": "p.position",
        "code": "p.code",
        "passed": passed,
        "reason": f"CASE WHEN {passed} THEN 'Nothing stands against it.' ELSE 'The draft names a day that no lookup returned.' END",
    }
    rows.insert(CheckResult, values, f"{source} AND d.body <> '' AND (p.position <= 3 OR d.state = 'ready')", parameters)


def _calls(parameters: Mapping[str, Any]) -> None:
    values = {
        "draft_id": "d.id",
        "position": "1",
        "purpose": "'draft'",
        "request": "'{}'::jsonb",
        "response": "'made up'",
        "finish_reason": "'stop'",
        "milliseconds": f"800 + {chance('d.message_id', 15)}",
        "prompt_tokens": f"1500 + {chance('d.message_id', 16)}",
        "completion_tokens": f"60 + {chance('d.message_id', 17)} / 10",
        "at": "d.created_at",
    }
    rows.insert(ModelCall, values, DRAFTS, parameters)


def _replies(parameters: Mapping[str, Any]) -> None:
    """Each was sent, some seconds after it was decided."""
    _mail(parameters, source=f"{DECIDED} AND ({KIND}) IN ('approved', 'edited', 'taken_over')", at=DECIDED_AT, end="", state="sent")


def _mail(parameters: Mapping[str, Any], *, source: str, at: str, end: str, state: str) -> None:
    joined = source.replace("WHERE", "JOIN inbox_message m ON m.id = d.message_id WHERE")
    body = "CASE WHEN d.body = '' THEN 'We have looked into it and will call you.' ELSE d.body END"
    sent = f"{at} + interval '16 seconds'" if state == "sent" else "NULL::timestamptz"
    values = {
        "mailbox_id": "m.mailbox_id",
        "conversation_id": "d.conversation_id",
        "in_reply_to_id": "m.id",
        "message_id": f"'{end}' || d.id || '@{DOMAIN}'",
        "recipient": "m.from_address",
        "subject": "'Re: ' || m.subject",
        "body": body,
        "mime": f"convert_to({body}, 'UTF8')",
        "queued_by_id": someone("d.message_id", 18),
        "state": f"'{state}'",
        "due_at": f"{at} + interval '15 seconds'",
        "created_at": at,
        "attempts": "1",
        **dict.fromkeys(("dot_sent_at", "sent_at", "filed_at", "announced_at"), sent),
    }
    rows.insert(OutgoingMail, values, joined, parameters)


def _decisions(parameters: Mapping[str, Any]) -> None:
    source = DECIDED.replace(
        "WHERE", f"LEFT JOIN inbox_outgoingmail o ON o.conversation_id = d.conversation_id AND o.message_id = d.id || '@{DOMAIN}' WHERE"
    )
    reasons = "(ARRAY['wrong_fact', 'missing_answer', 'policy', 'tone', 'too_long', 'language', 'other', ''])"
    values = {
        "draft_id": "d.id",
        "kind": KIND,
        "by_id": someone("d.message_id", 18),
        "reason": f"CASE WHEN ({KIND}) = 'rejected' THEN 'Please name the day on which it arrives.' ELSE '' END",
        "edit_reason": f"CASE WHEN ({KIND}) = 'edited' THEN {reasons}[1 + {chance('d.message_id', 19)} %% 8] ELSE '' END",
        "final_text": "coalesce(o.body, '')",
        "outgoing_id": "o.id",
        "seconds_open": f"4 + {chance('d.message_id', 20)} / 5",
        **dict.fromkeys(("decided_at", "announced_at"), DECIDED_AT),
    }
    rows.insert(Decision, values, f"{source} ORDER BY d.finished_at", parameters)


def _undone(parameters: Mapping[str, Any]) -> None:
    """Some approvals were taken back and made again a little later."""
    at = f"{DECIDED_AT} - interval '30 seconds'"
    source = f"{DECIDED} AND ({KIND}) = 'approved' AND {chance('d.message_id', 21)} < 15"
    _mail(parameters, source=source, at=at, end="undone-", state="cancelled")
    joined = source.replace("WHERE", f"JOIN inbox_outgoingmail o ON o.message_id = 'undone-' || d.id || '@{DOMAIN}' WHERE")
    values = {
        "draft_id": "d.id",
        "kind": "'approved'",
        "by_id": someone("d.message_id", 18),
        "final_text": "d.body",
        "outgoing_id": "o.id",
        **dict.fromkeys(("decided_at", "announced_at"), at),
        "undone_at": f"{at} + interval '9 seconds'",
    }
    rows.insert(Decision, values, joined, parameters)


def _attachments(parameters: Mapping[str, Any]) -> None:
    is_picture = f"{chance('m.id', 22)} < 400"
    values = {
        "message_id": "m.id",
        "position": "p.position",
        "name": f"CASE WHEN {is_picture} THEN 'photo' || p.position || '.jpg' ELSE 'delivery-note' || p.position || '.pdf' END",
        "content_type": f"CASE WHEN {is_picture} THEN 'image/jpeg' ELSE 'application/pdf' END",
        "size": f"2000 + {chance('m.id', 23)} * 900",
        "sha256": "m.raw_sha256",
    }
    source = MAILS.replace("WHERE", f"CROSS JOIN LATERAL generate_series(1, 1 + {chance('m.id', 24)}::int / 600) AS p(position) WHERE")
    rows.insert(Attachment, values, f"{source} AND {chance('m.id', 25)} < 120", parameters)


def _notes(parameters: Mapping[str, Any]) -> None:
    values = {
        "conversation_id": "c.id",
        "text": "'Spoke to the customer on the phone; they wait until the end of the week.'",
        "by_id": someone("c.id", 26),
        "at": "c.last_message_at + interval '20 minutes'",
    }
    rows.insert(Note, values, f"FROM inbox_conversation c WHERE {_PICKED} AND {chance('c.id', 27)} < 50", parameters)


def _log(parameters: Mapping[str, Any]) -> None:
    acts = "(ARRAY['conversation.snoozed', 'conversation.assigned', 'conversation.handed_back', 'conversation.noted'])"
    values = {
        "act": f"{acts}[1 + {chance('c.id', 28)} %% 4]",
        "about": "c.subject",
        "words": "'Made up.'",
        "conversation_id": "c.id",
        "by_id": someone("c.id", 29),
        "at": "c.last_message_at + interval '25 minutes'",
    }
    rows.insert(LogEntry, values, f"FROM inbox_conversation c WHERE {_PICKED} AND {chance('c.id', 30)} < 120", parameters)


_PICKED = "c.id BETWEEN %(low)s AND %(high)s"
