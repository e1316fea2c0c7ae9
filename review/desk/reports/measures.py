"""How much of a figure is one mail's own: its seconds, its tokens, what it cost, how many of its drafts count. Pure."""

from collections.abc import Callable

from review.desk.reports import numbers
from review.desk.reports.behind import LONGEST
from review.models import Outcome
from review.reports import prices
from review.reports.assumed import Assumed
from review.reports.figures import BY_KEY, Figure

ASSUMED = {"cost", "saved"}
"""Figures that take something for granted."""
OF_SEVERAL = {
    *("drafts", "eligible", "approved", "edited", "rejected", "taken_over", "shadow", "shadow_approved", "audited", "unsafe"),
    *("bounced", "maybe_sent"),
}
"""Measures of drafts and replies, of which a mail may have several."""
HEADS = {**{kind.value: kind.label for kind in LONGEST}, "calls": "Calls", "tokens": "Tokens", "cost": "Cost", "saved": "Saved"}


def head(key: str) -> str:
    """What the column of the measure is called, by the key of the figure; "" where each mail counts once."""
    figure = BY_KEY.get(key)
    return HEADS.get(key, "Counted" if figure and OF_SEVERAL.intersection((*figure.counted, *figure.of)) else "")


def measure(key: str, one: Outcome, taken: Assumed | None) -> str:
    """How much of the figure is this mail's; `taken` is needed for those in `ASSUMED`."""
    if key in SAID:
        return SAID[key](one)
    if taken:
        return _cost(one, taken) if key == "cost" else _saved(one, taken)
    return _counted(BY_KEY[key], one) if head(key) else ""


def _counted(figure: Figure, one: Outcome) -> str:
    counted = sum(getattr(one, name) for name in figure.counted)
    return f"{counted} of {sum(getattr(one, name) for name in figure.of)}" if figure.of else str(counted)


def _review(one: Outcome) -> str:
    said = numbers.duration(one.review_seconds)
    return f"{said} for {one.reviews} decisions" if one.reviews > 1 else said


def _tokens(one: Outcome) -> str:
    read, wrote = (numbers.count(each) for each in (one.prompt_tokens, one.completion_tokens))
    return f"{numbers.count(one.prompt_tokens + one.completion_tokens)}: {read} read, {wrote} written"


def _cost(one: Outcome, taken: Assumed) -> str:
    price = taken.prices.get(one.setup_id or 0)
    if price is None:
        return "no price yet"
    return numbers.money(prices.amount(price, read=one.prompt_tokens, wrote=one.completion_tokens), price.currency)


def _saved(one: Outcome, taken: Assumed) -> str:
    return f"{taken.minutes:g}{numbers.SPACE}min, less {numbers.duration(one.review_seconds)}"


SAID: dict[str, Callable[[Outcome], str]] = {
    "first_resp": lambda one: numbers.duration(one.first_response_seconds),
    "resolution": lambda one: numbers.duration(one.resolution_seconds),
    "review": _review,
    "calls": lambda one: numbers.count(one.calls),
    "tokens": _tokens,
}
