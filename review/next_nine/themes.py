"""Themes: where a cause says little by itself, mails whose words are alike become a cause of their own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from drafting.models import HandOverReason
from inbox import text_search
from review.models import Decision, Miss, Theme
from review.next_nine import causes, clusters
from review.next_nine.clusters import Cluster, Text

WINDOW = timedelta(days=62)
"""How far back mails are compared: twice the 30 days that the page shows at first, as it compares those with as many before; or the 31 of
a month."""
SAY_LITTLE = (
    causes.UNEXPLAINED,
    *(f"hand_over:{reason}" for reason in (HandOverReason.MISSING_FACT, HandOverReason.UNSURE, HandOverReason.NOT_ALLOWED)),
    *(f"edit:{reason}" for reason in (Decision.EditReason.WRONG_FACT, Decision.EditReason.MISSING_ANSWER, Decision.EditReason.POLICY)),
)
"""Causes that several things can be behind."""
LONGEST_MAIL = 1_500


@dataclass(frozen=True, slots=True)
class Move:
    """A miss by its id, the cause that was read of it, and the theme that it belongs `to`."""

    miss: int
    was: str
    to: str


def find() -> int:
    """Group the mails of the window anew, each cause by itself; returns how many themes there are. Does nothing while another does it."""
    with transaction.atomic():
        if not _is_ours():
            return 0
        found = [move for cause in SAY_LITTLE for move in _find_in(cause)]
        _move(found)
        return len({move.to for move in found})


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('next_nine:themes', 0))")
        return bool(cursor.fetchone()[0])


def _move(found: Iterable[Move]) -> None:
    """Write what was found. All rows are locked at once at the end, in the order in which a roll locks them (`misses`), so that neither
    waits for the other while it holds what that one needs next.
    """
    changed = [move for move in found if move.was != move.to]
    own = Miss.objects.filter(pk__in=[move.miss for move in changed]).order_by("pk").select_for_update()
    now = dict(own.values_list("pk", "cause"))
    by_theme: dict[str, list[int]] = defaultdict(list)
    for move in changed:
        # Only while it is what was read: a miss that was made again meanwhile may have another cause.
        if now.get(move.miss) == move.was:
            by_theme[move.to].append(move.miss)
    for to, rows in by_theme.items():
        Miss.objects.filter(pk__in=rows).update(cause=to)


def _find_in(cause: str) -> Iterator[Move]:
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(cause):
        by_language[row["decision__draft__message__language"]].append(row)
    for language, rows in sorted(by_language.items()):
        yield from _find_among(cause, rows, language)


def _find_among(cause: str, rows: list[dict[str, Any]], language: str) -> Iterator[Move]:
    """Mails of one language: those of two would be told apart by nothing else."""
    found = clusters.find(_without_stop_words([_text(row) for row in rows], language))
    earlier = Counter(filter(None, (causes.theme(row["cause"]) for row in rows)))
    free = set(earlier)
    for cluster in found:
        members = [rows[place] for place in cluster.members]
        theme = _theme(cause, cluster, members, earlier, free)
        free.discard(theme.pk)
        yield from (Move(row["pk"], row["cause"], f"{cause}+{theme.pk}") for row in members)


def _rows(cause: str) -> list[dict[str, Any]]:
    """The newest misses of a cause and its themes, oldest first, with the texts that tell them apart."""
    since = timezone.localdate() - WINDOW
    own = Miss.objects.filter(cause=cause, day__gte=since) | Miss.objects.filter(cause__startswith=f"{cause}+", day__gte=since)
    texts = ("decision__final_text", "decision__reason", "decision__draft__body", "decision__draft__hand_over_words")
    mail = ("subject", "reply_text", "text", "from_name", "from_address", "language")
    newest = own.order_by("-pk").values("pk", "cause", *texts, *(f"decision__draft__message__{name}" for name in mail))
    rows: list[dict[str, Any]] = list(newest[: clusters.AT_MOST])
    return rows[::-1]


def _text(row: dict[str, Any]) -> Text:
    """What the reviewer changed or said, which counts twice, and what the customer wrote; without the customer's name."""
    mail = {name: row[f"decision__draft__message__{name}"] for name in ("subject", "reply_text", "text", "from_name", "from_address")}
    before, after = clusters.words(row["decision__draft__body"]), clusters.words(row["decision__final_text"])
    changed = [word for word in after if word not in set(before)]
    if before and after:
        changed += [word for word in before if word not in set(after)]
    said = clusters.words(f"{row['decision__reason']} {row['decision__draft__hand_over_words']}")
    asked = clusters.words(f"{mail['subject']} {(mail['reply_text'] or mail['text'])[:LONGEST_MAIL]}")
    nobodys = set(clusters.words(f"{mail['from_name']} {mail['from_address']}"))
    return Text(tuple(word for word in (*changed, *said, *changed, *said, *asked) if word not in nobodys), mail["from_address"])


def _without_stop_words(texts: list[Text], language: str) -> list[Text]:
    """PostgreSQL knows the words of many languages that tell nothing: its dictionaries make nothing of them."""
    every = sorted({word for text in texts for word in text.words})
    if (config := text_search.config(language)) == "simple" or not every:
        return texts
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM unnest(%s::text[]) AS word WHERE ts_lexize(%s, word) = '{}'", [every, f"{config}_stem"])
        stop = {word for (word,) in cursor.fetchall()}
    return [Text(tuple(word for word in text.words if word not in stop), text.sender) for text in texts]


def _theme(cause: str, cluster: Cluster, members: list[dict[str, Any]], earlier: Counter[int], free: set[int]) -> Theme:
    """The theme that most of the group's mails had before, if the group has most of that theme's mails too; else a new one."""
    had: dict[int, int] = defaultdict(int)
    for row in members:
        had[causes.theme(row["cause"])] += 1
    likely = sorted((theme for theme in had if theme in free), key=lambda theme: (-had[theme], theme))
    if likely and 2 * had[likely[0]] > earlier[likely[0]]:
        Theme.objects.filter(pk=likely[0]).update(words=list(cluster.words))
        return Theme.objects.get(pk=likely[0])
    return Theme.objects.create(cause=cause, words=list(cluster.words))
