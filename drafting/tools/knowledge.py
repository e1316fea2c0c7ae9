"""Articles and templates: what the company says in general; no customer's data.

Each answer names the version that it is taken from as "v3": a bare 3 would trace any 3 in a draft. The queries are written out: every draft
asks them, and Django takes longer to put them together than PostgreSQL to answer.
"""

from typing import Any

from django.db import connection

from drafting.errors import NotFound
from drafting.tools import words
from drafting.tools.base import Scope
from inbox import text_search

LISTED = 3
WHOLE = 3_000
"""Characters up to which an article is told as a whole; of longer ones the passages around the words asked for."""
ABOUT = """
    SELECT article.slug, article.title, char_length(article.body) > %(whole)s,
           CASE WHEN char_length(article.body) <= %(whole)s THEN article.body
                ELSE ts_headline(%(config)s::regconfig, article.body, to_tsquery(%(config)s::regconfig, %(asked)s),
                                 'StartSel="", StopSel="", MinWords=60, MaxWords=120, MaxFragments=3, FragmentDelimiter=" … "') END,
           (SELECT coalesce(max(number), 0) FROM drafting_version WHERE kind = 'article' AND "of" = article.id)
      FROM (SELECT *, ts_rank(search, to_tsquery(%(config)s::regconfig, %(asked)s)) AS rank FROM drafting_article
             WHERE is_active AND language = %(language)s AND search @@ to_tsquery(%(config)s::regconfig, %(asked)s)
             ORDER BY rank DESC, slug LIMIT %(listed)s) AS article
     ORDER BY article.rank DESC, article.slug
"""
"""The active articles in a language that have any word asked for, the most fitting first. Read through the index `article_words`."""
_TEMPLATES = """
    SELECT id, name, body, (SELECT coalesce(max(number), 0) FROM drafting_version WHERE kind = 'template' AND "of" = template.id)
      FROM drafting_replytemplate AS template
     WHERE is_active AND category_id = %(category)s AND language = %(language)s
     ORDER BY name LIMIT %(listed)s
"""


def articles(scope: Scope, query: str) -> list[dict[str, Any]]:
    """Articles about `query` by full-text search, in the customer's language where there are any, else in the mailbox's."""
    if terms := words.words(query):
        for language in _languages(scope):
            if found := _rows(ABOUT, about(terms, language=language)):
                return [_told(row, language) for row in found]
    raise NotFound(f"No article is about {query[:80]!r}.")


def templates(scope: Scope, query: str) -> list[dict[str, Any]]:
    """The approved wordings for the mail's category, in the customer's language where there are any, else in the mailbox's."""
    if scope.category is None:
        raise NotFound("The mail has no category yet.")
    for language in _languages(scope):
        if found := _rows(_TEMPLATES, {"category": scope.category.pk, "language": language, "listed": LISTED}):
            return [
                {"id": pk, "name": name, "language": language, "version": f"v{number}", "body": body} for pk, name, body, number in found
            ]
    raise NotFound("There are no templates for this kind of mail.")


def about(terms: list[str], *, language: str) -> dict[str, Any]:
    """The values of `ABOUT` for any of `terms`, as `words.words` finds them; there must be some."""
    config = text_search.config(language)
    return {"asked": words.any_word(terms), "config": config, "language": language, "listed": LISTED, "whole": WHOLE}


def _languages(scope: Scope) -> list[str]:
    return list(dict.fromkeys((scope.language, scope.fallback_language, "en")))


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Any] = cursor.fetchall()
    return found


def _told(row: tuple[str, str, bool, str, int], language: str) -> dict[str, Any]:
    slug, title, is_excerpt, body, number = row
    told = {"id": slug, "language": language, "title": title, "version": f"v{number}", "body": body}
    return told | ({"is_excerpt": True} if is_excerpt else {})
