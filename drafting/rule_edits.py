"""Saving and deleting rules by hand: of two people who change the same rule, the second is told, and nothing is lost."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from drafting import versions
from drafting.errors import Refused
from drafting.models import Category, Rule, Version


class SavedMeanwhile(Refused):
    """Somebody else saved or deleted the rule since it was read; look at theirs (`newest`) and save again, or leave it."""

    def __init__(self, newest: Version) -> None:
        super().__init__(f"Somebody else {'deleted' if versions.is_deletion(newest) else 'saved'} this rule meanwhile.")
        self.newest = newest


@transaction.atomic
def save(*, rule: Rule, categories: Collection[Category], seen: int, by: User) -> Version:
    """Save a new or changed rule and keep its version. `seen` is the number of the version that was edited, 0 for none.

    A rule that has no version yet first keeps one of how it was. The expression was validated before. Raises SavedMeanwhile.
    """
    if rule.pk:
        _check_seen(rule.pk, seen)
    rule.save()
    rule.categories.set(categories)
    return versions.keep(thing=rule, by=by)


@transaction.atomic
def delete(*, rule: Rule, seen: int, by: User) -> None:
    """Delete a rule; its versions stay. Raises SavedMeanwhile."""
    _check_seen(rule.pk, seen)
    versions.delete(thing=Rule.objects.get(pk=rule.pk), by=by)


def newest(rule_id: int) -> Version | None:
    """The newest version of a rule, which says by whom and when it was changed last."""
    return versions.history(kind=Version.Kind.RULE, of=rule_id).first()


def _check_seen(rule_id: int, seen: int) -> None:
    # The row is locked first: whoever waited here sees the version of whoever was quicker.
    held = Rule.objects.select_for_update().filter(pk=rule_id).first()
    last = newest(rule_id)
    if last and last.number != seen:
        raise SavedMeanwhile(last)
    if held and not last:
        versions.keep(thing=held, by=None)
