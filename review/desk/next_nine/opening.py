"""From a cause to the editor that would mend it: the buttons, and what is said above an editor that was opened by one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from drafting.models import Category, Connector, ConnectorTool
from review.models import Remedy
from review.next_nine import causes, material, named, remedies, seeds, suggestions
from review.next_nine.groups import Group
from review.next_nine.suggestions import Suggestion

Kind = Remedy.Kind
PARAMETER = "remedy"
LABELS = {
    Kind.ARTICLE: "Write an article",
    Kind.TEMPLATE: "Write a template",
    Kind.GUIDANCE: "Write guidance",
    Kind.RULE: "Write a rule",
    Kind.CATEGORY: "Describe the category",
    Kind.CONNECTOR: "Connect a system",
    Kind.LOOKUP: "Look at the lookup",
    Kind.TABLE: "Import a table",
    Kind.ELSEWHERE: "Look at the setup",
}
QUESTIONS = 4
BY_KEY = {Kind.TABLE, Kind.LOOKUP, Kind.CONNECTOR}
"""Remedies for which it helps to know what was looked up in vain."""


@dataclass(frozen=True, slots=True)
class Button:
    """Leads to the editor for a remedy, "" where none does it; `words` say why it would help."""

    label: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What an editor was opened for. `initial` are values for its form, `questions` what customers asked, `missed` what was looked up in
    vain, with how often."""

    cause: str
    title: str
    url: str
    initial: dict[str, Any]
    questions: list[str]
    missed: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Places:
    """What causes are about: connectors' lookups by name, and by cause the rules that hand its mails over, and the right categories."""

    lookups: Mapping[str, int]
    rules: Mapping[str, int]
    categories: Mapping[str, int]


def places(keys: Collection[str], known: named.Names) -> Places:
    """Of these causes. One query, where any cause is about a lookup."""
    tools = {key.split(":")[1] for key in keys if key.startswith("lookup:")} - suggestions.TABLES.keys() - {"articles", "templates"}
    right = {key: known.category_ids.get(causes.base(key).split(":")[2], 0) for key in keys if key.startswith("category:")}
    return Places(
        lookups=dict(ConnectorTool.objects.filter(name__in=tools).values_list("name", "pk")) if tools else {},
        rules=_rules(known),
        categories=right,
    )


def buttons(group: Group, found: Places, *, most: int | None = None) -> list[Button]:
    """What would mend a cause, the likeliest first; `most` remedies, of which connecting a system has a button for each kind."""
    rule, category = found.rules.get(group.cause, 0), found.categories.get(group.cause, 0)
    category = category or (group.categories[0][0] if group.categories else 0)
    suggested = suggestions.suggestions(group.cause, own_lookups=found.lookups)
    return [
        Button(label, one.words, url)
        for one in suggested[:most]
        for label, url in (
            _connectors(group.cause)
            if one.kind == Kind.CONNECTOR
            else [(_label(one, rule), _url(one, group.cause, found.lookups, rule, category))]
        )
    ]


def _connectors(cause: str) -> list[tuple[str, str]]:
    """A button for each kind of system: the editor differs."""
    query = urlencode({PARAMETER: cause})
    return [
        (f"{LABELS[Kind.CONNECTOR]}: {kind.label}", f"{reverse('new_connector', args=[kind.value])}?{query}") for kind in Connector.Kind
    ]


def _rules(known: named.Names) -> dict[str, int]:
    """The one rule, active or not, that says what the mails of a cause were handed over with; none where several do."""
    rules = known.handing_over.items()
    fitting = {cause: [pk for pk, text in rules if text and text.startswith(said)] for cause, said in known.rules.items()}
    return {cause: pks[0] for cause, pks in fitting.items() if len(pks) == 1}


def begun(values: Mapping[str, str], *, user: User, kind: str, thing: object = None) -> Begun | None:
    """What the address or the form says that this editor of `kind` was opened for; `thing` is what is edited, None for a new one."""
    if not (cause := remedies.known(values.get(PARAMETER, ""))):
        return None
    title, found = named.title(cause, named.names([cause])), material.material(cause, user=user)
    initial = seeds.seeds(kind, title=title, material=found, category=thing if isinstance(thing, Category) else None)
    is_new = thing is None or isinstance(thing, Category)
    missed = material.missed(cause, user=user) if kind in BY_KEY else []
    return Begun(cause, title, reverse("next_nine_cause", args=[cause]), initial if is_new else {}, found.questions[:QUESTIONS], missed)


def _label(one: Suggestion, rule: int) -> str:
    return "Change the rule" if one.kind == Kind.RULE and rule else LABELS[Kind(one.kind)]


def _url(one: Suggestion, cause: str, own: Mapping[str, int], rule: int, category: int) -> str:
    about = {PARAMETER: cause}
    match one.kind:
        case Kind.ELSEWHERE:
            return reverse(one.target) if one.target else ""
        case Kind.RULE:
            address = reverse("rule", args=[rule]) if rule else reverse("new_rule")
        case Kind.CATEGORY:
            address = reverse("knowledge_thing", args=["category", category]) if category else reverse("categories")
        case Kind.LOOKUP:
            address = reverse("connector_tool", args=[own[one.target]])
        case Kind.TABLE:
            address, about = reverse("tables"), about | {"table": one.target}
        case _:
            address = reverse("new_knowledge", args=[one.kind])
    return f"{address}?{urlencode(about)}"
