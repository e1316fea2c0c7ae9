"""How many of everything that the frame tells of, of what one person may see."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import CharField, Count, F, Max, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from drafting.models import Draft
from inbox import mailboxes, oauth, outbox
from inbox.models import Conversation
from review import access, permissions, second_looks
from review.decisions import LIVE
from review.desk.automation import standing
from review.models import Webhook

Counts = dict[str, tuple[int, str]]
"""Counts and words by what they are about."""
SWITCH = "switch"
MANY_TRIES = 3
"""Once a mail was tried so often in vain, somebody should look after its mail server: a wrong password, say, is tried for two days."""


def counts(user: User) -> Counts:
    """The counts of what `user` may see, in one query whatever the volume, and under SWITCH how auto-send stands, as JSON.

    What there is none of is left out; who does not review is told the latter alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(user, permissions.may_review(user), access.mailbox_ids(user)))
        return {about: (n, said or "") for about, n, said in cursor.fetchall() if n}


@lru_cache(maxsize=512)
def _statement(user: User, may_review: bool, mailbox_ids: frozenset[int] | None) -> tuple[str, tuple[Any, ...]]:
    """What is asked for one person, with its parameters; `mailbox_ids` are those that they are limited to (None: to none).

    Every page and poll asks it, and putting eleven queries together takes longer than answering them. It holds for ever: what is late or
    soon is compared with the clock of the database.
    """
    switch = standing.looks().values_list(Value(SWITCH), Value(1), "told")
    looks = [
        _about(access.drafts(user).filter(state__in=LIVE), Value("open")),
        _about(access.drafts(user).filter(state__in=LIVE, conversation__state=Conversation.State.SNOOZED), Value("snoozed")),
        _about(access.drafts(user).filter(state=Draft.State.QUEUED).exclude(last_error=""), Value("model"), "last_error"),
        _about(second_looks.waiting(user), Value("second_looks")),
        _about(access.outgoing(user).filter(state__in=["failed", "maybe_sent"]), F("state")),
        _about(access.outgoing(user).filter(state__in=["retry", "held"], attempts__gte=MANY_TRIES), Value("put_off"), "last_error"),
        _about(access.outgoing(user).filter(outbox.came_back()), Value("bounced")),
        _about(Webhook.objects.exclude(problem=""), Value("webhook"), "problem"),
        _about(access.mailboxes(user).filter(is_active=True).exclude(fetch_error=""), Value("mailbox"), "fetch_error"),
        _about(access.mailboxes(user).filter(mailboxes.unreached(), fetch_error=""), Value("unreached"), "name"),
        _about(access.mailboxes(user).filter(oauth.expiring(), is_active=True), Value("expiring"), "name"),
    ]
    sql, values = switch.union(*(looks if may_review else []), all=True).query.sql_with_params()
    return sql, tuple(values)


def _about(rows: QuerySet[Any], about: Combinable, said: str = "") -> Any:
    words = Cast(Max(said), CharField()) if said else Value("")
    return rows.annotate(about=about).order_by().values("about").annotate(n=Count("pk"), said=words).values_list("about", "n", "said")
