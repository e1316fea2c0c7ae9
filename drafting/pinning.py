"""Pinning: what a probe found and a person said of a model server, made a setup row together with what runs here."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from drafting import canaries, probing
from drafting.errors import NoAnswer, Refused, Unavailable
from drafting.models import Setup
from drafting.probing import Findings, Server, servers
from drafting.protocol import fingerprint
from drafting.setups import running_parts

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SAMPLING: dict[str, Any] = {"temperature": 0, "seed": 7, "max_tokens": 1500}
GUARD_SAMPLING: dict[str, Any] = {"temperature": 0, "seed": 7, "max_tokens": 60}
CONTEXT_LENGTH = 8192
"""Assumed where neither the person nor the server says; longer questions are not sent."""
PIN_SECONDS = 200.0
"""Everything together; below the time that a worker gives a task."""


@dataclass(frozen=True)
class Declared:
    """What a person says of a model server. Empty: the server is asked, or a default holds. `context_length` is in tokens."""

    weights: str = ""
    quantisation: str = ""
    context_length: int | None = None
    sampling: dict[str, Any] = field(default_factory=dict)
    guard_base_url: str = ""
    guard_model: str = ""
    guard_weights: str = ""


def pin(
    *,
    base_url: str,
    model: str,
    by: "User | None",
    weights: str = "",
    quantisation: str = "",
    context_length: int | None = None,
    sampling: dict[str, Any] | None = None,
    guard_base_url: str = "",
    guard_model: str = "",
    guard_weights: str = "",
    say: Callable[[str], None] = lambda words: None,
) -> Setup:
    """Probe the server, take canaries, and keep the setup that this makes with what runs here; an equal one is reused and checked.

    `weights` is the digest or declared revision of the model's weights; `context_length` is in tokens. Raises Unavailable, or Refused
    where the server contradicts what was declared.
    """
    declared = Declared(weights, quantisation, context_length, sampling or {}, guard_base_url.rstrip("/"), guard_model, guard_weights)
    base_url, deadline = base_url.rstrip("/"), time.monotonic() + PIN_SECONDS
    findings = probing.probe(base_url=base_url, model=model, context_length=context_length, say=say)
    parts = (
        told_parts(base_url=base_url, model=model, findings=findings, declared=declared) | _guard_part(declared, deadline) | running_parts()
    )
    known = Setup.objects.filter(fingerprint=fingerprint(parts)).first()
    if known is not None and known.canaries.exists():
        say("Comparing the canaries with those of the same setup")
        probing.keep(findings=findings, base_url=base_url, model=model, setup=known, by=by)
        canaries.check(known, by)
        return known
    say("Asking the canaries twice")
    try:
        baseline = canaries.take(base_url=base_url, model=model, logprobs=findings.logprobs == "yes", deadline=deadline)
    except NoAnswer as error:
        raise Unavailable(f"The model server at {base_url} cannot be used. {error}") from error
    return _keep(parts, findings, baseline, by)


@transaction.atomic
def _keep(parts: dict[str, Any], findings: Findings, baseline: canaries.Baseline, by: "User | None") -> Setup:
    about = {"base_url": parts["base_url"], "model": parts["model"]}
    setup, _ = Setup.objects.get_or_create(fingerprint=fingerprint(parts), defaults={**about, "parts": parts, "created_by": by})
    probing.keep(findings=findings, **about, setup=setup, by=by)
    # Two people may pin the same at once: one of them takes the baseline.
    Setup.objects.select_for_update().get(pk=setup.pk)
    if not setup.canaries.exists():
        canaries.keep(setup=setup, baseline=baseline, by=by)
    return setup


def probe_again(*, setup: Setup, by: "User | None", say: Callable[[str], None] = lambda words: None) -> Findings:
    """Probe the server of a setup and keep what was found; the setup stays as it is. Raises Unavailable."""
    length = setup.parts.get("context_length")
    findings = probing.probe(base_url=setup.base_url, model=setup.model, context_length=length, say=say)
    probing.keep(findings=findings, base_url=setup.base_url, model=setup.model, setup=setup, by=by)
    return findings


def told_parts(*, base_url: str, model: str, findings: Findings, declared: Declared) -> dict[str, Any]:
    """The parts that the server tells or a person declares. Raises Refused where they contradict each other."""
    server = findings.server
    for part in ("weights", "quantisation"):
        said, found = getattr(declared, part), getattr(server, part)
        if said and found and not agree(part, said, found):
            raise Refused(f"You declared {part} {said}, but the server says {found}. Leave it empty to take what the server says.")
    return {
        "base_url": base_url,
        "server": server_part(server) | {"fingerprint": findings.system_fingerprint},
        "is_standin": server.kind == servers.STANDIN,
        "model": model,
        "answers_as": findings.answers_as,
        "weights": declared.weights or server.weights,
        "quantisation": declared.quantisation or server.quantisation,
        "chat_template": server.chat_template,
        "context_length": _context_length(findings, declared.context_length),
        "sampling": SAMPLING | declared.sampling,
        "dialect": findings.dialect,
    }


def told_now(*, setup: Setup, deadline: float) -> dict[str, str]:
    """What the setup's server tells of itself now; "" for what it does not tell. Raises Unavailable."""
    card, _ = probing.card_of(base_url=setup.base_url, model=setup.model, deadline=deadline)
    server = servers.identify(base_url=setup.base_url, card=card, deadline=deadline)
    return server_part(server) if server.kind in servers.KINDS else {}


