"""The pinned setup, part by part."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from drafting import setups
from drafting.models import Setup, SetupActivation
from review.desk import evidence, words
from review.permissions import DeskRequest, may_administer, needs

FIRST = ("model", "weights", "quantisation", "context_length", "sampling", "base_url", "server", "dialect", "prompts", "schemas", "budget")
"""What makes a model what it is comes first; then what we add to it."""


@require_safe
@needs(may_administer)
def show_setup(request: DeskRequest) -> HttpResponse:
    """Which setup is active, what it consists of, and whether it is still what runs."""
    setup = setups.active()
    history = SetupActivation.objects.select_related("setup", "by").filter(setup__isnull=False).order_by("-pk")[:10]
    differing = setups.differences(setup) if setup else []
    context = {
        "setup": setup,
        "parts": _parts(setup, differing) if setup else [],
        "differing": [words.humanised(part) for part in differing],
        "history": [(str(one.setup), one.setup.model if one.setup else "", words.person(one.by), words.moment(one.at)) for one in history],
    }
    return render(request, "review/setup.html", context)


def _parts(setup: Setup, differing: list[str]) -> list[tuple[str, str, bool]]:
    """Name, value, and whether something else runs now."""
    names = sorted(setup.parts, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return [(words.humanised(name), evidence.value(setup.parts[name]), name in differing) for name in names]
