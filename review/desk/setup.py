"""A setup as its page shows it: part by part, with the health of the server, what probes found and how the canaries fare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Subquery
from django.utils.html import format_html

from drafting import canaries, setups, versions
from drafting.findings import sentences
from drafting.models import CanaryRun, Category, ModelCall, Setup, Version
from drafting.setups import Comparison
from review.desk import evidence, setup_jobs, version_history, words
from review.desk.automation import losing
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
MOST_SAVED = 100
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


def page(setup: Setup, found: Comparison) -> dict[str, Any]:
    """All that the page of one setup shows, beside those in use."""
    runs = list(setup.canary_runs.select_related("by").order_by("-pk")[:RUNS])
    answered = next((run.result for run in runs if run.result != CanaryRun.Result.UNAVAILABLE), "")
    canary = answered or (canaries.state(setup) if len(runs) == RUNS else "")
    differing = setups.changed_parts(setup, found.running)
    job, findings, probed_at = _asked(setup)
    return {
        "setup": setup,
        "uses": uses(setup, found.used),
        "parts": parts(setup, differing),
        "differing": [words.humanised(part) for part in differing],
        "losing": losing.told(losing.by_pinning(found)),
        "canaries_differ": canary == CanaryRun.Result.DIFFERENT,
        "steadiness": canaries.steadiness(rows) if (rows := list(setup.canaries.all())) else "",
        "health": health(setup, runs[0] if runs else None),
        "findings": sentences(findings) if probed_at else [],
        "probed": words.moment(probed_at) if probed_at else None,
        "runs": [_run_line(run) for run in runs],
        "job": setup_jobs.shown(setup.jobs.get(pk=job)) if job else None,
    }


def parts(setup: Setup, differing: list[str] | None = None) -> list[Part]:
    """Every part of a setup in the order people ask for them; those in `differing` are marked."""
    return [Part(_label(name), _value(setup, name), name in (differing or [])) for name in _ordered(setup.parts)]


def changes(before: Setup | None, after: Setup) -> list[Part]:
    """The parts that change when one setup takes the place of another."""
    if before is None:
        return []
    names = [name for name in _ordered(before.parts | after.parts) if before.parts.get(name) != after.parts.get(name)]
    saved = _saved_between(before, after) if SAVED.keys() & set(names) else []
    return [
        Part(_label(name), _told(name, saved)) if name in SAVED else Part(_label(name), _value(after, name), other=_value(before, name))
        for name in names
    ]


def uses(setup: Setup, used: Mapping[int | None, Setup]) -> list[str]:
    """For what a setup drafts now, of those in use: "Default", and the names of categories."""
    own = [category for category, each in used.items() if category and each == setup]
    names = list(Category.objects.filter(pk__in=own).values_list("name", flat=True)) if own else []
    return (["Default"] if used.get(None) == setup else []) + names


def health(setup: Setup, run: CanaryRun | None) -> Health:
    """When the model server answered last, or why it did not; `run` is the newest of its canaries."""
    call = _newest_call(setup)
    if call is not None and (run is None or call.at > run.at):
        seconds = f"{call.milliseconds / 1000:.1f} s"
        return (
            Health("amber", format_html("Asked for a draft {}: {}", words.ago(call.at), call.error))
            if call.error
            else Health("green", format_html("Answered for a draft {}, in {}.", words.ago(call.at), seconds))
        )
    if run is None:
        return Health("quiet", "Not asked yet.")
    ago = words.ago(run.at)
    if run.result == CanaryRun.Result.UNAVAILABLE:
        return Health("red", format_html("Did not answer {}. {}", ago, run.words))
    return Health("green", format_html("Answered its canaries {}.", ago))


def _asked(setup: Setup) -> tuple[int | None, Any, datetime | None]:
    """Of a setup: the id of the job that is under way, what its newest probe found, and when; in one query."""
    job = setup.jobs.filter(state__in=["waiting", "running"]).order_by("pk").values("pk")[:1]
    probe = setup.probes.order_by("-pk")
    asked = Setup.objects.filter(pk=setup.pk).order_by()
    found, findings, at = asked.values_list(Subquery(job), Subquery(probe.values("findings")[:1]), Subquery(probe.values("at")[:1])).get()
    return found, findings, at


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


def _saved_between(one: Setup, other: Setup) -> list[Version]:
    """What people saved last after the older of two setups was pinned and until the newer was."""
    since, until = sorted([one.created_at, other.created_at])
    kinds = [kind for kinds in SAVED.values() for kind in kinds]
    found = Version.objects.filter(kind__in=kinds, at__gt=since, at__lte=until).exclude(content=versions.DELETED)
    return list(found.order_by("-pk")[:MOST_SAVED])


def _told(name: str, saved: Sequence[Version]) -> str:
    """What was saved of a part, in words."""
    titles = list(dict.fromkeys(version_history.title(version) for version in saved if version.kind in SAVED[name]))
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
