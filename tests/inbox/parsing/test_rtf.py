"""The formatted text of a winmail.dat that has no other."""

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.parsing import parse
from inbox.parsing.rtf import decompress, read_rtf
from tests.inbox.mail_classes import WINMAIL, attribute, properties

HEAD = b"From: bo@example.com\nSubject: order\nDate: Mon, 2 Mar 2026 09:12:01 +0100\n"


def compressed(body: bytes, *, kind: bytes = b"LZFu") -> bytes:
    return b"\0" * 8 + kind + b"\0" * 4 + body


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1\ansi Where is \b it\b0 ?\par Bo}", "Where is it?\nBo"),
        (rb"{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe}", "Grüße"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}\f0 No: \f1\'ed\'e5\'f2}", "No: нет"),
        (rb"{\rtf1\ansi{\fonttbl{\f1\fcharset128 MS;}}\f1\'83e\'83X\'83g}", "テスト"),
        (rb"{\rtf1\ansi\uc1 \u8364? 5 \uc2\u8211\'2d\'2d ok}", "€ 5 – ok"),
        (rb"{\rtf1\ansi \u-10179?\u-8704? ok}", "😀 ok"),
        (rb"{\rtf1\ansi a\{b\}\\c\~d\emdash e}", "a{b}\\c\u00a0d—e"),
        (rb"{\rtf1\ansi{\colortbl;\red0;}{\*\generator X;}{\info{\author Al}}{\pict 0a0b}Hello}", "Hello"),
        (rb"{\rtf1\ansi see {\field{\*\fldinst HYPERLINK http://x.example}{\fldrslt here}}}", "see here"),
        (rb"{\rtf1\ansi Hello{\v obey me} Bo}", "Hello Bo"),
        (b"", ""),
        (b"no rtf } at { all", "no rtf  at  all"),
    ],
)
def test_the_text_is_what_a_reader_sees(source: bytes, text: str) -> None:
    assert read_rtf(source).text == text


def test_html_inside_is_taken_out_as_it_was() -> None:
    source = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Where is it?\htmlrtf\par}\htmlrtf0"
        rb" {\*\htmltag84 &nbsp;}{\*\mhtmltag84 <img>}{\*\htmltag72 </p>}}"
    )
    assert read_rtf(source).html == "<p>Where is it?&nbsp;</p>"


def test_compressed_text_repeats_what_stood_before() -> None:
    literal = bytes([0]) + b"ab {pump" + bytes([0b11]) + (207 << 4 | 3).to_bytes(2, "big") + (0 << 4 | 4).to_bytes(2, "big")
    assert decompress(compressed(literal)) == b"ab {pump" + b"ab {p" + rb"{\rtf1"


def test_a_repetition_may_reach_into_itself() -> None:
    assert decompress(compressed(bytes([0b10]) + b"a" + (207 << 4 | 5).to_bytes(2, "big"))) == b"a" * 8


def test_stored_text_is_taken_as_it_is() -> None:
    assert decompress(compressed(b"{x}", kind=b"MELA")) == b"{x}"


@given(st.binary(max_size=300))
def test_damage_ends_the_reading_only(data: bytes) -> None:
    read_rtf(decompress(compressed(data)))
    read_rtf(data)


def test_the_formatted_text_of_a_winmail_dat_is_read_where_there_is_no_other() -> None:
    source = compressed(rb"{\rtf1\ansi Where is order 4711?}", kind=b"MELA")
    packed = WINMAIL[:6] + attribute(0x00069003, properties((0x0102, 0x1009, source)))
    mail = parse(HEAD + b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n" + encodebytes(packed))
    assert (mail.text, mail.flags) == ("Where is order 4711?", ())
