"""No mail keeps its reader busy: what was written to take for ever is read in seconds."""

import time

import pytest

from inbox import languages
from inbox.parsing import ParsedMail, parse

SECONDS = 2.0
"""Processor time that a mail may take, whatever else the machine does."""
HEAD = b"From: ana@customer.example\nTo: service@company.example\n"
PLAIN = HEAD + b"Subject: order\n\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
BOUNCE = b"From: MAILER-DAEMON@mail.example\nSubject: Undelivered Mail Returned to Sender\nReturn-Path: <>\n\n550 5.1.1 user unknown\n"
REPORT = b"From: MAILER-DAEMON@mail.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
TAGS = [chr(0xE0020 + number) for number in range(95)]
FLAGS = "".join(f"\U0001f3f4{TAGS[n % 95]}{TAGS[n // 95 % 95]}{TAGS[n // 9025]}\U000e007f" for n in range(100_000))

HOSTILE = {
    "an id of spaces": HEAD + b"Message-ID: <" + b" " * 30_000 + b"x\n\nhello",
    "a From of spaces": b"From: <" + b" " * 30_000 + b"x\n\nhello",
    "a From of commas": b"From: " + b"a," * 16_000 + b"\n\nhello",
    "a subject of signs": HEAD + b"Subject: \xbf" + b" [(" * 10_000 + b"\n\nhello",
    "a subject of spaces": HEAD + b"Subject: re:" + b" " * 30_000 + b"x\n\nhello",
    "parameters of spaces": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + (b"--b\nContent-Type: text/plain;" + b" " * 32_000 + b"x\n\nhello\n") * 40,
    "base64 of spaces": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b" " * 400_000 + b"!",
    "comments without an end in a style": HTML + b"<style>" + b"/*a" * 33_000 + b"</style><p>hello</p>",
    "titles without an end": HTML + b"<title>" * 140_000 + b"hello",
    "100,000 different flags": HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + FLAGS.encode(),
    "an attribution in each line": PLAIN + b"on 1 monday 2020 wrote said:\n" * 20_000,
    "a flowed line without an end": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 330_000,
    "a bounce of empty lines": BOUNCE + b"\n" * 19_000 + b" ".join(b"a%d@b.example" % number for number in range(50)),
    "a bounce of quote marks": BOUNCE + b"> \n" * 100_000,
    "a report about a very long name": REPORT + b"Final-Recipient: rfc822; a b" + b"x" * 200_000 + b"\n\n--b--\n",
    "labels of a header in each line": PLAIN + (b"From: " + b"sent:" * 38 + b"a: " * 40 + b"to:" * 60 + b"a:" * 300 + b"\n") * 900,
    "rules for each of many elements": HTML + b"<style>" + b".a{color:red}div .b>p{width:0}" * 3_000 + b"</style>"
    + b"<p class='a b'>hello</p>" * 40_000,
    "texts of 25 MB": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\n\n" + b"\n--b\n\n".join([b"two words:\n" * 5_000] * 450),
}  # fmt: skip


def read_in_time(content: bytes) -> ParsedMail:
    languages.detect("The model is loaded before the clock runs.")
    begun = time.process_time()
    mail = parse(content)
    assert time.process_time() - begun < SECONDS
    return mail


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_mail_made_to_take_for_ever_is_read_in_seconds(content: bytes) -> None:
    assert "parser_fault" not in read_in_time(content).flags


def test_where_the_time_is_over_all_text_is_kept_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.parsing.mail.time.monotonic", iter(range(0, 1_000_000, 10)).__next__)
    mail = parse(PLAIN + b"Yes please.\n\n> Shall we?\n")
    assert mail.reply_text == "Yes please.\n\n> Shall we?"
    assert "out_of_time" in mail.flags


def test_delimiters_that_end_and_begin_again_are_followed_without_end() -> None:
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhello\n--b--\n" * 3_000)
    assert mail.text.count("hello") > 50
    assert mail.readable


def test_flag_emoji_stay_and_tags_outside_them_go() -> None:
    scotland = "\U0001f3f4" + "".join(chr(0xE0000 + ord(char)) for char in "gbsct") + "\U000e007f"
    mail = parse(HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + f"a{scotland}b{scotland}c\U000e0068\U000e0069d".encode())
    assert mail.text == f"a{scotland}b{scotland}cd"
    assert mail.hidden_text == "hi"
