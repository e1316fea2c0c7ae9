"""Auto-send as a whole, in a few words for the frame: what leaves by itself, what is suspended, whether all of it is stopped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse

from review.desk import words
from review.models import UNLOCKED, Attempt, Switch

Used = Mapping[int | None, int]
"""The ids of the setups in use by category, the default one under None."""
PEOPLE_FIRST = "Every reply is approved, edited or written by a person before it leaves."


@dataclass(frozen=True, slots=True)
class Suspended:
    """A category whose replies no longer leave by themselves, and why."""

    name: str
    cause: str
    url: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How auto-send stands. `detail` is for hovering, `tone` as of tags; `suspended` are those of the setups in use."""

    words: str
    detail: str
    tone: str
    is_stopped: bool
    suspended: list[Suspended]


def looks() -> QuerySet[Switch]:
    """The switch, with the attempts that are unlocked or suspended by name of their category: all as JSON, in the column `told`."""
    wanted = Attempt.objects.filter(Q(state__in=UNLOCKED) | Q(state=Attempt.State.SUSPENDED)).order_by("category__name", "-pk")
    about = JSONObject(category="category_id", name="category__name", state="state", cause="cause", setup="setup_id", chooser="chooser_id")
    by = JSONObject(username="by__username", first_name="by__first_name", last_name="by__last_name")
    attempts = ArraySubquery(wanted.values(about=about))
    told = JSONObject(stopped_at="stopped_at", by_id="by_id", by=by, words="words", attempts=attempts)
    return Switch.objects.annotate(told=Cast(told, TextField()))


def standing(used: Used, *, told: str) -> Standing:
    """How auto-send stands, by what `looks` told; "" where the database was emptied, and has no switch."""
    switch = json.loads(told) if told else {"stopped_at": None, "attempts": []}
    attempts = [one for one in switch["attempts"] if is_in_use(used, **{of: one[of] for of in ("category", "setup", "chooser")})]
    suspended = [_suspended(each) for each in attempts if each["state"] == Attempt.State.SUSPENDED]
    names = [each["name"] for each in attempts if each["state"] != Attempt.State.SUSPENDED]
    if switch["stopped_at"]:
        at = words.moment(datetime.fromisoformat(switch["stopped_at"]))
        by, said = words.person(User(**switch["by"]) if switch["by_id"] else None), f" “{switch['words']}”" if switch["words"] else ""
        return Standing(
            f"Auto-send stopped by {by}, {at.short}", f"Nothing leaves by itself since {at.exact}.{said}", "amber", True, suspended
        )
    if not names:
        return Standing("Auto-send: none now" if suspended else "Auto-send: none yet", PEOPLE_FIRST, "quiet", False, suspended)
    return Standing(f"Auto-send: {words.count(len(names), 'category', 'categories')}", words.listed(names), "green", False, suspended)


def is_in_use(used: Used, *, category: int, setup: int, chooser: int) -> bool:
    """Whether drafts of a category are written by `setup` now, and their category is chosen by `chooser`."""
    default = used.get(None)
    return (setup, chooser) == (used.get(category, default), default)


def _suspended(about: dict[str, Any]) -> Suspended:
    return Suspended(about["name"], Attempt.Cause(about["cause"]).label, reverse("automation_category", args=[about["category"]]))
