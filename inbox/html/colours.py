"""Colours as CSS writes them (CSS Color Module Level 4: names, hexadecimal, rgb() and hsl(), each with or without alpha)."""

import re
from colorsys import hls_to_rgb
from functools import lru_cache
from typing import NamedTuple

_BY_NAME: dict[str, str] = dict(
    re.findall(
        r"([a-z]+) ([0-9a-f]{6})",
        "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 "
        "blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 "
        "chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b "
        "darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 "
        "darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f "
        "darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dodgerblue 1e90ff firebrick b22222 "
        "floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 "
        "green 008000 greenyellow adff2f honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c "
        "lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff "
        "lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa "
        "lightskyblue 87cefa lightslategray 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 "
        "magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db "
        "mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 "
        "midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 "
        "olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee "
        "palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 "
        "rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 "
        "seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 snow fffafa "
        "springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee "
        "wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32",
    )
)
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-f])")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"(-?\d*\.?\d+)(%|deg)?")


class Colour(NamedTuple):
    """Red, green and blue, each 0 to 255, and alpha, 0 (transparent) to 1."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0

    def is_near(self, other: "Colour") -> bool:
        """Too near for an eye to tell them apart."""
        return max(abs(self.red - other.red), abs(self.green - other.green), abs(self.blue - other.blue)) <= 8


WHITE = Colour(255, 255, 255)


@lru_cache(maxsize=2_048)
def read_colour(value: str) -> Colour | None:
    """The first colour in a value such as "#fff", "navy" or "url(x.png) rgb(0 0 0 / 50%)"; None where it names none."""
    value = value.strip().lower()[:500]
    hexed, function = _HEX.search(value), _FUNCTION.search(value)
    if hexed and not (function and function.start() < hexed.start()):
        return _from_hex(hexed[1])
    if function:
        return _from_function(function[1], function[2])
    word = next((word for word in _words(value) if word in _BY_NAME or word == "transparent"), "")
    if word == "transparent":
        return Colour(0, 0, 0, 0.0)
    return _from_hex(_BY_NAME[word]) if word else None


def _words(value: str) -> list[str]:
    return re.split(r"[^a-z]+", re.sub(r"\([^()]*\)", " ", value).replace("grey", "gray"))


def _from_hex(digits: str) -> Colour:
    if len(digits) < 6:
        digits = "".join(char * 2 for char in digits)
    alpha = int(digits[6:8], 16) / 255 if len(digits) == 8 else 1.0
    return Colour(int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16), alpha)


def _from_function(name: str, arguments: str) -> Colour | None:
    numbers = [(float(found[1]), found[2] or "") for found in _NUMBER.finditer(arguments)]
    if len(numbers) < 3:
        return None
    alpha = numbers[3][0] / (100 if numbers[3][1] == "%" else 1) if len(numbers) > 3 else 1.0
    if name == "hsl":
        share = hls_to_rgb(numbers[0][0] % 360 / 360, _within(numbers[2][0] / 100, 1), _within(numbers[1][0] / 100, 1))
        red, green, blue = (round(one * 255) for one in share)
    else:
        red, green, blue = (round(_within(number * (2.55 if unit == "%" else 1), 255)) for number, unit in numbers[:3])
    return Colour(red, green, blue, alpha)


def _within(number: float, most: float) -> float:
    return min(max(number, 0), most)
