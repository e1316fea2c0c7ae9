"""What takes much room in a body and is not text must not push the text out."""

from base64 import b64encode

import pytest

from inbox.parsing import parse

HEAD = b"From: bo@example.com\nTo: desk@example.org\nDate: Mon, 2 Mar 2026 09:12:01 +0100\nSubject: order\nContent-Type: text/html\n\n"
PICTURE = b64encode(bytes(900_000))


@pytest.mark.parametrize(
    "html",
    [
        b'<img src="data:image/png;base64,' + PICTURE + b'"><p>Please cancel it.</p>',
        b"<style>" + b"p.x{margin:0}\n" * 90_000 + b"</style><p>Please cancel it.</p>",
        b"<script>" + b"var x=1;\n" * 130_000 + b"</script><p>Please cancel it.</p>",
    ],
    ids=["a pasted picture", "a style sheet", "a script"],
)
def test_what_is_no_text_takes_no_room_from_it(html: bytes) -> None:
    mail = parse(HEAD + html)
    assert (mail.text, mail.flags) == ("Please cancel it.", ())


def test_a_style_sheet_that_never_ends_is_no_text() -> None:
    mail = parse(HEAD + b"<div>" * 5_000 + b"<p>Please cancel it.</p><style>p.x{margin:0}")
    assert mail.text == "Please cancel it."


def test_text_over_the_limit_is_cut_and_said_so() -> None:
    assert "truncated" in parse(HEAD + b"<p>" + b"word " * 300_000 + b"</p>").flags
