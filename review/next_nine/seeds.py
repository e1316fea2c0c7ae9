"""What stands in an editor that is opened to mend a cause: a beginning made from its mails, for a person to finish."""

import re
from typing import Any

from drafting.models import Category, Rule
from review.models import Remedy
from review.next_nine.material import LONGEST_CHANGE, Material

PAIRS = 3
_MASK = re.compile(r"\[(?P<what>[^\W_][\w .-]*)\]")


def seeds(kind: str, *, title: str, material: Material, category: Category | None = None) -> dict[str, Any]:
    """Values of the form of `kind` by field; none for what nothing can be said about. `title` is the cause in words.

    `category` is the one that is opened to be changed.
    """
    match kind:
        case Remedy.Kind.ARTICLE:
            return {"title": _topic(title, material)[:200], "body": _added(material), **_language(material)}
        case Remedy.Kind.TEMPLATE:
            return {"name": _topic(title, material)[:120], "category": material.category, "body": _wording(material), **_language(material)}
        case Remedy.Kind.GUIDANCE:
            return {"title": title[:120], "text": _instead(material)}
        case Remedy.Kind.RULE:
            return {
                "name": title[:120],
                "effect": Rule.Effect.TELL_MODEL,
                "text": _added(material),
                "expression": "true",
                "categories": [material.category] if material.category else [],
            }
        case Remedy.Kind.CATEGORY if category:
            return {"description": _described(category, material)}
    return {}


def _language(material: Material) -> dict[str, str]:
    return {"language": material.language} if material.language else {}


def _topic(title: str, material: Material) -> str:
    """The words of a theme, else what the newest mail is about."""
    theme = title.partition(": ")[2] if ", " in title else ""
    return theme.capitalize() or next((one.subject for one in material.examples if one.subject), title)


def _added(material: Material) -> str:
    text = ""
    for sentence in material.put:
        if len(text) + len(sentence) > LONGEST_CHANGE:
            break
        text += f"{sentence}\n"
    return text.strip()


def _wording(material: Material) -> str:
    """The newest whole reply, with what is the customer's as slots."""
    reply = next((one.reply for one in material.examples if one.reply), "")
    return _MASK.sub(r"{\g<what>}", reply.replace("{", "(").replace("}", ")"))


def _instead(material: Material) -> str:
    pairs = [(" ".join(one.taken), " ".join(one.put)) for one in material.examples if one.put]
    lines = [f"Write “{put[:300]}”" + (f", not “{taken[:300]}”." if taken else ".") for taken, put in pairs[:PAIRS]]
    return "\n".join(lines)


def _described(category: Category, material: Material) -> str:
    asked = "\n".join(f"- {question}" for question in material.questions[:PAIRS])
    return f"{category.description}\n\nMails like these belong here, too:\n{asked}" if asked else category.description
