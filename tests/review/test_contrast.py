"""The colours of the stylesheet, against WCAG 2.2 AA (4.5 : 1 for text)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "review/static/review/desk.css").read_text()
ON = {
    "text": ["bg", "surface", "raised", "sunken", "chip", "accent-soft"],
    "quiet": ["bg", "surface", "raised", "sunken", "chip", "accent-soft"],
    "accent": ["bg", "surface", "accent-soft"],
    "on-accent": ["accent", "accent-strong"],
    "green": ["surface", "green-soft"],
    "amber": ["surface", "amber-soft", "accent-soft"],
    "red": ["surface", "red-soft", "accent-soft"],
    "toast-text": ["toast", "toast-red"],
    "toast-quiet": ["toast", "toast-red"],
    "toast-act": ["toast", "toast-red"],
}
THEMES = {"light": CSS[CSS.index(":root {") :], "dark": CSS[CSS.index(':root[data-theme="dark"] {') :]}


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme by name."""
    block = THEMES[theme][: THEMES[theme].index("}")]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a colour such as #2f4fd0."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), [(ink, paper) for ink, papers in ON.items() for paper in papers])
def test_text_can_be_read(theme: str, ink: str, paper: str) -> None:
    colours = tokens("light") | tokens(theme)
    bright, dim = sorted([luminance(colours[ink]), luminance(colours[paper])], reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_both_ways_to_the_dark_theme_are_the_same() -> None:
    by_system = CSS[CSS.index(':root:not([data-theme="light"]) {') :]
    assert re.findall(r"--[\w-]+: [^;]+", by_system[: by_system.index("}")]) == re.findall(
        r"--[\w-]+: [^;]+", THEMES["dark"][: THEMES["dark"].index("}")]
    )
