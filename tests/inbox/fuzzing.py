"""Mutated mails against the parser: nothing a mail contains may crash it, keep it busy, or make what a customer wrote disappear.

`python -m tests.inbox.fuzzing --cases 200000 --seed 1` runs as many as one likes, on all cores; the suite runs a few (test_fuzzing).
Every case can be made again from its seed and number alone.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from random import Random

from inbox import languages
from inbox.parsing import ParsedMail, parse
from tests.inbox.mail_classes import CLASSES

SECONDS = 2.0
"""Processor time that a mail may take."""
MARK = "zebra quartz lantern"
"""Words that no mail holds by itself: they must be found again wherever they stay readable."""
DEMO = Path(__file__).parents[2] / "deploy/demo/data/mails"

BROKEN = (
    b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"\r\n \r\n", b"=?", b"?=", b"=?utf-8?B?", b"=?x?Q?=C3?=", b"=C3=28", b"--", b"\"", b"\\",
    b"<", b">",
    b"((((", b"))))", b";" * 50, b"," * 200, b"%00", b"&#0;", b"<!--", b"<style>", b"</", b"\xe2\x80\xae", b"\xed\xa0\x80", b"A" * 5_000,
    b" " * 3_000,
    b"\t", b"begin 644 a\n", b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Transfer-Encoding: x-unknown\n", b"\x1b$B", b"+ADw-",
)  # fmt: skip
HEADERS = (
    b"Content-Type: text/plain; charset=", b"Content-Type: multipart/alternative; boundary=\"\"", b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: 7bit, 8bit", b"Subject: =?gb2312?B?" + b"zzzz" * 20, b"From: ", b"From: <>", b"From: a@b, c@d (x (y)",
    b"To: undisclosed-recipients:;", b"Date: Thu, 99 Foo 20222 99:99:99 +9999", b"Message-ID: <<>>", b"References: " + b"<a@b> " * 500,
    b"Content-Type: text/html; charset=\"utf-8", b"Content-Disposition: attachment; filename*0*=utf-8''%E2%82; filename*2=x",
    b"MIME-Version: (nonsense", b"Authentication-Results: ;;;=;", b"X-Failed-Recipients: ,,,", b"Received: " + b"by x " * 900,
)  # fmt: skip
BODIES = (
    b"\nHello,\n\nMARK\nTAIL",
    b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\nHello,\n\nMARK\nTAIL\n--bb--\n",
    b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\nOrder: 4711\nWords: MARK\nTAIL\n--bb\nContent-Type: image/png\n\nx\n--bb--\n",
    b"Content-Type: multipart/alternative; boundary=bb\n\n--bb\nContent-Type: text/plain\n\nHello, MARK\nTAIL\n--bb\n"
    b"Content-Type: text/html\n\n<p>Hello, <b>MARK</b></p>\n--bb--\n",
    b"Content-Type: text/html\n\n<table><tr><td style='font-size:0'><div style='font-size:13px'>Hello, MARK</div></td></tr></table>",
)
"""Where MARK stands."""
CHARSETS = (b"utf-16", b"utf-7", b"iso-2022-jp", b"x-unknown", b"hz", b"gb18030", b"cp65000", b"idna", b"zlib", b"rot13", b"")


@dataclass(frozen=True, slots=True)
class Finding:
    """A case that went wrong, and how."""

    seed: int
    number: int
    fault: str


Mutation = Callable[[Random, bytes], bytes]


def _flip(random: Random, mail: bytes) -> bytes:
    changed = bytearray(mail)
    for _ in range(random.randint(1, 20)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(random: Random, mail: bytes) -> bytes:
    start = random.randrange(len(mail))
    return mail[:start] + mail[start + random.randint(1, 400) :]


def _end_early(random: Random, mail: bytes) -> bytes:
    return mail[: random.randint(1, len(mail))]


def _repeat(random: Random, mail: bytes) -> bytes:
    start = random.randrange(len(mail))
    piece = mail[start : start + random.randint(1, 300)]
    return mail[:start] + piece * random.randint(2, 60) + mail[start:]


def _insert(random: Random, mail: bytes) -> bytes:
    at = random.randrange(len(mail) + 1)
    return mail[:at] + random.choice(BROKEN) + mail[at:]


def _splice(random: Random, mail: bytes) -> bytes:
    other = random.choice(sources())
    return mail[: random.randrange(len(mail))] + other[random.randrange(len(other)) :]


def _add_header(random: Random, mail: bytes) -> bytes:
    return random.choice(HEADERS) + b"\n" + mail


def _change_charset(random: Random, mail: bytes) -> bytes:
    return mail.replace(b"utf-8", random.choice(CHARSETS)).replace(b"iso-8859-1", random.choice(CHARSETS))


def _change_line_ends(random: Random, mail: bytes) -> bytes:
    bare = mail.replace(b"\r\n", b"\n")
    return bare.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\r", b"\r\r\n")))


def _swap_lines(random: Random, mail: bytes) -> bytes:
    lines = mail.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _enclose(random: Random, mail: bytes) -> bytes:
    head = b"From: ana@customer.example\nSubject: fwd\nContent-Type: multipart/mixed; boundary=b%d\n\n" % random.randrange(9)
    return head + b"--b1\nContent-Type: message/rfc822\n\n" + mail + random.choice((b"", b"\n--b1--\n", b"\n--b1\n"))


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _end_early, _repeat, _insert, _splice, _add_header, _change_charset, _change_line_ends, _swap_lines, _enclose,
)  # fmt: skip


@cache
def sources() -> tuple[bytes, ...]:
    """The mails that are mutated: those of the demo company and one of every class that intake knows."""
    return (*(path.read_bytes() for path in sorted(DEMO.glob("*.eml"))), *CLASSES.values())


def mutate(*, seed: int, number: int) -> bytes:
    """The case with this number."""
    random = Random(f"{seed}/{number}")
    mail = random.choice(sources())
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        mail = random.choice(MUTATIONS)(random, mail) or b"\n"
    return mail[:2_000_000]


def marked(*, seed: int, number: int) -> bytes:
    """A mail with broken headers in which MARK stands, unencoded, where a customer's words do: alone, in a part or in HTML."""
    random = Random(f"{seed}/marked/{number}")
    broken = (
        b"".join(
            random.choice((b"X-Some: ", b"Subject: ", b"Received: ", b"To: "))
            + _insert(random, _flip(random, b"a header")).replace(b"\n", b"\n ")
            + b"\n"
            for _ in range(random.randint(0, 4))
        )
        .replace(b"\r", b" ")
        .replace(b"\n \n", b"\n")
    )
    tail = random.choice((b"", b"\n> quoted words\n", b"\nOn Monday Ana wrote:\n> quoted words\n", b"\n-- \nAna\n", b"\n\xff\xfe\x00tail"))
    body = random.choice(BODIES).replace(b"MARK", MARK.encode()).replace(b"TAIL", tail)
    return b"From: ana@customer.example\nTo: service@company.example\n" + broken + body


