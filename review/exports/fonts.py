"""The fonts of an export, out of packages, so that a document looks the same wherever it is made."""

import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

TEXT, BOLD, HAN = "text", "bold", "han"


@cache
def paths() -> dict[str, Path]:
    """Font files by family. FiraGO has Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Georgian and Devanagari; Noto Sans SC has
    Chinese and Japanese. No font here has Hangul or emoji. The package keeps FiraGO compressed; it is unpacked once per process.
    """
    from pymupdf_fonts import FiraGO_Bold, FiraGO_Regular

    folder = Path(tempfile.mkdtemp(prefix="countersign-fonts-"))
    for name, content in ((TEXT, FiraGO_Regular.fontbuffer), (BOLD, FiraGO_Bold.fontbuffer)):
        (folder / f"{name}.ttf").write_bytes(content)
    han = Path(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))
    return {TEXT: folder / f"{TEXT}.ttf", BOLD: folder / f"{BOLD}.ttf", HAN: han}


@cache
def known() -> frozenset[int]:
    """The code points that a text can be written with."""
    return frozenset(code for name in (TEXT, HAN) for code in TTFont(paths()[name]).getBestCmap())
