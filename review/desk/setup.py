"""A setup as its page shows it: part by part, with the health of the server, what probes found and how the canaries fare."""

from dataclasses import dataclass
from typing import Any

from drafting import canaries, setups, versions
from drafting.findings import sentences
from drafting.models import CanaryRun, Category, ModelCall, Setup, Version
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
