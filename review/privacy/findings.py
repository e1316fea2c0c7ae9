"""What there is about a person: how much in which place, what stands against erasing it, and what stays all the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from review.desk import words
from review.models import Erasure
from review.privacy import addresses as named
from review.privacy import beside, hindrances, matters, places
from review.privacy.errors import Hindrance

STAYS = (
    "That there were mails, drafts and decisions, without what they said: ids, times, states, checks passed and failed, who decided how. "
    "Reports and the proof of auto-send count these.",
    "A fingerprint (SHA-256) of each mail that came in, so that it is not fetched a second time.",
    "Other people's mails that quote the person or name them. They are those people's data.",
    "The mails themselves on the mail server, and our copies in its Sent folder. Delete them there.",
    "Backups, and what webhooks, exports and the training export took away before.",
)
"""Whatever is erased."""
OTHERS = "{} of other people that went to the person too (To, Cc): those people's data."


@dataclass(frozen=True, slots=True)
class Findings:
    """All about a person. `counts` has a number for each key, `named` the same for people; `hindrances` stand against erasing.

    `customers` are lines of the company's own tables, `erasures` what was erased before under one of the addresses. `others` is how many
    mails of other people name the person as somebody who got them too.
    """

    addresses: tuple[str, ...]
    counts: dict[str, int]
    hindrances: list[Hindrance]
    customers: list[str]
    colleagues: list[str]
    erasures: list[Erasure]
    others: int

    @property
    def named(self) -> list[tuple[str, int]]:
        """What there is, in words."""
        return [(name_of(key), number) for key, number in self.counts.items()]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be erased."""
        return not self.counts

    @property
    def stays(self) -> list[str]:
        """What is left when all of it is erased."""
        own = [f"{line}: the company's own data, kept in its tables." for line in self.customers]
        own += [OTHERS.format(words.count(self.others, "mail"))] if self.others else []
        return [*own, *(f"{name} works here under this address. The account stays; see People." for name in self.colleagues), *STAYS]


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts by their names within a sentence, in the order of the page: a database keeps the keys of JSON in its own."""
    keys = [place.key for place in places.PLACES] + list(beside.NAMES)
    names = {key: name_of(key) for key in keys if key in counts}
    return [(f"{name[:1].lower()}{name[1:]}", counts[key]) for key, name in names.items()]


def name_of(key: str) -> str:
    """What is counted under a key."""
    return beside.NAMES.get(key) or places.of(key).name


def findings(addresses: Sequence[str], *, with_rows: bool = False) -> Findings:
    """What there is about the person with these addresses; `with_rows` counts their rows of the customer table too.

    Raises NotAPerson.
    """
    asked = named.checked(tuple(one.lower() for one in addresses))
    matter = matters.of_person(asked)
    around = beside.Beside(asked, with_rows=with_rows, apart_from=matter.conversations)
    return Findings(
        addresses=asked,
        counts=places.count(matter) | around.count(),
        hindrances=hindrances.against(matter),
        customers=[_described(one.name, one.number, one.orders.count()) for one in beside.customers(asked)],
        colleagues=[one.get_full_name() or one.get_username() for one in beside.colleagues(asked)],
        erasures=erasures_of(asked),
        others=len(matters.naming(asked).keys() - set(matter.messages)),
    )


def erasures_of(addresses: Sequence[str]) -> list[Erasure]:
    """What was erased before of somebody with one of these addresses, newest first."""
    digests = [named.digest(one) for one in addresses]
    return list(Erasure.objects.filter(digests__overlap=digests).select_related("by").order_by("-pk"))


def _described(name: str, number: str, orders: int) -> str:
    return f"Customer {number} ({name}) with {orders} {'order' if orders == 1 else 'orders'}"
