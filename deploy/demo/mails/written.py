"""How a mail of the demo is written down: headers, a blank line, the text.

Headers that start with `Demo-` say how to render and send it; all others go into the mail as they are.
  Demo-Minutes: how many minutes ago it was written
  Demo-Form: text (default), both, html, empty, raw CHARSET, forward, calendar, or bounce RECIPIENT
  Demo-Charset: of the text, UTF-8 otherwise
  Demo-Attach: kinds and names, such as `pdf note.pdf; png photo.png`
  Demo-Answers: the name of the mail that it answers, in the same thread
  Demo-Outside: yes for mail that comes from outside, with nobody signed in
In the text, `{day+5:%d.%m.%Y}` is a working day and `{log 700}` is so many lines of a machine's log.
"""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr

from deploy.demo import places, tables

_DAY = re.compile(r"\{day([+-]\d+):([^}]+)\}")
_LOG = re.compile(r"\{log (\d+)\}")


@dataclass(frozen=True)
class WrittenMail:
    """One of the mails, with its text's dates resolved."""

    name: str
    headers: dict[str, str]
    text: str

    @property
    def sender(self) -> str:
        return parseaddr(self.headers["From"])[1].lower()

    @property
    def is_from_outside(self) -> bool:
        return self.option("Outside") == "yes"

    @property
    def minutes_ago(self) -> int:
        return int(self.option("Minutes"))

    @property
    def form(self) -> tuple[str, str]:
        """The name of the form and what it is given."""
        name, _, argument = (self.option("Form") or "text").partition(" ")
        return name, argument

    def option(self, name: str) -> str:
        return self.headers.get(f"Demo-{name}", "")

    def plain_headers(self) -> dict[str, str]:
        """The headers that go into the mail."""
        return {name: value for name, value in self.headers.items() if not name.startswith("Demo-")}


def load(*, today: date | None = None) -> list[WrittenMail]:
    """All mails, the oldest first."""
    mails = [parse(path.stem, path.read_text(encoding="utf-8"), today or date.today()) for path in (places.DATA / "mails").glob("*.eml")]
    return sorted(mails, key=lambda mail: (-mail.minutes_ago, mail.name))


def parse(name: str, content: str, today: date) -> WrittenMail:
    """Read what is written in one file."""
    head, _, text = fill(content, today).partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    return WrittenMail(name, headers, text)


def fill(text: str, today: date) -> str:
    """The text with its days and logs written out."""
    dated = _DAY.sub(lambda match: tables.working_day(today, int(match[1])).strftime(match[2]), text)
    return _LOG.sub(lambda match: "\n".join(_log_line(number) for number in range(int(match[1]))), dated)


def _log_line(number: int) -> str:
    clock = f"{number * 47 // 3600 % 24:02}:{number * 47 // 60 % 60:02}:{number * 47 % 60:02}"
    return f"{clock} SEN-6010 pulses/min {118 + number * 7 % 9} {'STOP' if number % 90 == 89 else 'ok'}"
