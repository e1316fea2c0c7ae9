"""Causes in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import CharField, F, Func, Max, Value

from drafting.models import Category, Evidence, HandOverReason, Rule
from review.desk import words
from review.models import Miss, Theme
from review.next_nine import causes

EDITS = {
    "tone": "Reviewers changed the tone",
    "too_long": "Reviewers made the draft shorter",
    "language": "Reviewers mended the language",
    "wrong_fact": "Reviewers corrected a fact",
    "missing_answer": "Reviewers added an answer",
    "policy": "Reviewers changed what we allow or promise",
}
ASKED = {"code": "a number or code", "address": "an address", "words": "words", "anything": "what was asked"}
FIXED = {
    causes.NO_REPLY: "No reply was needed",
    causes.UNEXPLAINED: "Changed or rewritten, and nobody said why",
    "lookup:customer:not_found:sender": "The sender is no known customer",
}
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Names:
    """What keys stand for: names and ids of categories by slug, the words of themes by id, what rules say by the key of their cause.

    `handing_over` is what each rule says with which it hands over, by its id, where any cause is about one.
    """

    categories: Mapping[str, str] = field(default_factory=dict)
    category_ids: Mapping[str, int] = field(default_factory=dict)
    themes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    handing_over: Mapping[int, str] = field(default_factory=dict)


def names(keys: Collection[str]) -> Names:
    """What is needed to say these causes in words, in one query."""
    slugs = {slug for key in keys if key.startswith("category:") for slug in causes.base(key).split(":")[1:]}
    by_rule = {key for key in keys if key.startswith("hand_over:rule:")}
    rows = list(_rows(slugs, {theme for key in keys if (theme := causes.theme(key))}, by_rule))
    return Names(
        categories={key: said for kind, key, said, _ in rows if kind == "category"},
        category_ids={key: pk for kind, key, _, pk in rows if kind == "category"},
        themes={pk: tuple(said.split()) for kind, _, said, pk in rows if kind == "theme"},
        rules={key: said[:LONGEST] for kind, key, said, _ in rows if kind == "rule"},
        handing_over={pk: said for kind, _, said, pk in rows if kind == "handing_over"},
    )


def _rows(slugs: Collection[str], themes: Collection[int], by_rule: Collection[str]) -> Iterable[tuple[str, str, str, int]]:
    """Kind, key, words and id. A rule has no id in what it leaves behind; all mails with the same key have the same words (`causes`)."""
    said = Func(F("words"), Value(" "), function="array_to_string", output_field=CharField())
    wanted = [
        Category.objects.filter(slug__in=slugs).order_by().values_list(Value("category", CharField()), "slug", "name", "pk"),
        Theme.objects.filter(pk__in=themes).values_list(Value("theme", CharField()), Value("", CharField()), said, "pk"),
        Miss.objects.filter(cause__in=by_rule)
        .order_by()
        .values("cause")
        .annotate(kind=Value("rule", CharField()), said=Max("decision__draft__hand_over_words"), id=Value(0))
        .values_list("kind", "cause", "said", "id"),
        Rule.objects.filter(effect=Rule.Effect.HAND_OVER)
        .order_by()
        .values_list(Value("handing_over", CharField()), Value("", CharField()), "text", "pk"),
    ]
    named = [rows for rows, keys in zip(wanted, (slugs, themes, by_rule, by_rule), strict=True) if keys]
    return named[0].union(*named[1:], all=True) if named else ()


def title(key: str, known: Names) -> str:
    """The cause as a heading."""
    theme = known.themes.get(causes.theme(key), ())
    return _title(causes.base(key), known) + (f": {', '.join(theme)}" if theme else "")


def _title(key: str, known: Names) -> str:
    kind, *parts = key.split(":")
    match kind:
        case _ if key in FIXED:
            said = FIXED[key]
        case "edit":
            said = EDITS.get(parts[0], "Reviewers edited the draft")
        case "lookup":
            said = _lookup(*parts)
        case "check":
            said = f"Failed check: {words.humanised(parts[0]).lower()}"
        case "category":
            said = "Taken for “{}”, and was “{}”".format(*(known.categories.get(slug, slug) for slug in parts))
        case _:
            said = _handed_over(key, parts[0], known)
    return said


def _handed_over(key: str, reason: str, known: Names) -> str:
    if reason == HandOverReason.RULE:
        return f"Handed over by a rule: {known.rules.get(key, 'one that is gone')}"
    label = HandOverReason(reason).label if reason in HandOverReason.values else words.humanised(reason)
    return f"Handed over: {label[:1].lower()}{label[1:]}"


def _lookup(tool: str, outcome: str, asked: str) -> str:
    named = words.humanised(tool)
    if outcome == Evidence.Outcome.UNAVAILABLE:
        return f"The lookup “{named}” could not be reached"
    return f"The lookup “{named}” found nothing for {ASKED.get(asked, asked)}"
