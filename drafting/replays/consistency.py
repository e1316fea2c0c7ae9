"""How often the runs over one mail say the same."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from math import comb

from drafting.grounding import Atom


def likeness(*, category: str, is_hand_over: bool, atoms: Iterable[Atom]) -> str:
    """What two runs share that agree: the category, whether they reply or hand over, and every atom after normalising."""
    named = sorted({"|".join(sorted(atom.value)) for atom in atoms})
    return hashlib.sha256(json.dumps([category, is_hand_over, named]).encode()).hexdigest()


def pass_hat(likenesses: Collection[str], k: int) -> float:
    """pass^k of one mail: how likely it is that k of its n runs, drawn without replacement, all agree. Needs n ≥ k.

    Σ_g C(n_g, k) / C(n, k) over the groups g of runs that agree, of n_g runs each; for k = n it is 1 if all agree, else 0. This is the
    unbiased estimator of pass^k (Yao et al. 2024, arXiv:2406.12045) with "agrees with the others" for "succeeds".
    """
    return sum(comb(size, k) for size in Counter(likenesses).values()) / comb(len(likenesses), k)