def guard_told_now(*, setup: Setup, deadline: float) -> dict[str, str]:
    """The same of the guard model's server, as far as it is pinned; nothing where the setup has none. Raises Unavailable."""
    guard = setup.parts.get("guard")
    if not guard:
        return {}
    card, _ = probing.card_of(base_url=guard["base_url"], model=guard["model"], deadline=deadline)
    return {"weights": servers.identify(base_url=guard["base_url"], card=card, deadline=deadline).weights}


def server_part(server: Server) -> dict[str, str]:
    """What a server tells of itself that should never change under a setup."""
    told = {"kind": server.kind, "version": server.version, "weights": server.weights, "quantisation": server.quantisation}
    return told | {"chat_template": server.chat_template}


def agree(part: str, said: str, found: str) -> bool:
    """Whether two spellings of a part mean the same. Digests may be cut short; names of files are no digests, so they contradict none."""
    one, other = (value.strip().lower().removeprefix("sha256:") for value in (said, found))
    if part == "weights" and _is_digest(one) != _is_digest(other):
        return True
    return one.startswith(other) or other.startswith(one) if part == "weights" else one == other


def _is_digest(text: str) -> bool:
    return len(text) >= 7 and set(text) <= set("0123456789abcdef")


def _context_length(findings: Findings, declared: int | None) -> int:
    """What was declared, told or seen, in tokens. A shorter one than the server has is a limit of one's own; a longer one is a mistake."""
    read = findings.tokens_read if findings.overflow == "truncated" else None
    held = min((length for length in (findings.server.context_length, read) if length), default=None)
    if declared and held and declared > held:
        does = "cuts questions after" if held == read else "has a context of"
        raise Refused(
            f"You declared a context of {declared:,} tokens, but the server {does} {held:,}. Start it with more, or declare less."
        )
    return declared or held or CONTEXT_LENGTH


def _guard_part(declared: Declared, deadline: float) -> dict[str, Any]:
    if not declared.guard_model:
        return {}
    base_url = declared.guard_base_url
    card, _ = probing.card_of(base_url=base_url, model=declared.guard_model, deadline=deadline)
    server = servers.identify(base_url=base_url, card=card, deadline=deadline)
    if declared.guard_weights and server.weights and not agree("weights", declared.guard_weights, server.weights):
        raise Refused(f"You declared weights {declared.guard_weights} for the guard model, but its server says {server.weights}.")
    guard = {"base_url": base_url, "model": declared.guard_model, "weights": declared.guard_weights or server.weights}
    return {"guard": guard | {"sampling": GUARD_SAMPLING, "context_length": server.context_length or CONTEXT_LENGTH}}