def _broken_header(random: Random) -> bytes:
    name = random.choice((b"X-Some: ", b"Subject: ", b"Received: ", b"To: "))
    return name + b" ".join(_insert(random, _flip(random, b"a header")).split()) + b"\n"


def check(raw: bytes, *, must_hold: str = "") -> str:
    """What is wrong with how a mail was read; empty where nothing is."""
    began = time.process_time()
    mail = parse(raw)
    took = time.process_time() - began
    if "parser_fault" in mail.flags:
        return "the parser raised"
    if took > SECONDS:
        return f"it took {took:.1f} s"
    if fault := _unstorable(mail):
        return fault
    return "what the customer wrote is lost" if must_hold not in mail.text or must_hold not in mail.reply_text else ""


def _unstorable(mail: ParsedMail) -> str:
    try:
        everything = json.dumps(asdict(mail), default=str, ensure_ascii=False).encode()
    except (UnicodeEncodeError, ValueError) as error:
        return f"it cannot be stored: {error}"
    return "it cannot be stored: a zero byte" if b"\\u0000" in everything else ""


def fuzz(*, seed: int, numbers: range) -> list[Finding]:
    """The cases among these that went wrong."""
    languages.detect("The model is loaded before the clock runs.")
    return list(_findings(seed, numbers))


def _findings(seed: int, numbers: range) -> Iterator[Finding]:
    for number in numbers:
        if fault := check(mutate(seed=seed, number=number)):
            yield Finding(seed, number, fault)
        if number % 5 == 0 and (fault := check(marked(seed=seed, number=number), must_hold=MARK)):
            yield Finding(seed, number, f"marked: {fault}")


def main() -> None:
    """Run many cases on all cores and say what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    pieces = [range(start, min(start + 1_000, chosen.cases)) for start in range(0, chosen.cases, 1_000)]
    found: list[Finding] = []
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for done, findings in enumerate(pool.map(_piece, [(chosen.seed, piece) for piece in pieces]), start=1):
            found += findings
            took = time.monotonic() - began
            sys.stdout.write(f"\r{min(done * 1_000, chosen.cases)} cases, {len(found)} went wrong, {took:.0f} s")
            sys.stdout.flush()
    sys.stdout.write("".join(f"\nseed {finding.seed}, number {finding.number}: {finding.fault}" for finding in found[:50]) + "\n")
    sys.exit(bool(found))


def _piece(work: tuple[int, range]) -> list[Finding]:
    return fuzz(seed=work[0], numbers=work[1])


if __name__ == "__main__":
    main()
