"""A category that sends by itself, with a ledger as long as the history: what the pages of automation are measured on."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from drafting import setups
from drafting.models import Category, Setup, SetupActivation
from review.models import Attempt, Terms, Transition

OPEN = 100
"""So many of the newest drafts have no verdict yet."""
UNLOCKED_AFTER = 300
STEPS = ("collecting", "ready", "ramp_10", "ramp_50", "auto")
ENTRIES = """
INSERT INTO review_ledgerentry (attempt_id, draft_id, position, route, why, unsafe, counts, settled_at, at)
SELECT %(attempt)s, draft.id, n, CASE WHEN is_auto THEN 'auto' ELSE 'person' END, CASE WHEN is_auto THEN 'chosen' ELSE 'audit' END,
       CASE WHEN is_open OR is_auto THEN NULL ELSE n %% 200 = 7 END, is_open OR NOT is_auto,
       CASE WHEN is_open THEN NULL ELSE now() END, now() - (%(number)s - n) * interval '1 minute'
  FROM generate_series(1, %(number)s) AS n
  CROSS JOIN LATERAL (SELECT n > %(unlocked_after)s AND n %% 10 > 0 AS is_auto, n > %(number)s - %(open)s AS is_open) AS what
  LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id DESC) AS number FROM drafting_draft) AS draft ON draft.number = %(number)s - n + 1
"""
VERDICTS = """
INSERT INTO review_verdict (entry_id, unsafe, counts, reason, words, seconds, by_id, at)
SELECT id, unsafe, counts, CASE WHEN route = 'auto' THEN 'sent' WHEN unsafe THEN 'rejected' ELSE 'approved' END, '', 40,
       CASE WHEN route = 'auto' THEN NULL ELSE %(by)s END, settled_at
  FROM review_ledgerentry WHERE settled_at IS NOT NULL ORDER BY position
"""
COUNTS = """
UPDATE review_attempt SET n = found.n, k = found.k
  FROM (SELECT count(*) AS n, count(*) FILTER (WHERE unsafe) AS k FROM review_ledgerentry WHERE counts AND settled_at IS NOT NULL) AS found
"""
POINTS = """
INSERT INTO review_evidencepoint (attempt_id, n, k, at)
SELECT id, n * point / 500, k * point / 500, now() - (500 - point) * interval '1 hour'
  FROM review_attempt, generate_series(1, 500) AS point WHERE id = %(attempt)s
"""
SENT = """
INSERT INTO review_decision (draft_id, kind, reason, edit_reason, final_text, decided_at, attempt_id, weighed_at, announced_at)
SELECT draft_id, 'auto_sent', '', '', '', at, attempt_id, at, at
  FROM review_ledgerentry AS entry WHERE route = 'auto' AND settled_at IS NOT NULL
   AND NOT EXISTS (SELECT FROM review_decision WHERE draft_id = entry.draft_id AND undone_at IS NULL)
   AND EXISTS (SELECT FROM drafting_draft WHERE id = draft_id AND state NOT IN ('ready', 'handed_over'))
"""
PLANTED = """
INSERT INTO review_planteddraft
       (draft_id, reviewer_id, kind, body, atoms, start, "end", words, shown_at, judged_at, decision, caught, seconds)
SELECT id, %(by)s, 'amount', 'Another amount.', '[]', 0, 7, '', now(), now(), 'rejected', number %% 30 > 0, 20
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM drafting_draft ORDER BY id LIMIT 3000) AS draft
"""


@transaction.atomic
def make_proof(number: int) -> Category:
    """Fill the ledger of the first category with `number` drafts, and say which that is. Once in a database."""
    category = Category.objects.order_by("pk")[0]
    if Attempt.objects.exists():
        return category
    by = User.objects.create_user("bench-reviewer")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # What happened in months does not happen step by step here.
        values = {"attempt": _attempt(category, by, number).pk, "number": number, "open": min(OPEN, number // 2)}
        for statement in (ENTRIES, VERDICTS, COUNTS, POINTS, SENT, PLANTED):
            cursor.execute(statement, values | {"by": by.pk, "unlocked_after": UNLOCKED_AFTER})
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return category


def _attempt(category: Category, by: User, number: int) -> Attempt:
    setup = setups.active() or Setup.objects.order_by("pk")[0]
    SetupActivation.objects.create(setup=setup)
    now = timezone.now()
    Terms.objects.create(category=category, by=by, in_force_at=now - timedelta(days=90), daily_cap=5000)
    about = {"setup": setup, "chooser": setup, "state": STEPS[-1], "unlocked_by": by, "unlocked_at": now - timedelta(days=60)}
    settled = {"entered": number, "settled_to": number - min(OPEN, number // 2), "reviewers": {str(by.pk): number // 10}}
    attempt = Attempt.objects.create(category=category, began_at=now - timedelta(days=90), drift=[1.0, 1.0, 1.0], **about, **settled)
    for day, (before, after) in enumerate(zip(("", *STEPS), STEPS, strict=False)):
        Transition.objects.create(attempt=attempt, before=before, after=after, n=0, k=0, at=now - timedelta(days=80 - day))
    return attempt
