"""What a simulation is told: which mails come in, how often their drafts are unsafe, and who looks at them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """One category. `weight` is its part of all mail; `unsafe` lists (from which of its mails on, share of unsafe drafts), in order.

    `epsilon` and `ramp_sends` are what its terms say.
    """

    name: str
    weight: float
    unsafe: tuple[tuple[int, float], ...]
    epsilon: float = 0.02
    ramp_sends: int = 100

    def unsafe_share(self, number: int) -> float:
        """The share of unsafe drafts at the `number`-th mail of the category."""
        return [share for since, share in self.unsafe if number >= since][-1]


@dataclass(frozen=True)
class Reviewer:
    """A person who notices a share of what is unsafe, rejects a share of what is not, and reads for so many seconds."""

    name: str
    notices: float = 0.97
    objects: float = 0.002
    seconds: int = 20


@dataclass(frozen=True)
class Plan:
    """One run. `complains` is the share of unsafe mails that left alone about which the customer writes within a day."""

    kinds: tuple[Kind, ...]
    reviewers: tuple[Reviewer, ...] = field(default_factory=lambda: (Reviewer("ana"), Reviewer("ben"), Reviewer("cleo", notices=0.93)))
    mails: int = 20_000
    a_day: int = 400
    complains: float = 0.2
    seed: int = 1


def standard_plan(*, mails: int = 20_000, seed: int = 1) -> Plan:
    """A company with a category that is safe, one that drifts once it is unlocked, one just good enough, and one that never is."""
    late = int(mails * 0.4 * 0.6)
    return Plan(
        kinds=(
            Kind("Order status", 0.4, ((0, 0.002), (late, 0.2))),
            Kind("Stock and price", 0.3, ((0, 0.002),)),
            Kind("Invoice copy", 0.2, ((0, 0.01),)),
            Kind("Returns", 0.1, ((0, 0.04),)),
        ),
        mails=mails,
        seed=seed,
    )
