"""What a remedy brought, in words; and numbers of the next nine as people read them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from review.desk import words
from review.desk.next_nine import lines
from review.models import Remedy
from review.next_nine.effects import SOONEST, Effect, History, Span
from review.next_nine.themes import WINDOW

VERDICTS = {
    "early": ("Too early to say", "quiet"),
    "fewer": ("Fewer than before", "green"),
    "more": ("More than before", "amber"),
    "same": ("No difference beyond chance", "quiet"),
    "untold": ("Not compared any more", "quiet"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """One remedy with what came of it. `number` is that of its mark on the line. Without numbers to compare `before` and `after` are ""."""

    number: int
    what: str
    url: str
    who: str
    at: words.Moment
    said: str
    verdict: str
    tone: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Story:
    """A cause over time: `sentence` says in words what the lines show, `numbers` are the weeks behind them, newest first. `with_themes`:
    the mails of its themes are counted, too.
    """

    small: lines.Line | None
    large: list[lines.Line]
    sentence: str
    numbers: list[tuple[str, int, str]]
    done: list[Done]
    with_themes: bool


def rate(number: float) -> str:
    """So many a week: 12, 3.4, 0.3."""
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}".removesuffix(".0")


def work(minutes: float) -> str:
    """So much work: 40 min, 2.5 h."""
    return f"{minutes:.0f} min" if minutes < 89.5 else f"{minutes / 60:,.1f} h"


def day(on: date) -> str:
    """A day of this or another year."""
    return f"{on.day} {on:%b %Y}"


def story(history: History, *, urls: Sequence[str]) -> Story:
    """`urls` lead to what was changed, one for each remedy, "" where there is nothing to see."""
    on = [each.before.last for each in history.effects]
    whole = [week for week in history.weeks if week.days == 7]
    mails = [week.mails for week in whole]
    return Story(
        small=lines.small(history.weeks, on),
        large=lines.large(history.weeks, on),
        sentence=f"Times a week from {day(whole[0].on)} on: between {min(mails)} and {max(mails)}, {mails[-1]} in the last whole week."
        if whole
        else "",
        numbers=[(day(week.on), week.mails, _hundred(week.mails, week.needed)) for week in reversed(history.weeks)],
        done=done(history, urls=urls),
        with_themes=history.with_themes,
    )


def done(history: History, *, urls: Sequence[str]) -> list[Done]:
    """What was done, oldest first; `urls` as for `story`."""
    return [_done(number, each, url) for number, (each, url) in enumerate(zip(history.effects, urls, strict=True), start=1)]


def _done(number: int, effect: Effect, url: str) -> Done:
    remedy, (verdict, tone), is_told = effect.remedy, VERDICTS[effect.verdict], effect.verdict != "untold"
    return Done(
        number=number,
        what=remedy.words if remedy.kind == Remedy.Kind.ELSEWHERE else _changed(remedy),
        url=url,
        who=words.person(remedy.by),
        at=words.moment(remedy.at),
        said=effect.verdict,
        verdict=verdict,
        tone=tone,
        before=_span(effect.before) if is_told else "",
        after=_span(effect.after) if effect.after and is_told else "",
        why=_why(effect) if effect.verdict in ("early", "untold") else "",
    )


def _changed(remedy: Remedy) -> str:
    version = f", version {remedy.number}" if remedy.number else ""
    return f"{remedy.get_kind_display()} “{remedy.about}”{version}"


def _span(span: Span) -> str:
    return f"{rate(span.a_week)} a week ({_hundred(span.mails, span.needed)}), {_days(span)}"


def _hundred(mails: int, needed: int) -> str:
    """How many for each hundred mails that needed a reply."""
    return f"{rate(100 * mails / needed)} for 100 mails" if needed else "no mails needed a reply"


def _days(span: Span) -> str:
    return f"{day(span.first)} to {day(span.last)}" if span.days > 1 else day(span.last)


def _why(effect: Effect) -> str:
    if effect.verdict == "untold":
        return f"Mails of the last {WINDOW.days} days tell this theme from others, and none of them is from before it."
    passed = effect.after.days if effect.after else 0
    if passed < SOONEST.days:
        return f"{words.count(passed, 'day')} of the {SOONEST.days} that it takes have passed."
    return "It came up too seldom to tell a difference from chance."
