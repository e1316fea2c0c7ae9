import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.charsets import decode, decode_header, storable


@pytest.mark.parametrize(
    ("text", "encoded_as", "declared"),
    [
        ("Grüße", "utf-8", "utf-8"),
        ("Grüße", "utf-8", "iso-8859-1"),
        ("Grüße", "utf-8", "us-ascii"),
        ("Grüße", "utf-8", ""),
        ("Grüße", "cp1252", "utf-8"),
        ("Grüße", "cp1252", ""),
        ("Preis 5 €", "cp1252", "iso-8859-1"),
        ("“quoted”", "cp1252", "iso-8859-1"),
        ("Grüße", "cp1252", "x-no-such-charset"),
        ("고맙습니다", "cp949", "ks_c_5601-1987"),
        ("中文镕", "gb18030", "gb2312"),
        ("①テスト", "cp932", "shift_jis"),
        ("テスト", "iso2022_jp", "iso-2022-jp"),
        ("テスト", "iso2022_jp", ""),
        ("příliš žluťoučký", "iso8859_2", ""),
        ("Где заказ", "koi8_r", "utf-8"),
        ("Привет", "koi8_r", "koi8-r"),
        ("Привет", "cp1251", '"windows-1251"'),
        ("Zażółć", "iso8859-2", "ISO-8859-2"),
        ("שלום", "iso8859-8", "iso-8859-8-i"),
        ("Grüße", "utf-7", "utf-7"),
        ("Hello", "utf-16", "utf-16"),
        ("Zażółć", "cp1250", "win-1250"),
        ("Zażółć", "iso8859_2", "iso-88592"),
        ("Zażółć", "iso8859_2", "windows-28592"),
        ("Größe", "cp850", "ibm-850"),
        ("Hello", "utf-16", "ISO-10646-UCS-2"),
    ],
)
def test_text_is_read_under_right_wrong_and_missing_declarations(text: str, encoded_as: str, declared: str) -> None:
    assert decode(text.encode(encoded_as), declared) == text


def test_undeclared_cyrillic_is_guessed() -> None:
    text = "Здравствуйте! Мы хотели бы заказать два насоса и три клапана, спасибо большое."
    assert decode(text.encode("cp1251")) == text


def test_one_broken_character_does_not_spoil_the_rest() -> None:
    assert decode("Здравствуйте".encode() + b"\xd0", "utf-8").startswith("Здравствуйте")


def test_latin_text_in_two_charsets_is_read_in_both() -> None:
    assert decode("Größe ".encode() + "für Müller".encode("cp1252"), "utf-8") == "Größe für Müller"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b$B-j\x1b(B \x1b$B%F%9%H\x1b(B", "㈱ テスト"),
        (b"\x1b$B-!\x1b(B first", "① first"),
        (b"\x1b(I6C\x1b(B", "ｶﾃ"),
    ],
)
def test_japanese_with_the_signs_of_windows_is_read(data: bytes, text: str) -> None:
    assert decode(data, "iso-2022-jp").startswith(text)


def test_a_raw_header_is_utf_8_before_it_is_in_the_charset_of_the_text() -> None:
    assert decode_header("für".encode(), "gb2312") == "für"
    assert decode_header("订单".encode("gb18030"), "gb2312") == "订单"
    assert decode_header(b"<a1@example.com>", "utf-16") == "<a1@example.com>"
    assert decode_header("Где мой заказ?".encode("cp1251"), "iso-8859-1") == "Где мой заказ?"


def test_emoji_in_two_surrogates_are_read() -> None:
    assert decode(b"Gr\xc3\xbc\xc3\x9fe \xed\xa0\xbd\xed\xb2\xa9", "utf-8") == "Grüße \U0001f4a9"


def test_nul_and_lone_surrogates_never_come_out() -> None:
    assert storable("a\0b\ud800c") == "ab\ufffdc"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "utf-16", "utf-7", "hz", "iso-2022-jp", "big5", "rot13", "base64", "idna", "x", "cp037"]),
)
def test_decoding_never_fails_and_is_storable(data: bytes, declared: str) -> None:
    assert storable(decode(data, declared)) == decode(data, declared)
