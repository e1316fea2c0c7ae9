"""A draft as the assistant leaves it, with the evidence that is there now."""

from drafting import records, tools
from drafting.agent import assistant
from drafting.agent.advance import look_up_in_advance
from drafting.agent.budget import BUDGET
from drafting.agent.mail import read
from drafting.agent.run import Run
from drafting.endpoints import Endpoint
from drafting.models import Draft
from drafting.protocol import CategoryChoice
from tests.drafting.factories import make_category, make_draft, make_message, make_setup

SENT = "Hello Ann,\n\nyour order SO-4711 has left our warehouse with Parcel Co and will arrive soon.\n\nKind regards"
CHOICE = CategoryChoice(category="order-status", is_certain=True, is_single_topic=True, language="en", asks=[], flags=[])


def drafted(text: str = "Where is my order SO-4711?", body: str = SENT, *, asks: tuple[tuple[str, str], ...] = ()) -> Draft:
    """A ready draft with the evidence that the assistant finds for this mail now, and what the model asked for."""
    message, category = make_message(text), make_category()
    endpoint = Endpoint("http://127.0.0.1:9/v1", "none", "text", {"max_tokens": 1}, 8192)
    run, scope = Run(endpoint=endpoint, budget=BUDGET, tools=tools.toolbox()), assistant.scope_of(message, CHOICE, category)
    look_up_in_advance(run, mail=read(message), scope=scope, asks=[])
    for tool, query in asks:
        run.look_up(tool, scope=scope, query=query, asked_by="model")
    draft = make_draft(
        message, state=Draft.State.READY, body=body, setup=make_setup(), category=category, customer=scope.customer, language="en"
    )
    records.keep_lookups(draft=draft, run=run)
    return Draft.objects.get(pk=draft.pk)
