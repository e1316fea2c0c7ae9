"""Articles and templates as evidence: found through an index, the most fitting first, with the version that they are taken from."""

import time
from datetime import date
from typing import Any

import pytest
from django.db import connection

from drafting import versions
from drafting.errors import NotFound
from drafting.grounding import Source, atoms, trace
from drafting.models import Article
from drafting.tools import Scope, knowledge
from tests.drafting.factories import make_article, make_category, make_template

pytestmark = pytest.mark.django_db


def scope(**about: Any) -> Scope:
    values = {"is_authenticated": True, "customer": None, "language": "en", "fallback_language": "en", "category": None}
    return Scope(**{**values, "today": date(2026, 11, 22), **about})


def make_many_articles(count: int) -> None:
    words = ("pump", "belt", "seal", "filter", "motor", "valve", "bearing", "hose", "gear", "bracket")
    Article.objects.bulk_create(
        Article(
            slug=f"part-{number}",
            language=("en", "de", "pl")[number % 3],
            title=f"Part {number} {words[number % 10]}",
            body=f"About the {words[number // 10 % 10]} number {number}. " * 20,
        )
        for number in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE drafting_article")


def test_among_thousands_of_articles_the_index_finds_them() -> None:
    make_many_articles(4_000)
    make_article(slug="grease", title="Grease", body="Which grease suits which bearing.")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {knowledge.ABOUT}", knowledge.about(["grease"], language="en"))
        plan = str(cursor.fetchall())
    assert "article_words" in plan and "Seq Scan on drafting_article" not in plan
    started = time.monotonic()
    assert [each["id"] for each in knowledge.articles(scope(), "which grease")] == ["grease"]
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("language", "title", "query"),
    [
        ("de", "Rücksendungen", "Rücksendung"),
        ("en", "Returning goods", "returned"),
        ("fr", "Retours de marchandises", "marchandise"),
        ("pl", "Zwrot towaru", "zwrot"),
        ("xx", "Foo bar", "foo"),
    ],
)
def test_words_are_read_in_the_articles_language(language: str, title: str, query: str) -> None:
    make_article(slug="found", language=language, title=title, body="-")
    assert [each["id"] for each in knowledge.articles(scope(language=language), query)] == ["found"]


def test_the_index_follows_what_is_saved() -> None:
    make_article(slug="old", title="Grease", body="-")
    Article.objects.update(title="Oil", language="de")
    with pytest.raises(NotFound):
        knowledge.articles(scope(), "grease")
    assert knowledge.articles(scope(language="de"), "oil")[0]["title"] == "Oil"


def test_what_the_title_says_comes_before_what_the_text_mentions() -> None:
    make_article(slug="mention", title="Opening hours", body="Ask us about pumps.")
    make_article(slug="topic", title="Pumps", body="All of them.")
    assert [each["id"] for each in knowledge.articles(scope(), "pumps")] == ["topic", "mention"]


def test_an_inactive_article_is_not_found() -> None:
    make_article(title="Pumps", is_active=False)
    with pytest.raises(NotFound):
        knowledge.articles(scope(), "pumps")


def test_of_a_long_article_the_passages_around_the_words_are_told() -> None:
    filler = "Nothing of interest stands here at all. " * 200
    make_article(slug="long", title="All about parts", body=f"{filler}Grease the bearing every 500 hours. {filler}")
    told = knowledge.articles(scope(), "how often grease the bearing")[0]
    assert "Grease the bearing every 500 hours." in told["body"] and told["is_excerpt"]
    assert len(told["body"]) < knowledge.WHOLE


def test_a_short_article_is_told_as_a_whole() -> None:
    make_article(title="Pumps", body="First.\n\nPumps are tested. <b>Twice</b> & dry.")
    told = knowledge.articles(scope(), "pumps")[0]
    assert told["body"] == "First.\n\nPumps are tested. <b>Twice</b> & dry." and "is_excerpt" not in told


def test_evidence_names_the_version_of_an_article_and_of_a_template() -> None:
    category = make_category()
    article, template = make_article(title="Pumps"), make_template(category)
    versions.keep_all(things=[article], by=None)
    Article.objects.update(body="Pumps are tested twice.")
    versions.keep(thing=article, by=None)
    versions.keep(thing=template, by=None)
    assert knowledge.articles(scope(), "pumps")[0]["version"] == "v2"
    assert knowledge.templates(scope(category=category), "")[0]["version"] == "v1"


def test_the_number_of_a_version_traces_no_number_in_a_draft() -> None:
    article = make_article(slug="pumps", title="Pumps", body="Pumps are tested.")
    for number in range(3):
        Article.objects.update(body=f"Pumps are tested{'!' * number}")
        versions.keep(thing=article, by=None)
    answer = knowledge.articles(scope(), "pumps")
    assert answer[0]["version"] == "v3"
    assert not trace(atoms("It takes 3 days."), [Source("evidence:1", answer)])[0].is_traced


def test_looking_up_articles_takes_one_query_a_language(django_assert_max_num_queries: Any) -> None:
    make_article(title="Pumps")
    with django_assert_max_num_queries(2):
        knowledge.articles(scope(language="de"), "pumps")
