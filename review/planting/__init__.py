"""Planted drafts: now and then a reviewer is shown a draft with a deliberate error in it, to measure how many errors reviewers catch.

A planted draft lies over a real one, for one reviewer, until they decide; that decision is its verdict, and nothing is sent. `corruptions`
says what is wrong with it, `placing` who is shown it, `judging` what they made of it. Only this package writes PlantedDraft rows; beside it
only the pages of an item know that there is such a thing.
"""

from review.planting.corruptions import corrupt
from review.planting.holding import holds
from review.planting.judging import Rates, StillPlanted, check, check_whole, decide, judge, met, rates, stands
from review.planting.placing import digest, foreseen, is_open, place, standing, withdraw

__all__ = [
    "Rates",
    "StillPlanted",
    "check",
    "check_whole",
    "corrupt",
    "decide",
    "digest",
    "foreseen",
    "holds",
    "is_open",
    "judge",
    "met",
    "place",
    "rates",
    "standing",
    "stands",
    "withdraw",
]
