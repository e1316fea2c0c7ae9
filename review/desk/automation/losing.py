"""Which categories lose their evidence when other setups are to draft, said before somebody does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drafting import setups
from drafting.models import Setup
from drafting.setups import Comparison
from review.desk import words
from review.models import Attempt

After = Mapping[int | None, int | None]
"""The ids of the setups that are to draft, by category, the default one under None; None is one that is not pinned yet."""
Key = tuple[int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Losing:
    """A category and what it has to lose, such as "141 clean reviews, collecting"."""

    slug: str
    category: str
    words: str


def by_switch(setup: Setup) -> list[Losing]:
    """What is lost where `setup` becomes the default; for one that is the default, what each category loses that gets it for its own."""
    now = _ids(setups.by_category())
    if now.get(None) != setup.pk:
        return _losing(now, [now | {None: setup.pk}])
    return _losing(now, [now | {category: setup.pk} for category in now if category])


def by_pinning(found: Comparison) -> list[Losing]:
    """What is lost when what runs now is pinned."""
    if not found.changed:
        return []
    after = {category: None if setup in found.changed else setup.pk for category, setup in found.used.items()}
    return _losing(_ids(found.used), [after])


def by_return(used: Mapping[int | None, Setup]) -> list[Losing]:
    """What each category with a setup of its own, of those in use, loses by returning to the default."""
    now = _ids(used)
    return _losing(now, [{category: pk for category, pk in now.items() if category != own} for own in now if own])


def _losing(now: After, changes: Sequence[After]) -> list[Losing]:
    """The categories whose evidence holds now, and does not hold for the setups after one of the changes; by name."""
    if not changes:
        return []
    attempts = Attempt.objects.filter(ended_at=None, n__gt=0).select_related("category", "setup").order_by("category__name", "pk")
    held: dict[Key, Attempt] = {(each.category_id, each.setup_id, each.chooser_id): each for each in attempts}
    lost = [(each, _key(after, each.category_id)) for after in changes for each in held.values() if _is_lost(each, now, after)]
    return [_line(each, held.get(key)) for each, key in lost]


def told(lost: list[Losing]) -> str:
    """All of it in one sentence; "" where nothing is lost."""
    return words.listed([f"{one.category} ({one.words})" for one in lost]) if lost else ""


def _ids(used: Mapping[int | None, Setup]) -> dict[int | None, int | None]:
    return {category: setup.pk for category, setup in used.items()}


def _key(used: After, category: int) -> Key:
    """What evidence of the category holds for: which setup writes its drafts, and which, the default one, chooses the category."""
    default = used.get(None)
    return category, used.get(category, default), default


def _is_lost(attempt: Attempt, now: After, after: After) -> bool:
    held = (attempt.category_id, attempt.setup_id, attempt.chooser_id)
    return held == _key(now, attempt.category_id) != _key(after, attempt.category_id)


def _line(attempt: Attempt, kept: Attempt | None) -> Losing:
    again = f"; goes on with the {kept.n:,} that {kept.setup} has" if kept else ""
    reviews = words.count(attempt.n, "review" if attempt.k else "clean review")
    unsafe = f", {attempt.k:,} of them unsafe" if attempt.k else ""
    return Losing(attempt.category.slug, attempt.category.name, f"{reviews}{unsafe}, {attempt.get_state_display().lower()}{again}")
