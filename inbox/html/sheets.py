"""The style sheets of an HTML mail, as far as they can hide text: which rules hold for an element (CSS Selectors, Cascade).

Media queries are left out, as they hide one of two variants, and so are selectors with siblings or states: what they mean is not known
from the mail alone.
"""

import re
from typing import NamedTuple

from lxml import etree

STYLE_CHARS = 100_000
"""Of the style sheets of a mail, this much is read."""
MOST_ANCESTORS = 300_000
"""Elements looked at for rules about ancestors; a mail has thousands."""
MOST_RULES = 300
"""Rules that may hold for one tag, class or id."""
_MOST_SIMPLE = 10
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_MEDIA = re.compile(r"@[^{};]{0,300}\{(?:[^{}]{0,4000}\{[^{}]{0,4000}\}){0,500}[^{}]{0,4000}\}")
_RULE = re.compile(r"([^{}@;]{1,300})\{([^{}]{0,2000})\}")
_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)")
_STEP = re.compile(r"\s*(>)\s*|\s+")
_COMPOUND = re.compile(r"(\*|[a-z][a-z0-9]*)?((?:[.#][\w-]+|\[[^\[\]]{1,100}\])*)", re.IGNORECASE)
_SIMPLE = re.compile(r"([.#])([\w-]+)|\[\s*([\w-]+)\s*(?:([~^$*|]?)=\s*[\"']?([^\"'\]]*)[\"']?\s*i?\s*)?\]", re.IGNORECASE)
_HIDES = re.compile(
    r"display|visib|font|opacity|colou?r|backgr|height|width|indent|left|right|top|clip|margin|transform|filter|zoom|mso-hide"
)

Attribute = tuple[str, str, str]
Declarations = dict[str, str]


class Compound(NamedTuple):
    """What one element must be: its tag ("" for any), its classes and ids, and (name, operator, value) of attributes."""

    tag: str
    names: frozenset[str]
    attributes: tuple[Attribute, ...]


class Rule(NamedTuple):
    """Declarations for elements that match the last compound and whose ancestors match the others, from the outside in.

    `child` says for each of those whether it must be the parent.
    """

    compounds: tuple[Compound, ...]
    child: tuple[bool, ...]
    declarations: Declarations
    weight: tuple[int, int, int]


class StyleSheet:
    """The rules of all style elements of a mail. `is_cut` where there were too many to follow all."""

    def __init__(self, css: str) -> None:
        self._by_key: dict[str, list[Rule]] = {}
        self._known: dict[tuple[str, str, str, str], Declarations] = {}
        self._room = MOST_ANCESTORS
        self.is_cut = False
        for found in _RULE.finditer(_MEDIA.sub("", _COMMENT.sub("", css[:STYLE_CHARS]))):
            if _HIDES.search(found[2].lower()):
                self._add(found[1], read_declarations(found[2]))

    def _add(self, selectors: str, declarations: Declarations) -> None:
        for selector in selectors.split(","):
            rule = _read_rule(selector.strip(), declarations)
            if rule is not None:
                last = rule.compounds[-1]
                rules = self._by_key.setdefault(min(last.names, default=last.tag), [])
                if rules and rules[-1] == rule:
                    continue
                self.is_cut = self.is_cut or len(rules) >= MOST_RULES
                rules += [rule] if len(rules) < MOST_RULES else []

    def style(self, element: "etree._Element", tag: str, attributes: dict[str, str]) -> Declarations:
        """The declarations that hold for an element. Its own attribute is stronger than any rule that is not marked important."""
        own = attributes.get("style", "")
        if not self._by_key and not own:
            return {}
        key = (tag, attributes.get("class", ""), attributes.get("id", ""), own)
        known = self._known.get(key)
        if known is not None:
            return known
        names = _names(attributes)
        candidates = [rule for one in ("", tag, *names) for rule in self._by_key.get(one, ())]
        holding = [rule for rule in candidates if _matches(rule.compounds[-1], tag, names, attributes) and self._is_below(rule, element)]
        merged = _merge([*(rule.declarations for rule in sorted(holding, key=lambda rule: rule.weight)), read_declarations(own)])
        if all(len(rule.compounds) == 1 and not rule.compounds[0].attributes for rule in candidates):
            self._known[key] = merged
        return merged

    def _is_below(self, rule: Rule, element: "etree._Element") -> bool:
        """Whether the ancestors are as the rule wants them, each looked for from the inside out."""
        above = element.getparent()
        for compound, is_parent in zip(reversed(rule.compounds[:-1]), reversed(rule.child), strict=True):
            while True:
                self._room -= 1
                if above is None or self._room < 0:
                    self.is_cut = self.is_cut or self._room < 0
                    return False
                fits = _fits(compound, above)
                above = above.getparent()
                if fits:
                    break
                if is_parent:
                    return False
        return True


