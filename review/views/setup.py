"""The pinned setup, part by part."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from drafting import setups
from drafting.models import SetupActivation
from review.desk import evidence, words
from review.permissions import DeskRequest, may_administer, needs


@require_safe
@needs(may_administer)
def show_setup(request: DeskRequest) -> HttpResponse:
    """Which setup is active, what it consists of, and whether it is still what runs."""
    setup = setups.active()
    history = SetupActivation.objects.select_related("setup", "by").order_by("-pk")[:10]
    context = {
        "setup": setup,
        "parts": [(words.humanised(name), evidence.value(part)) for name, part in setup.parts.items()] if setup else [],
        "differing": [words.humanised(str(part)) for part in setups.differences(setup)] if setup else [],
        "history": [(str(one.setup), one.setup.model, words.person(one.by), words.moment(one.at)) for one in history],
    }
    return render(request, "review/setup.html", context)
