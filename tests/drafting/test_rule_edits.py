"""Saving rules by hand: versions, and two people at once."""

import pytest
from django.contrib.auth.models import User

from drafting import rule_edits, versions
from drafting.models import Rule, Version
from drafting.rule_edits import SavedMeanwhile
from tests.drafting.factories import make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return User.objects.create(username="ana")


@pytest.fixture
def ben() -> User:
    return User.objects.create(username="ben")


def make_rule() -> Rule:
    return Rule.objects.create(name="Large", expression="order.total > 500", effect="needs_person", text="Large.")


def contents(rule_id: int) -> list[str]:
    return [each.content.get("text", "gone") for each in versions.history(kind=Version.Kind.RULE, of=rule_id)]


def test_a_new_rule_is_its_first_version(ana: User) -> None:
    rule = Rule(name="Late", expression="order.is_overdue", effect="tell_model", text="Say sorry.")
    version = rule_edits.save(rule=rule, categories=[make_category("return")], seen=0, by=ana)
    assert (version.number, version.content["categories"], version.by) == (1, ["return"], ana)


def test_how_a_rule_was_before_its_first_change_is_kept_too(ana: User) -> None:
    rule = make_rule()
    rule.text = "Very large."
    assert rule_edits.save(rule=rule, categories=[], seen=0, by=ana).number == 2
    assert contents(rule.pk) == ["Very large.", "Large."]


def test_the_second_of_two_people_is_told_and_overwrites_nothing(ana: User, ben: User) -> None:
    first, second = make_rule(), Rule.objects.get()
    first.text, second.text = "Ana's.", "Ben's."
    seen = rule_edits.save(rule=first, categories=[], seen=0, by=ana).number
    with pytest.raises(SavedMeanwhile, match="saved this rule meanwhile") as caught:
        rule_edits.save(rule=second, categories=[], seen=0, by=ben)
    assert (caught.value.newest.by, Rule.objects.get().text) == (ana, "Ana's.")
    rule_edits.save(rule=second, categories=[], seen=seen, by=ben)
    assert contents(second.pk) == ["Ben's.", "Ana's.", "Large."]


def test_what_was_deleted_keeps_its_versions_and_is_not_saved_over(ana: User, ben: User) -> None:
    rule = make_rule()
    pk = rule.pk
    rule_edits.delete(rule=rule, seen=0, by=ana)
    rule.pk = pk
    assert (contents(pk), Rule.objects.count()) == (["gone", "Large."], 0)
    with pytest.raises(SavedMeanwhile, match="deleted this rule meanwhile"):
        rule_edits.save(rule=rule, categories=[], seen=1, by=ben)
    with pytest.raises(SavedMeanwhile):
        rule_edits.delete(rule=rule, seen=1, by=ben)


def test_nobody_deletes_what_they_have_not_seen(ana: User, ben: User) -> None:
    rule = make_rule()
    rule.text = "Changed."
    rule_edits.save(rule=rule, categories=[], seen=0, by=ana)
    with pytest.raises(SavedMeanwhile):
        rule_edits.delete(rule=rule, seen=0, by=ben)
    assert Rule.objects.exists()
