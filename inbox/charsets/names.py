"""What the names of charsets in mails mean: the superset that programs really write (WHATWG encoding standard), under whatever spelling."""

import codecs
import re
from functools import lru_cache

_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ks_c_5601_1987": "cp949",
    "ksc5601": "cp949",
    "ksc5601-1987": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "x-euc-kr": "cp949",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "ms_kanji": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312_charset": "gb18030",
    "cp936": "gb18030",
    "x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-unknown": "",
    "unknown": "",
    "unknown-8bit": "",
    "x-user-defined": "",
    "default": "",
    "default_charset": "",
    "none": "",
    "binary": "",
    "8bit": "",
    "7bit": "",
    "ansi": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "en": "",
    "utf-8-sig": "utf-8-sig",
    "utf": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode": "utf-16",
    "iso-10646": "utf-16",
    "koi8": "koi8_r",
    "koi": "koi8_r",
    "koi8-ru": "koi8_u",
    "win-1251": "cp1251",
    "x-cp1251": "cp1251",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "ucs-2": "utf-16",
    "ucs2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
    "csunicode": "utf-16",
    "utf-8-mac": "utf-8",
    "utf8-mac": "utf-8",
    "65001": "utf-8",
    "20127": "cp1252",
    "cp20127": "cp1252",
    "x-mac-ce": "mac_latin2",
    "x-mac-centraleurroman": "mac_latin2",
    "x-mac-chinesesimp": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312": "gb18030",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "sjis-win": "cp932",
    "eucjp-win": "euc_jp",
}
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "charmap"})


@lru_cache(maxsize=512)
def python_codec(declared: str) -> str:
    """Python's codec for a charset name found in a mail, or "" when the name says nothing usable."""
    name = declared.strip().strip("\"'").strip().lower()
    name = _ALIASES.get(name, name)
    for spelling in (
        name,
        re.sub(r"^(x-|cs)", "", name),
        re.sub(r"^(?:windows|win|cp|ibm|dos|ansi)[-_ ]?(\d+)$", r"cp\1", name),
        re.sub(r"^(?:windows-|cp)?2859(\d)$|^(?:iso[-_ ]?)?8859[-_ ]?(\d{1,2})$", r"iso8859-\1\2", name),
        re.sub(r"^iso[-_ ]?(\d+)", r"iso\1", name),
    ):
        if not spelling:
            return ""
        try:
            found = codecs.lookup(spelling)
            if getattr(found, "_is_text_encoding", True) and found.name.replace("-", "_") not in _NOT_FOR_MAIL:
                return _SUPERSETS.get(found.name, found.name)
        except (LookupError, ValueError):
            continue
    return ""
