"""E-mail addresses, phone numbers and links."""

import re
from urllib.parse import urlsplit

from drafting.grounding.atom import Finder, Found, Kind

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_KNOWN_ENDS = (
    "com|net|org|info|biz|shop|store|online|site|app|dev|io|co|ai|me|xyz|top|link|click|cloud|tech|example|invalid|test|eu|uk|ie|us|ca|au|nz"
    "|de|at|ch|li|lu|fr|be|nl|es|pt|it|pl|cz|sk|hu|ro|bg|si|hr|rs|gr|tr|se|no|dk|fi|is|ee|lv|lt|ru|ua|by|cn|jp|kr|in|br|mx|ar|ly|gl|to|cc|tv"
)
_URL_CHARACTERS = r"[^\s<>\"“”„«»`{}|^\ue000]"
_AFTER_A_LINK = ".,;:!?'*_)]"


def _trimmed(text: str) -> str:
    """`text` without the punctuation of the sentence around it; a closing bracket stays if it was opened inside."""
    end = len(text)
    surplus = {")": text.count(")") - text.count("("), "]": text.count("]") - text.count("[")}
    while end and text[end - 1] in _AFTER_A_LINK and surplus.get(text[end - 1], 1) > 0:
        end -= 1
        if text[end] in surplus:
            surplus[text[end]] -= 1
    return text[:end]


def _address(text: str) -> tuple[str, str]:
    """The domain in lower case without "www.", and what follows it. The domain is "" where browsers and parsers may disagree."""
    bare = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://", "", text)
    host, slash, path = bare, "", ""
    cut = re.search(r"[/?#]", bare)
    if cut:
        host, slash, path = bare[: cut.start()], cut[0], bare[cut.end() :]
    host = host.lower().partition(":")[0].removeprefix("www.").rstrip(".")
    is_doubtful = any(character in text for character in "\\\t\r\n") or "@" in bare.partition("/")[0]
    return ("" if is_doubtful else host), f"{slash}{path}"


def domain_of(url: str) -> str:
    """The domain that `url` (with or without scheme) leads to, without "www."; "" if it hides it (user@host, backslashes) or has none."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if scheme and not url[scheme.end() :].startswith("//") and "." not in scheme[1]:
        return ""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return _address(url)[0]


def _read_url(match: re.Match[str]) -> list[Found]:
    text = _trimmed(match[0])
    value = "".join(_address(text)).rstrip("/") if domain_of(text) else text
    return [Found(Kind.URL, match.start(), match.start() + len(text), (value,))]


def _read_email(match: re.Match[str]) -> list[Found]:
    return [Found(Kind.EMAIL, *match.span(), (match[0].lower(),))]


LINKS_AND_ADDRESSES = [
    Finder(
        re.compile(
            rf"(?<![^\W_])(?:[A-Za-z][A-Za-z0-9+-]{{1,20}}://|(?:javascript|data|tel|sms):(?=\S)|www\.){_URL_CHARACTERS}+", re.IGNORECASE
        ),
        _read_url,
    ),
    Finder(re.compile(rf"(?<![\w.+%-])[\w.!#$%&'*+/=?^~-]{{1,64}}@(?:{_LABEL}\.){{1,8}}[^\W\d_][\w-]{{0,61}}[^\W_]"), _read_email),
    Finder(
        re.compile(
            rf"(?<![\w@.-])(?:{_LABEL}\.){{1,6}}(?:(?:{_KNOWN_ENDS}|{_KNOWN_ENDS.upper()})(?![\w-]|\.\w)(?:[/?#]{_URL_CHARACTERS}*)?|[a-z]{{2,24}}(?::[0-9]{{2,5}})?/{_URL_CHARACTERS}+)"
        ),
        _read_url,
    ),
]


def _read_phone(match: re.Match[str]) -> list[Found]:
    digits = re.sub(r"[^0-9+]", "", match[0].replace("(0)", ""))
    digits = re.sub(r"^00", "+", digits)
    return [Found(Kind.PHONE, *match.span(), (digits,))] if 7 <= len(digits.lstrip("+")) <= 15 else []


PHONES = [
    Finder(re.compile(r"(?<![\w+])(?:\+ ?|00)[1-9](?: {0,1}[()./-]{0,2} {0,1}[0-9]){6,14}(?![0-9])"), _read_phone),
    Finder(
        re.compile(r"(?<![\w+])(?<![\w][./-])\(?0[1-9][0-9]{0,4}\)?(?: ?[/-] ?| )[0-9]{2,9}(?:[ /-][0-9]{2,9}){0,3}(?![\w]|[./-]\w)"),
        _read_phone,
    ),
]
