"""Setups as the setup pages show them: part by part, with the health of the server, what probes found and how the canaries fare."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.urls import reverse

from drafting import canaries, setups, versions
from drafting.findings import sentences
from drafting.models import CanaryRun, Category, ModelCall, Setup, SetupActivation, Version
from review.desk import evidence, setup_jobs, version_history, words
from review.desk.words import Moment

FIRST = ("model", "weights", "quantisation", "context_length", "sampling", "base_url", "server", "answers_as", "chat_template", "dialect")
"""What makes a model what it is comes first; then what we add to it."""
SAVED = {
    "rules": (Version.Kind.RULE,),
    "guidance": (Version.Kind.GUIDANCE,),
    "categories": (Version.Kind.CATEGORY,),
    "connectors": (Version.Kind.CONNECTOR, Version.Kind.LOOKUP),
}
"""Parts of which a setup keeps only a fingerprint; the versions tell what was saved in them."""
LABELS = {"is_standin": "Stand-in"}
RUNS = 12
MOST_NAMED = 6
CALLS = 50
ACTIVATIONS = 10
TONES = {CanaryRun.Result.SAME: "green", CanaryRun.Result.DIFFERENT: "red", CanaryRun.Result.UNAVAILABLE: "amber"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a setup; `other` is what another setup has in its place."""

    name: str
    value: str
    is_other: bool = False
    other: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How the model server fares, in words."""

    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """One comparison of canaries; `differences` are what, as pinned, as now."""

    at: Moment
    tone: str
    result: str
    words: str
    differences: list[tuple[str, str, str]]
    by: str


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
    """A category with a setup of its own, and in which parts something else runs now."""

    name: str
    slug: str
    setup: str
    url: str
    differing: str


def page(setup: Setup) -> dict[str, Any]:
    """All that the page of one setup shows."""
    differing = setups.differences(setup)
    probe = setup.probes.order_by("-pk").first()
    job = setup.jobs.filter(state__in=["waiting", "running"]).order_by("pk").first()
    return {
        "setup": setup,
        "uses": uses(setup),
        "parts": parts(setup, differing),
        "differing": [words.humanised(part) for part in differing if part != "canaries"],
        "canaries_differ": "canaries" in differing,
        "steadiness": canaries.steadiness(rows) if (rows := list(setup.canaries.all())) else "",
        "health": health(setup),
        "findings": sentences(probe.findings) if probe else [],
        "probed": words.moment(probe.at) if probe else None,
        "runs": [_run_line(run) for run in setup.canary_runs.select_related("by").order_by("-pk")[:RUNS]],
        "job": setup_jobs.shown(job) if job else None,
    }


def parts(setup: Setup, differing: list[str] | None = None) -> list[Part]:
    """Every part of a setup in the order people ask for them; those in `differing` are marked."""
    return [Part(_label(name), _value(setup, name), name in (differing or [])) for name in _ordered(setup.parts)]


def changes(before: Setup | None, after: Setup) -> list[Part]:
    """The parts that change when one setup takes the place of another."""
    if before is None:
        return []
    names = [name for name in _ordered(before.parts | after.parts) if before.parts.get(name) != after.parts.get(name)]
    return [
        Part(_label(name), _saved_between(name, before, after))
        if name in SAVED
        else Part(_label(name), _value(after, name), other=_value(before, name))
        for name in names
    ]


def uses(setup: Setup) -> list[str]:
    """For what a setup drafts now: "Default", and the names of categories."""
    own = [category for category, used in setups.own_setups().items() if used == setup]
    names = list(Category.objects.filter(pk__in=own).values_list("name", flat=True)) if own else []
    return (["Default"] if setups.active() == setup else []) + names


def health(setup: Setup) -> Health:
    """When the model server answered last, or why it did not."""
    run = setup.canary_runs.order_by("-pk").first()
    call = _newest_call(setup)
    if call is not None and (run is None or call.at > run.at):
        ago = words.age(call.at)
        seconds = f"{call.milliseconds / 1000:.1f} s"
        return (
            Health("amber", f"Asked for a draft {_ago(ago)}: {call.error}")
            if call.error
            else Health("green", f"Answered for a draft {_ago(ago)}, in {seconds}.")
        )
    if run is None:
        return Health("quiet", "Not asked yet.")
    ago = _ago(words.age(run.at))
    if run.result == CanaryRun.Result.UNAVAILABLE:
        return Health("red", f"Did not answer {ago}. {run.words}")
    return Health("green", f"Answered its canaries {ago}.")


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


def own_setups() -> list[OwnSetup]:
    """The categories with a setup of their own."""
    own = setups.own_setups()
    differing = {setup: setups.differences(setup) for setup in set(own.values())}
    return [
        OwnSetup(
            category.name,
            category.slug,
            str(own[category.pk]),
            reverse("setup_details", args=[own[category.pk].pk]),
            ", ".join(words.humanised(part) for part in differing[own[category.pk]]),
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


def _newest_call(setup: Setup) -> ModelCall | None:
    """The newest request for a draft among the last ones of all setups; further back nobody asks for the health of a server."""
    newest = ModelCall.objects.select_related("draft").only("at", "error", "milliseconds", "draft__setup").order_by("-pk")[:CALLS]
    return next((call for call in newest if call.draft.setup_id == setup.pk), None)


def _run_line(run: CanaryRun) -> RunLine:
    differences = [
        (words.humanised(one["part"]) if "part" in one else f"Canary {one['position']}", one["expected"], one["got"])
        for one in run.differences
    ]
    return RunLine(
        words.moment(run.at), TONES[CanaryRun.Result(run.result)], run.get_result_display(), run.words, differences, words.person(run.by)
    )


def _results() -> dict[int, str]:
    """The newest result that counts, by setup."""
    counted = CanaryRun.objects.exclude(result=CanaryRun.Result.UNAVAILABLE).order_by()
    newest = counted.values("setup").annotate(newest=Max("pk")).values("newest")
    return dict(CanaryRun.objects.filter(pk__in=newest).values_list("setup_id", "result"))


def _saved_between(name: str, one: Setup, other: Setup) -> str:
    """What people saved of a part after the older of two setups was pinned and until the newer was, in words."""
    since, until = sorted([one.created_at, other.created_at])
    found = Version.objects.filter(kind__in=SAVED[name], at__gt=since, at__lte=until).exclude(content=versions.DELETED)
    titles = list(dict.fromkeys(version_history.title(version) for version in found.order_by("-pk")[: 2 * MOST_NAMED]))
    if not titles:
        return "They differ; what was deleted or switched, the versions tell."
    more = " and others" if len(titles) > MOST_NAMED else ""
    return f"Saved in between: {', '.join(titles[:MOST_NAMED])}{more}."


def _label(name: str) -> str:
    return LABELS.get(name, words.humanised(name))


def _ordered(names: Any) -> list[str]:
    return sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def _value(setup: Setup, name: str) -> str:
    return str(evidence.value(setup.parts[name])) if name in setup.parts else "–"


def _ago(age: str) -> str:
    return "just now" if age == "now" else f"{age} ago"
