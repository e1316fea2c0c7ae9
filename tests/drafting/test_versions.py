"""Versions: one for each change, who made it, never altered, and everything comes back."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from drafting import versions
from drafting.errors import Refused
from drafting.models import Article, Guidance, ReplyTemplate, Rule, Version
from tests.drafting.factories import make_article, make_category, make_template

pytestmark = pytest.mark.django_db


def make_rule(**about: Any) -> Rule:
    values = {"name": "Large orders", "expression": "order.total > 500.0", "effect": "needs_person"}
    return Rule.objects.create(**values | about)


@pytest.fixture
def dana(db: None) -> User:
    """Somebody who edits."""
    return User.objects.create_user("dana")


def test_each_change_leaves_a_version_with_who_made_it(dana: User) -> None:
    article = make_article(title="Returns")
    versions.keep(thing=article, by=None)
    article.title = "Returning goods"
    article.save()
    versions.keep(thing=article, by=dana)
    newest, first = versions.of(article)
    assert (newest.number, newest.content["title"], newest.by) == (2, "Returning goods", dana)
    assert (first.number, first.content["title"], first.by) == (1, "Returns", None)


def test_saving_without_a_change_leaves_no_version(dana: User) -> None:
    article = make_article()
    assert versions.keep(thing=article, by=dana) == versions.keep(thing=article, by=None)
    assert Version.objects.count() == 1


def test_a_version_holds_what_is_saved_and_not_what_somebody_has_in_hand() -> None:
    article = make_article(title="Saved")
    article.title = "Typed"
    assert versions.keep(thing=article, by=None).content["title"] == "Saved"


def test_templates_and_rules_keep_their_categories_by_name() -> None:
    template = make_template(make_category("return"))
    rule = make_rule()
    rule.categories.set([make_category("return"), make_category("damage")])
    assert versions.keep(thing=template, by=None).content["category"] == "return"
    assert versions.keep(thing=rule, by=None).content["categories"] == ["damage", "return"]


def test_many_are_kept_with_a_handful_of_queries(django_assert_max_num_queries: Any) -> None:
    articles = [make_article() for _ in range(30)]
    with django_assert_max_num_queries(6):
        kept = versions.keep_all(things=articles, by=None)
    assert [version.of for version in kept] == [article.pk for article in articles]
    assert versions.keep_all(things=[], by=None) == []


def test_the_database_refuses_to_change_or_delete_a_version() -> None:
    version = versions.keep(thing=make_article(), by=None)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(number=7)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.filter(pk=version.pk).delete()
    assert Version.objects.get().number == 1


def test_an_older_version_is_restored_as_a_new_one(dana: User) -> None:
    article = make_article(title="Returns", is_active=True)
    first = versions.keep(thing=article, by=None)
    Article.objects.update(title="Something else", is_active=False)
    versions.keep(thing=article, by=None)
    versions.restore(version=first, by=dana)
    article.refresh_from_db()
    assert (article.title, article.is_active) == ("Returns", True)
    newest = versions.of(article)[0]
    assert (newest.number, newest.by) == (3, dana)


def test_what_was_deleted_keeps_its_versions_and_comes_back(dana: User) -> None:
    rule = make_rule()
    rule.categories.set([make_category("return")])
    pk = rule.pk
    versions.delete(thing=rule, by=dana)
    assert not Rule.objects.exists()
    deletion, first = versions.history(kind="rule", of=pk)
    assert versions.is_deletion(deletion) and deletion.by == dana
    with pytest.raises(Refused, match="Restore the one before"):
        versions.restore(version=deletion, by=dana)
    versions.restore(version=first, by=dana)
    back = Rule.objects.get()
    assert back.pk == pk and [category.slug for category in back.categories.all()] == ["return"]
    assert [version.number for version in versions.of(back)] == [3, 2, 1]


def test_what_comes_back_from_deletion_gets_a_version_though_nothing_else_changed(dana: User) -> None:
    guidance = Guidance.objects.create(title="Tone", text="Be kind.")
    versions.keep(thing=guidance, by=dana)
    assert versions.of(guidance)[0].content == {"title": "Tone", "text": "Be kind.", "is_active": True}


def test_a_version_whose_name_is_taken_by_now_is_refused_in_words(dana: User) -> None:
    article = make_article(slug="returns")
    first = versions.keep(thing=article, by=None)
    Article.objects.update(slug="old-returns")
    make_article(slug="returns")
    with pytest.raises(Refused, match="something else has its name"):
        versions.restore(version=first, by=dana)
    assert Article.objects.get(pk=article.pk).slug == "old-returns"


def test_a_version_that_could_not_be_saved_today_is_refused_in_words(dana: User) -> None:
    rule = make_rule()
    Rule.objects.update(expression="order.colour == 'red'")
    unknown_fact = versions.keep(thing=rule, by=None)
    with pytest.raises(Refused, match="colour"):
        versions.restore(version=unknown_fact, by=dana)
    template = make_template(make_category("return"))
    ReplyTemplate.objects.update(body="Order {order:colour}")
    with pytest.raises(Refused, match="no kind “colour”"):
        versions.restore(version=versions.keep(thing=template, by=None), by=dana)


def test_a_template_of_a_category_that_is_gone_is_refused_in_words(dana: User) -> None:
    template = make_template(make_category("return"))
    first = versions.keep(thing=template, by=None)
    versions.delete(thing=template, by=dana)
    make_category("return").delete()
    with pytest.raises(Refused, match="no category return"):
        versions.restore(version=first, by=dana)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_save_at_once_each_leave_a_version() -> None:
    article = make_article()
    versions.keep(thing=article, by=None)
    together = threading.Barrier(2, timeout=20)

    def save(title: str) -> None:
        together.wait()
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(title=title)
            versions.keep(thing=article, by=None)
        connection.close()

    threads = [threading.Thread(target=save, args=(title,)) for title in ("One", "Other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(version.content["title"] for version in versions.of(article)) == ["One", "Other", "Returns"]
    assert [version.number for version in versions.of(article)] == [3, 2, 1]


def test_a_thing_without_a_version_leaves_one_of_how_it_was_before_its_first_change(dana: User) -> None:
    article = make_article(title="Returns")
    versions.check_seen(thing=article, seen=0)
    Article.objects.update(title="Returning goods")
    versions.keep(thing=article, by=dana)
    assert [version.content["title"] for version in versions.of(article)] == ["Returning goods", "Returns"]


def test_nobody_overwrites_or_deletes_what_they_have_not_seen(dana: User) -> None:
    rule = make_rule()
    versions.keep(thing=rule, by=None)
    Rule.objects.update(text="Changed.")
    versions.keep(thing=rule, by=dana)
    with pytest.raises(versions.SavedMeanwhile, match="saved this rule meanwhile") as caught:
        versions.check_seen(thing=rule, seen=1)
    assert (caught.value.newest.by, caught.value.newest.number) == (dana, 2)
    with pytest.raises(versions.SavedMeanwhile):
        versions.delete(thing=rule, seen=1, by=None)
    assert Rule.objects.exists()
    versions.check_seen(thing=rule, seen=2)


def test_what_was_deleted_meanwhile_is_not_saved_over(dana: User) -> None:
    rule = make_rule()
    gone = Rule(pk=rule.pk)
    versions.delete(thing=rule, seen=0, by=dana)
    with pytest.raises(versions.SavedMeanwhile, match="deleted this rule meanwhile"):
        versions.check_seen(thing=gone, seen=1)
