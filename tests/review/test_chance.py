"""Chance that hangs on a secret."""

import statistics

from django.test import override_settings

from review.chance import share


def test_the_same_question_has_the_same_answer() -> None:
    assert share("ramp", 7) == share("ramp", 7)


def test_each_purpose_and_each_draft_has_a_chance_of_its_own() -> None:
    asked = [share("ramp", 7), share("audit", 7), share("ramp", 8), share("plant", 7, 8), share("plant", 8, 7), share("plant", 78)]
    assert len(set(asked)) == len(asked)


def test_chance_is_even_and_one_purpose_says_nothing_about_another() -> None:
    ramp = [share("ramp", number) for number in range(4000)]
    assert all(0 <= one < 1 for one in ramp)
    tenths = [sum(1 for one in ramp if tenth <= one * 10 < tenth + 1) for tenth in range(10)]
    assert all(320 < number < 480 for number in tenths)
    assert abs(statistics.correlation(ramp, [share("audit", number) for number in range(4000)])) < 0.06
    assert abs(statistics.correlation(ramp[:-1], ramp[1:])) < 0.06


def test_without_the_secret_nobody_can_foresee_it() -> None:
    known = [share("ramp", number) for number in range(50)]
    with override_settings(SECRET_KEY="another secret, as long as such a thing should be for an installation"):
        assert not set(known) & {share("ramp", number) for number in range(50)}
