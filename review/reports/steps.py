"""How replies left over a period, step by step: what the chart draws, and its table, the files and the API say in numbers. Pure."""

from datetime import date

from review.reports.figures import LEFT
from review.reports.summary import Summary


def left_by_step(found: Summary) -> dict[date, dict[str, int]]:
    """By the first day of each step, how many of its mails were answered in each way, by the key of the way; also where none was."""
    steps = {max(step, found.period.first): dict.fromkeys((way.key for way in LEFT), 0) for step in found.period.steps()}
    for part in found.parts:
        for way in LEFT:
            steps[part.on][way.key] += way.numerator(part.sums)
    return steps
