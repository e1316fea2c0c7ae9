"""Making the misses from the raw rows: as often as one likes, always with the same result."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from drafting.models import CheckResult, Draft, Evidence
from review.models import Decision, Miss
from review.next_nine import causes
from review.next_nine.causes import Facts, Lookup

_FIELDS = ("mailbox_id", "category_id", "setup_id", "day", "cause", "seconds", "is_by_hand")


@transaction.atomic
def make_again(*, conversations: Collection[int]) -> None:
    """The misses of these conversations (ids) as they are now. `reports.rolling` alone calls it: one roll at a time, after what changed."""
    if not conversations:
        return
    decided = list(_decided().filter(draft__conversation__in=conversations).values(*_COLUMNS))
    # Locked in the order in which `themes` locks them, and before they are read, so that a theme that is found meanwhile stays.
    own = Miss.objects.filter(conversation__in=conversations).order_by("pk").select_for_update()
    before = dict(own.values_list("pk", "cause"))
    made = [_miss(row, facts, before.get(row["pk"], "")) for row, facts in _with_facts(decided)]
    Miss.objects.filter(pk__in=before.keys() - {miss.pk for miss in made}).delete()
    Miss.objects.bulk_create(made, update_conflicts=True, unique_fields=["decision"], update_fields=["conversation", *_FIELDS])


_COLUMNS = (
    *("pk", "kind", "edit_reason", "decided_at", "seconds_open", "outgoing_id", "draft_id", "draft__conversation_id"),
    *("draft__conversation__mailbox_id", "draft__category_id", "draft__setup_id", "draft__category__slug"),
    *("draft__hand_over_reason", "draft__hand_over_words", "is_erased"),
)


def _decided() -> QuerySet[Decision]:
    """What people decided otherwise than by approving it unedited, of what the assistant had offered or handed over."""
    by_people = Decision.objects.filter(undone_at__isnull=True, by__isnull=False, draft__finished_at__isnull=False)
    lookups = Evidence.objects.filter(draft=OuterRef("draft"), erased_at__isnull=False)
    erased = Q(draft__erased_at__isnull=False) | Exists(lookups)
    return by_people.exclude(kind=Decision.Kind.APPROVED).annotate(is_erased=erased).order_by("pk")


def _with_facts(decided: list[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], Facts]]:
    drafts = [row["draft_id"] for row in decided]
    lookups, failed, again = _lookups(drafts), _failed_checks(drafts), _categories_after(drafts)
    for row in decided:
        draft = row["draft_id"]
        yield (
            row,
            Facts(
                kind=row["kind"],
                edit_reason=row["edit_reason"],
                hand_over_reason=row["draft__hand_over_reason"],
                hand_over_words=row["draft__hand_over_words"],
                category=row["draft__category__slug"] or "",
                written_again_as=again.get(draft, ""),
                lookups=lookups[draft],
                failed_checks=failed[draft],
            ),
        )


def _miss(row: dict[str, Any], facts: Facts, before: str) -> Miss:
    cause = causes.cause(facts)
    # Only `themes` knows which theme it belongs to, and what was erased tells no cause any more.
    stays = before and (causes.base(before) == cause or row["is_erased"])
    return Miss(
        decision_id=row["pk"],
        conversation_id=row["draft__conversation_id"],
        mailbox_id=row["draft__conversation__mailbox_id"],
        category_id=row["draft__category_id"],
        setup_id=row["draft__setup_id"],
        day=timezone.localdate(row["decided_at"], timezone.get_default_timezone()),
        cause=before if stays else cause,
        seconds=row["seconds_open"] or 0,
        is_by_hand=row["kind"] == Decision.Kind.TAKEN_OVER and row["outgoing_id"] is not None,
    )


def _lookups(drafts: list[int]) -> dict[int, list[Lookup]]:
    found: dict[int, list[Lookup]] = defaultdict(list)
    rows = Evidence.objects.filter(draft__in=drafts).order_by("draft", "position")
    for draft, tool, outcome, question, words, asked_by in rows.values_list(
        "draft_id", "tool", "outcome", "question__query", "answer__words", "asked_by"
    ):
        in_advance = asked_by == Evidence.AskedBy.CODE
        found[draft].append(Lookup(tool, outcome, _text(question), _text(words), in_advance=in_advance))
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _failed_checks(drafts: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for draft, code in (
        CheckResult.objects.filter(draft__in=drafts, passed=False).order_by("draft", "position").values_list("draft", "code")
    ):
        found[draft].append(code)
    return found


def _categories_after(drafts: list[int]) -> dict[int, str]:
    """The category of the newest draft that was written after each."""
    again = Draft.objects.filter(redraft_of__in=drafts, category__isnull=False).order_by("pk")
    return {draft: slug for draft, slug in again.values_list("redraft_of_id", "category__slug") if draft}
