"""Text that does not say which charset it is in, and says little."""

import pytest

from inbox.charsets.alphabets import likely_charset


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Grüße", "cp1252"),
        ("Où est ma commande ? J’ai payé", "cp1252"),
        ("¿Dónde está mi pedido?", "cp1252"),
        ("Não recebi a encomenda", "cp1252"),
        ("Città, perché è così", "cp1252"),
        ("Får jeg æbler på søndag", "cp1252"),
        ("ÄRGER MIT DER GRÖSSE", "cp1252"),
        ("5°C, £5 – “here”", "cp1252"),
        ("Siparişim nerede", "cp1254"),
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Zażółć gęślą jaźń", "iso8859_2"),
        ("příliš žluťoučký kůň", "iso8859_2"),
        ("Kérem, küldjék el az új fűtőtestet", "cp1250"),
        ("Где мой заказ?", "cp1251"),
        ("Где мой заказ?", "koi8_r"),
        ("Де моє замовлення?", "koi8_u"),
        ("Πού είναι η παραγγελία μου;", "cp1253"),
        ("שלום, איפה ההזמנה שלי", "cp1255"),
        ("أين طلبي من فضلك", "cp1256"),
        ("你好，我的订单在哪里？", "gb18030"),
        ("您好，訂單在哪裡？", "big5hkscs"),
        ("注文はどこですか。", "cp932"),
        ("注文はどこですか。", "euc_jp"),
        ("주문이 어디에 있나요?", "cp949"),
    ],
)
def test_a_few_words_tell_their_charset(text: str, codec: str) -> None:
    assert likely_charset(text.encode(codec)) == codec


@pytest.mark.parametrize("data", [b"", b"plain words", bytes(range(128, 256)), b"\x80" * 50_000, b"\xff\x00" * 3_000])
def test_what_is_no_text_tells_nothing(data: bytes) -> None:
    assert likely_charset(data) in {"", "cp1252"}


def test_the_words_may_stand_far_down() -> None:
    assert likely_charset(b"x" * 100 + b"\n" * 50_000 + "Где мой заказ?".encode("koi8_r")) == "koi8_r"
