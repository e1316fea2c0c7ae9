"""Which elements of an HTML mail a reader does not see."""

import re
from typing import NamedTuple

_RULE = re.compile(r"([^{}@;]{1,300})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?$", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_MEDIA = re.compile(r"@[^{};]{0,300}\{(?:[^{}]{0,4000}\{[^{}]{0,4000}\}){0,500}[^{}]{0,4000}\}")
_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_ZERO = re.compile(r"0*\.?0*(?:px|pt|em|rem|ex|%|vh|vw)?$")
_TINY = re.compile(r"(?:0|0?\.\d+|1(?:\.0+)?)(?:px|pt)$|0*\.?0*(?:px|pt|em|rem|%)?$|0?\.0\d*(?:em|rem)$")
_FAR = re.compile(r"-\s*\d{4,}(?:\.\d+)?(?:px|pt|em)?$|-\d{3}(?:em|%)$")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)")
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245)}
WHITE = (255, 255, 255)

Colour = tuple[int, int, int]


class Look(NamedTuple):
    """What an element inherits: text and background colour."""

    text: Colour | None = None
    background: Colour = WHITE


class StyleSheet:
    """The simple rules of a mail's <style>: by tag, class, id or tag with class. Not media queries: they hide one of two variants."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, str] = {}
        css = _MEDIA.sub("", _COMMENT.sub("", css[:100_000]))
        for found in _RULE.finditer(css):
            if not _matters(found[2].lower()):
                continue
            for selector in found[1].split(","):
                simple = _SELECTOR.match(selector.strip())
                if simple and simple[0]:
                    self._rules[selector.strip().lower()] = self._rules.get(selector.strip().lower(), "") + ";" + found[2]

    @property
    def is_used(self) -> bool:
        """True if there is any rule that can hide something."""
        return bool(self._rules)

    def style(self, tag: str, attributes: dict[str, str]) -> str:
        """The declarations that hold for an element, its own style attribute last."""
        own = attributes.get("style", "")
        if not self._rules:
            return own
        names = [f".{name}" for name in attributes.get("class", "").lower().split()]
        if attributes.get("id"):
            names.append("#" + attributes["id"].lower())
        keys = [tag, *names, *(tag + name for name in names)]
        return ";".join([*(self._rules[key] for key in keys if key in self._rules), own])


def _matters(declarations: str) -> bool:
    return any(
        word in declarations
        for word in ("display", "visibility", "font-size", "opacity", "color", "height", "width", "indent", "left", "top", "clip")
    )


def look_of(inherited: Look, style: dict[str, str], attributes: dict[str, str]) -> Look:
    """Colours after this element's own style."""
    text = _colour(style.get("color", "") or attributes.get("color", ""))
    background = _colour(style.get("background-color", "") or style.get("background", "") or attributes.get("bgcolor", ""))
    if text is None and background is None:
        return inherited
    return Look(text or inherited.text, background or inherited.background)


def is_invisible(look: Look) -> bool:
    """Text in (nearly) the colour of its background."""
    return look.text is not None and max(abs(a - b) for a, b in zip(look.text, look.background, strict=True)) <= 8


def declarations(style: str) -> dict[str, str]:
    """A style attribute as a dictionary, `!important` dropped."""
    if not style:
        return {}
    return {name: value.replace("!important", "").strip() for name, value in _DECLARATION.findall(style[:5_000].lower())}


def is_hidden(style: dict[str, str], attributes: dict[str, str]) -> bool:
    """True for an element whose style or attributes take it and all it holds out of sight."""
    if "hidden" in attributes:
        return True
    if not style:
        return False
    return _is_off(style) or _is_out_of_sight(style)


def _is_off(style: dict[str, str]) -> bool:
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"} or style.get("mso-hide") == "all":
        return True
    return bool(_ZERO.match(style.get("opacity", "1")) or _TINY.match(style.get("font-size", "12px")))


def _is_out_of_sight(style: dict[str, str]) -> bool:
    if _FAR.match(style.get("text-indent", "")):
        return True
    if style.get("position") in {"absolute", "fixed"} and any(
        _FAR.match(style.get(side, "")) for side in ("left", "top", "right", "margin-left")
    ):
        return True
    if re.match(r"rect\(\s*0", style.get("clip", "")):
        return True
    sizes = [style.get(name, "") for name in ("height", "width", "max-height", "max-width")]
    return style.get("overflow") == "hidden" and any(size and _ZERO.match(size) for size in sizes)


def _colour(value: str) -> Colour | None:
    value = value.strip().lower()
    if not value:
        return None
    if value in _NAMED:
        return _NAMED[value]
    found = _RGB.search(value)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    hexed = re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", value)
    if not hexed:
        return next((_NAMED[word] for word in value.split() if word in _NAMED), None)
    digits = hexed[1] if len(hexed[1]) == 6 else "".join(char * 2 for char in hexed[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
