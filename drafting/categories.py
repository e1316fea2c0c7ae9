"""Categories: what refers to one, and deleting one that nothing refers to. They are saved and kept like other knowledge (`versions`)."""

from django.contrib.auth.models import User
from django.db import transaction

from drafting import versions
from drafting.errors import Refused
from drafting.models import Category, Draft, ReplayRun, SetupActivation


def references(category: Category) -> list[str]:
    """What refers to it, in words: ["2 templates", "drafts"]. Empty where it was never used and may be renamed and deleted freely."""
    templates, rules = category.templates.count(), category.rules.count()
    found = [
        _counted(rules, "rule that is limited to it", "rules that are limited to it"),
        _counted(templates, "template", "templates"),
        "drafts" if Draft.objects.filter(category=category).exists() else "",
        "mails of replays" if ReplayRun.objects.filter(category=category).exists() else "",
        "a setup that was chosen for it" if SetupActivation.objects.filter(category=category).exists() else "",
    ]
    return [words for words in found if words]


@transaction.atomic
def delete(*, category: Category, by: User | None, seen: int | None = None) -> None:
    """Delete it; its versions stay. Raises Refused where something refers to it: deactivate it instead."""
    locked = Category.objects.select_for_update().get(pk=category.pk)
    if references(locked):
        raise Refused("Something refers to this category, so it was not deleted. Deactivate it: the assistant then chooses it no more.")
    versions.delete(thing=locked, by=by, seen=seen)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
