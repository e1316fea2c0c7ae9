"""All setups in a list, which categories have one of their own, and who switched when."""

from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse

from drafting import canaries, setups
from drafting.models import CanaryRun, Category, Setup, SetupActivation
from drafting.setups import Comparison
from review.desk import words
from review.desk.automation import losing
from review.desk.setup import TONES
from review.desk.words import Moment

ACTIVATIONS = 10


@dataclass(frozen=True, slots=True)
class SetupLine:
    """A setup in the list."""

    name: str
    url: str
    model: str
    base_url: str
    fingerprint: str
    created: Moment
    by: str
    uses: list[str]
    canaries: str
    tone: str
    switch_url: str


@dataclass(frozen=True, slots=True)
class OwnSetup:
    """A category with a setup of its own, in which parts something else runs now, and what the category loses without its setup."""

    name: str
    slug: str
    setup: str
    url: str
    differing: str
    losing: str


def lines() -> list[SetupLine]:
    """All setups, the newest first."""
    default, own = setups.active(), setups.own_setups()
    names = dict(Category.objects.filter(pk__in=own).values_list("pk", "name"))
    results = _results()
    return [
        SetupLine(
            str(setup),
            reverse("setup_details", args=[setup.pk]),
            setup.model,
            setup.base_url,
            setup.fingerprint[:12],
            words.moment(setup.created_at),
            words.person(setup.created_by),
            (["Default"] if setup == default else []) + [names[pk] for pk, used in own.items() if used == setup],
            CanaryRun.Result(results[setup.pk]).label if setup.pk in results else "Not checked",
            TONES.get(CanaryRun.Result(results[setup.pk]), "") if setup.pk in results else "",
            reverse("setup_switch", args=[setup.pk]),
        )
        for setup in Setup.objects.select_related("created_by").order_by("-pk")[:200]
    ]


def own_setups(found: Comparison) -> list[OwnSetup]:
    """The categories with a setup of their own."""
    own = {category: setup for category, setup in found.used.items() if category}
    if not own:
        return []
    differing = {setup: found.changed.get(setup, []) + _of_model(setup) for setup in set(own.values())}
    lost = {one.slug: one.words for one in losing.by_return(found.used)}
    return [
        OwnSetup(
            category.name,
            category.slug,
            str(own[category.pk]),
            reverse("setup_details", args=[own[category.pk].pk]),
            ", ".join(words.humanised(part) for part in differing[own[category.pk]]),
            lost.get(category.slug, ""),
        )
        for category in Category.objects.filter(pk__in=own)
    ]


def history() -> list[tuple[str, str, str, str, Moment]]:
    """The newest switches: setup, model, for which mails, by whom and when."""
    newest = SetupActivation.objects.select_related("setup", "by", "category").order_by("-pk")[:ACTIVATIONS]
    return [
        (
            str(one.setup or "Back to the default"),
            one.setup.model if one.setup else "",
            one.category.name if one.category else "All others",
            words.person(one.by),
            words.moment(one.at),
        )
        for one in newest
    ]


def _of_model(setup: Setup) -> list[str]:
    return ["canaries"] if canaries.state(setup) == CanaryRun.Result.DIFFERENT else []


def _results() -> dict[int, str]:
    """The newest result that counts, by setup."""
    counted = CanaryRun.objects.exclude(result=CanaryRun.Result.UNAVAILABLE).order_by()
    newest = counted.values("setup").annotate(newest=Max("pk")).values("newest")
    return dict(CanaryRun.objects.filter(pk__in=newest).values_list("setup_id", "result"))
