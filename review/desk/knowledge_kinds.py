"""The kinds of knowledge that have pages, and what tells them apart there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404

from drafting.models import Article, Category, Guidance, ReplyTemplate, Version
from inbox import text_search


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is its `Version.Kind`, `page` the name of its list's address. `titled` is the field that people know one by."""

    name: str
    model: Any
    page: str
    one: str
    many: str
    titled: str
    text: str
    about: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            Version.Kind.ARTICLE.value,
            Article,
            "knowledge",
            "article",
            "articles",
            "title",
            "body",
            "What the company says about a topic. The assistant looks articles up and takes facts from them.",
        ),
        Kind(
            Version.Kind.TEMPLATE.value,
            ReplyTemplate,
            "templates",
            "template",
            "templates",
            "name",
            "body",
            "Approved wordings for a category. What a template promises, the assistant may promise in the same words.",
        ),
        Kind(
            Version.Kind.GUIDANCE.value,
            Guidance,
            "guidance",
            "guidance",
            "guidance",
            "title",
            "text",
            "How replies should sound. The assistant reads all of it before each draft, and it is pinned with the setup.",
        ),
        Kind(
            Version.Kind.CATEGORY.value,
            Category,
            "categories",
            "category",
            "categories",
            "name",
            "description",
            "The kinds of mail. The assistant chooses one for each mail by its description; they are pinned with the setup.",
        ),
    )
}


def named(name: str) -> Kind:
    """The kind of that name; there is no page for any other."""
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def searched(kind: Kind, text: str) -> Q:
    """Rows of `kind` that have the words of `text`."""
    contained = Q(**{f"{kind.titled}__icontains": text})
    if kind.model is Article:
        return contained | Q(slug__icontains=text) | Q(search=text_search.in_any_language(text))
    return contained | Q(**{f"{kind.text}__icontains": text})
