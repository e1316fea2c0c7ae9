"""Which elements of an HTML mail, and which text in them, a reader does not see."""

import re
from typing import NamedTuple

from inbox.html.colours import WHITE, Colour, read_colour
from inbox.html.sheets import Declarations

_LENGTH = re.compile(r"(?:calc\(\s*)?([+-]?\d*\.?\d+)\s*([a-z%]*)")
_FAR = {
    "px": 500.0,
    "pt": 400.0,
    "": 500.0,
    "em": 40.0,
    "rem": 40.0,
    "ex": 80.0,
    "ch": 80.0,
    "%": 100.0,
    "vw": 100.0,
    "vh": 100.0,
    "in": 6.0,
}
_FAR_RIGHT = 6
"""A mail may be wider than the window, but not so many times."""
_TINY = {"px": 2.0, "pt": 1.5, "": 2.0, "em": 0.1, "rem": 0.1, "ex": 0.2, "%": 10.0, "vw": 0.1, "vh": 0.1}
_FLAT = {"px": 1.0, "pt": 1.0, "": 1.0, "em": 0.1, "rem": 0.1, "%": 0.0, "vw": 0.0, "vh": 0.0}
_FONT_SIZE = re.compile(r"(?:^|\s)([\d.]+(?:px|pt|em|rem|ex|%|vw|vh)?)(?:\s*/|\s|$)")
_SHRUNK = re.compile(r"scale(?:3d|x|y)?\(\s*(?:0*\.?0+\d?)\s*[,)]|translate(?:x|y|3d)?\([^()]*-\s*\d{4,}")
_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|rect\(\s*0(?:px)?[\s,]+0(?:px)?[\s,]+0"
)
_CLIP_PATH = re.compile(r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%|circle\(\s*0")


class Look(NamedTuple):
    """What text inherits from the elements around it; each of them may set it anew."""

    text: Colour | None = None
    background: Colour = WHITE
    is_tiny: bool = False
    is_off: bool = False


def look_of(inherited: Look, style: Declarations, attributes: dict[str, str]) -> Look:
    """The look after this element's own style."""
    if not style and not ({"color", "text", "bgcolor"} & attributes.keys()):
        return inherited
    text = read_colour(style.get("color", "") or attributes.get("color", "") or attributes.get("text", ""))
    background = read_colour(style.get("background-color", "") or style.get("background", "") or attributes.get("bgcolor", ""))
    return Look(
        text or inherited.text,
        background if background is not None and background.alpha > 0.1 else inherited.background,
        _is_tiny(style, inherited=inherited.is_tiny),
        style["visibility"] in {"hidden", "collapse"} if "visibility" in style else inherited.is_off,
    )


def is_invisible(look: Look) -> bool:
    """Text that is switched off, too small, transparent, or in (nearly) the colour of its background."""
    if look.is_tiny or look.is_off:
        return True
    return look.text is not None and (look.text.alpha < 0.1 or look.text.is_near(look.background))


def is_hidden(style: Declarations, attributes: dict[str, str]) -> bool:
    """True for an element that takes all it holds out of sight, whatever the elements inside it say."""
    if "hidden" in attributes:
        return True
    return bool(style) and (_is_gone(style) or _is_out_of_sight(style))


def _is_tiny(style: Declarations, *, inherited: bool) -> bool:
    """Font sizes in em and per cent are shares of the size around them: of nothing, they are nothing."""
    size = style.get("font-size", "")
    if not size and "font" in style:
        found = _FONT_SIZE.search(style["font"])
        size = found[1] if found else ""
    length = _length(size)
    if length is None:
        return inherited and not (size and size[0].isalpha())
    number, unit = length
    return number <= _TINY.get(unit, 0.0) or (inherited and unit in {"em", "%", "ex"})


def _is_gone(style: Declarations) -> bool:
    if style.get("display") == "none" or style.get("mso-hide") == "all" or style.get("content-visibility") == "hidden":
        return True
    opacity, zoom = _length(style.get("opacity", "")), _length(style.get("zoom", ""))
    if opacity is not None and opacity[0] <= (5 if opacity[1] == "%" else 0.05):
        return True
    if (zoom is not None and zoom[0] <= 0) or re.search(r"opacity\(\s*0*\.?0*[0-4]?\s*%?\)", style.get("filter", "")):
        return True
    return bool(_SHRUNK.search(style.get("transform", "")))


def _is_out_of_sight(style: Declarations) -> bool:
    if any(_is_far(style.get(side, "")) for side in ("text-indent", "margin-left", "margin-top")):
        return True
    if style.get("position") in {"absolute", "fixed", "relative"} and any(
        _is_far(style.get(side, ""), either_way=True) for side in ("left", "top", "right", "bottom")
    ):
        return True
    if _CLIPPED.search(style.get("clip", "")) or _CLIP_PATH.search(style.get("clip-path", "")):
        return True
    sizes = [_length(style.get(name, "")) for name in ("height", "width", "max-height", "max-width")]
    return style.get("overflow", "")[:6] in {"hidden", "clip"} and any(
        size is not None and size[0] <= _FLAT.get(size[1], 0.0) for size in sizes
    )


def _is_far(value: str, *, either_way: bool = False) -> bool:
    length = _length(value)
    if length is None:
        return False
    number, unit = length
    far = _FAR.get(unit, 500.0)
    return number <= -far or (either_way and number >= _FAR_RIGHT * far)


def _length(value: str) -> tuple[float, str] | None:
    """A number and its unit; None for what is no length."""
    found = _LENGTH.match(value) if value else None
    return (float(found[1]), found[2]) if found else None
