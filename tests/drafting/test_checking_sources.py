"""What a reply may take its facts from."""

from datetime import UTC, datetime

from drafting.agent.assistant import Outcome
from drafting.agent.budget import BUDGET
from drafting.agent.mail import Mail
from drafting.agent.run import Run
from drafting.checking import sources
from drafting.endpoints import Endpoint
from drafting.grounding import atoms, trace
from drafting.tools import Lookup


def outcome(*lookups: Lookup) -> Outcome:
    mail = Mail(
        subject="Price", text="What do 40 of them cost?", from_name="Ana", date=datetime(2026, 3, 4, tzinfo=UTC), attachments=[], history=[]
    )
    endpoint = Endpoint("http://model.example/v1", "m", dialect="text", sampling={}, context_length=8192)
    return Outcome(run=Run(endpoint=endpoint, budget=BUDGET, lookups=list(lookups)), mail=mail)


def lookup(number: int, tool: str, question: str, answer: object) -> Lookup:
    return Lookup(number, tool, "Tables", {"query": question}, "found", answer, "model", 1)


PRODUCT = lookup(1, "product", "chain", [{"sku": "KT-0812", "price": "18.75", "currency": "EUR"}])


def untraced(text: str, *lookups: Lookup) -> list[str]:
    return [one.atom.text for one in trace(atoms(text), sources(outcome(*lookups))) if not one.is_traced]


def test_a_sum_of_known_numbers_is_a_source() -> None:
    total = lookup(2, "calculate", "40 * 18.75", {"expression": "40 * 18.75", "result": "750.00"})
    assert untraced("750,00 EUR", PRODUCT, total) == []


def test_the_model_cannot_have_its_own_number_or_date_confirmed() -> None:
    refund = lookup(2, "calculate", "500 * 1", {"expression": "500 * 1", "result": "500"})
    day = lookup(3, "dates", "2026-05-01", {"today": "2026-03-04", "date": "2026-05-01", "working_days_from_today": 42})
    assert untraced("500 EUR on 1 May 2026", PRODUCT, refund, day) == ["500 EUR", "1 May 2026"]


def test_a_day_counts_only_as_many_days_on_as_the_company_speaks_of() -> None:
    quantity = lookup(1, "order", "SO-1", {"number": "SO-1", "quantity": 5})
    article = lookup(1, "articles", "claims", [{"id": "claims", "body": "We look at claims within 5 working days."}])
    day = lookup(2, "dates", "5", {"today": "2026-03-04", "date": "2026-03-11", "working_days_from_today": 5})
    assert untraced("on 11 March 2026", quantity, day) == ["11 March 2026"]
    assert untraced("on 11 March 2026", article, day) == []


def test_what_day_it_is_is_always_known() -> None:
    assert untraced("4 March 2026", lookup(1, "dates", "", {"today": "2026-03-04", "date": "2026-03-04"})) == []