def read_declarations(style: str) -> Declarations:
    """A style attribute, or the inside of a rule, as a dictionary in lower case, without comments and escapes; `!important` stays."""
    style = style[:5_000].lower()
    if "\\" in style or "/*" in style:
        style = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style))
    return {name: value.strip() for name, value in _DECLARATION.findall(style)}


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else 0
    return (chr(number) if 0 < number < 0xD800 else "") if found[1] else found[2]


def _merge(layers: list[Declarations]) -> Declarations:
    """Later layers over earlier ones, but what is important over all that is not."""
    merged: Declarations = {}
    important: Declarations = {}
    for layer in layers:
        for name, value in layer.items():
            if "!important" in value.replace(" ", ""):
                important[name] = value
            else:
                merged[name] = value
    return {name: value.partition("!")[0].strip() for name, value in (merged | important).items()}


def _read_rule(selector: str, declarations: Declarations) -> Rule | None:
    if ":" in selector or "+" in selector or "~" in re.sub(r"\[[^\]]*\]", "", selector):
        return None
    pieces = _STEP.split(selector)
    compounds = [_read_compound(piece) for piece in pieces[::2]]
    if len(compounds) > _MOST_SIMPLE or not all(compounds):
        return None
    read = tuple(compound for compound in compounds if compound is not None)
    ids = sum(name.startswith("#") for one in read for name in one.names)
    others = sum(len(one.names) + len(one.attributes) for one in read) - ids
    return Rule(read, tuple(step == ">" for step in pieces[1::2]), declarations, (ids, others, sum(bool(one.tag) for one in read)))


def _read_compound(text: str) -> Compound | None:
    found = _COMPOUND.fullmatch(text)
    if not found or not text:
        return None
    names, attributes = set(), []
    for simple in _SIMPLE.finditer(found[2]):
        if simple[1]:
            names.add((simple[1] + simple[2]).lower())
        else:
            attributes.append((simple[3].lower(), ("" if simple[5] is None else simple[4] + "="), (simple[5] or "").strip().lower()))
    return Compound((found[1] or "*").lower().replace("*", ""), frozenset(names), tuple(attributes))


def _names(attributes: dict[str, str]) -> frozenset[str]:
    classes = (f".{name}" for name in attributes.get("class", "").lower().split()[:50])
    return frozenset([*classes, *(["#" + attributes["id"].lower()] if attributes.get("id") else [])])


def _fits(compound: Compound, element: "etree._Element") -> bool:
    attributes = {str(name): str(value) for name, value in element.items()}
    return _matches(compound, element.tag if isinstance(element.tag, str) else "", _names(attributes), attributes)


def _matches(compound: Compound, tag: str, names: frozenset[str], attributes: dict[str, str]) -> bool:
    if compound.tag not in {"", tag} or not compound.names <= names:
        return False
    return all(_has(attributes.get(name), operator, value) for name, operator, value in compound.attributes)


def _has(value: str | None, operator: str, wanted: str) -> bool:
    if value is None or not operator:
        return value is not None
    value = value.strip().lower()
    tests = {
        "=": value == wanted,
        "~=": wanted in value.split(),
        "^=": bool(wanted) and value.startswith(wanted),
        "$=": bool(wanted) and value.endswith(wanted),
        "*=": bool(wanted) and wanted in value,
        "|=": value == wanted or value.startswith(wanted + "-"),
    }
    return tests[operator]
