"""What a report tells beside its figures: what the model cost, what was saved, what waits now. Page, exports and API all ask here."""

from dataclasses import dataclass

from review.reports import backlog, prices, reading, saving
from review.reports.assumed import assumed
from review.reports.backlog import Waiting
from review.reports.prices import Cost
from review.reports.saving import Saving
from review.reports.summary import Summary


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it, of the mails of a report; `waiting` is by mailbox, and of now whatever the period."""

    cost: Cost
    saving: Saving
    waiting: list[Waiting]


def beside(found: Summary) -> Beside:
    """What belongs to these figures. Two queries."""
    taken = assumed()
    return Beside(
        cost=prices.cost(found.parts, taken.prices),
        saving=saving.saving(reading.total(list(found.parts)), taken.minutes),
        waiting=backlog.waiting(found.scope),
    )
