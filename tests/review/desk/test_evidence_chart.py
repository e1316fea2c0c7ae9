"""The geometry of the evidence chart, and shares as people read them."""

from math import log

import pytest

from review.desk.automation import chart, shares
from review.desk.automation.chart import Point, Step, Stretch


def test_more_evidence_lies_higher_and_enough_lies_at_the_threshold() -> None:
    wide, narrow = chart.charts([Stretch("Setup 1", 100, [Point(0, 0.0), Point(100, log(25))], [])], threshold=25)
    for one in (wide, narrow):
        (x0, y0), (x1, y1) = (map(float, place.split(",")) for place in one.curves[0].split())
        assert one.left == x0 < x1 == one.right
        assert one.top < one.threshold.at == y1 < y0 < one.bottom


def test_a_new_attempt_begins_where_the_last_one_ended() -> None:
    stretches = [Stretch("Setup 1", 30, [Point(0, 0), Point(30, 1)], []), Stretch("Setup 2", 10, [Point(0, 0), Point(10, 0.3)], [])]
    wide = chart.charts(stretches, threshold=25)[0]
    assert [reset.label for reset in wide.resets] == ["Setup 2 begins"]
    assert wide.curves[1].startswith(f"{wide.resets[0].at},")


def test_what_breaks_down_stays_within_the_chart() -> None:
    wide = chart.charts([Stretch("Setup 1", 50, [Point(0, 0), Point(50, -90.0)], [])], threshold=25)[0]
    assert float(wide.curves[0].split(",")[-1]) == wide.bottom


def test_marks_never_cover_each_other() -> None:
    steps = [Step(40, 1), Step(40, 2), Step(41, 3)]
    marks = chart.charts([Stretch("Setup 1", 50, [Point(0, 0), Point(50, 2)], steps)], threshold=25)[0].marks
    assert len({(mark.x, mark.y) for mark in marks}) == 3
    assert all(abs(one.y - other.y) >= 18 for one in marks for other in marks if one != other)


@pytest.mark.parametrize(("share", "said", "bound"), [(0.02, "2 %", "2 %"), (0.0187, "1.8 %", "1.9 %"), (0.01901, "1.9 %", "2 %")])
def test_a_bound_is_never_rounded_down(share: float, said: str, bound: str) -> None:
    assert shares.percent(share).replace("\u00a0", " ") == said
    assert shares.bound(share).replace("\u00a0", " ") == bound
