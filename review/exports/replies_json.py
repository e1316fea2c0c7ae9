"""Decision dossiers as JSON, written piece by piece, so that many take no more memory than one.

The shape, version 1; later versions only add names. What is not told here is as in `json_file`.

    {"format": "countersign.dossiers", "version": 1, "exported_at": time, "exported_by": name,
     "sample": {"first": day, "last": day, "time_zone", "mails": which, "only_automatic", "seed", "drawn", "of", "rule"},
     "replies": [{"reply": as a mail of "outgoing", "conversation", "message": as of "messages", "draft": as of "drafts",
                  "decision": the id of the decision in "draft" that sent it,
                  "earlier_drafts": [as of "drafts"],
                  "flags": [{"kind", "words", "by", "at", "cleared_by", "cleared_at"}],
                  "auto_send": {"attempt": {"id", "number", "setup": fingerprint, "chooser": fingerprint}, "unlocked_by", "unlocked_at",
                                "ledger": {"position", "route", "why"}, "last_look": words,
                                "proof": {"terms": {"epsilon", "alpha", "audit_share", "ramp_sends", "daily_cap"},
                                          "then": {"at", "state", "n", "k", "found_bound"},
                                          "now": {"n", "k", "catch_rate", "bound", "is_proven"},
                                          "verdicts": [{"reason", "unsafe", "counts", "words", "at"}]}}}]}

"sample" is null for the dossier of one reply; "rule" says how to draw it again. "draft" is null where a person wrote the reply without one,
"auto_send" where a person decided, "proof" and "position" where whoever exported it may not see how far the proof is. "then" is the last
step of the attempt before the reply left: at most "found_bound" of its drafts would be found unsafe; "bound", of today, counts what
reviewers overlook.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from review.desk import words
from review.exports import replies, report_words
from review.exports.sample import RULE, Sample

FORMAT, VERSION = "countersign.dossiers", 1


def lines(ids: Sequence[int], *, by: User, shows_proof: bool, sample: Sample | None = None) -> Iterator[str]:
    """The file in pieces."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": timezone.now().astimezone(UTC).isoformat(),
        "exported_by": words.person(by),
        "sample": _sample(sample) if sample else None,
    }
    yield f'{_json(head)[:-1]},\n"replies": ['
    for number, reply in enumerate(replies.replies(ids, shows_proof=shows_proof)):
        yield f"{',' if number else ''}\n{_json(replies.data(reply))}"
    yield "]}\n"


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "first": sample.period.first.isoformat(),
        "last": sample.period.last.isoformat(),
        "time_zone": settings.TIME_ZONE,
        "mails": report_words.scope(sample.scope),
        "only_automatic": sample.only_automatic,
        "seed": sample.seed,
        "drawn": len(sample.ids),
        "of": sample.of,
        "rule": RULE,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
