"""Which of two texts is closer to what a person sent."""

from datetime import date

import pytest

from drafting.grounding import Source
from drafting.replays.verdicts import Label, Text, Verdict, agreement, atoms_of, closeness, judge, label, meanings

SENT = "Your order SO-1007 left on 3 November 2026 and costs 12.50 EUR."
MAIL = Source("mail", "Where is SO-1007?")
ORDER = Source("evidence:1", {"number": "SO-1007", "shipped_on": "2026-11-03", "total": "12.50", "currency": "EUR"})


def reply(body: str, *, category: str = "order-status", is_eligible: bool = False) -> Text:
    return Text(category=category, body=body, is_eligible=is_eligible)


HAND_OVER = reply("")


@pytest.fixture
def final() -> Label:
    return label(SENT, sources=[MAIL, ORDER], today=date(2026, 3, 4))


def test_the_same_facts_in_other_words_are_the_same(final: Label) -> None:
    verdict, _ = judge(reply("SO-1007 left on 2026-11-03, for €12.50."), reply(SENT), final)
    assert verdict == Verdict.SAME


def test_another_category_is_not_the_same(final: Label) -> None:
    assert judge(reply(SENT, category="price"), reply(SENT), final)[0] == Verdict.UNCLEAR


def test_closer_to_what_was_sent_is_better_and_the_reason_says_by_how_much(final: Label) -> None:
    poor = reply("Your order SO-1007 left on 4 November 2026.")
    verdict, why = judge(reply(SENT), poor, final)
    assert verdict == Verdict.BETTER
    assert why == "Agrees with the reply that was sent by 100%, the recorded draft by 40%."
    assert judge(poor, reply(SENT), final)[0] == Verdict.WORSE


def test_what_passed_every_check_and_does_no_more_is_newly_blocked(final: Label) -> None:
    recorded = reply(SENT, is_eligible=True)
    assert judge(reply(SENT), recorded, final)[0] == Verdict.BLOCKED
    assert judge(HAND_OVER, recorded, final)[0] == Verdict.BLOCKED
    assert judge(reply(SENT, is_eligible=True), recorded, final)[0] == Verdict.SAME


def test_a_hand_over_is_wrong_where_all_could_be_known(final: Label) -> None:
    assert final.is_knowable
    assert judge(HAND_OVER, reply(SENT), final)[0] == Verdict.WORSE
    assert judge(reply(SENT), HAND_OVER, final)[0] == Verdict.BETTER


def test_a_hand_over_is_right_where_the_person_knew_more() -> None:
    final = label("We pay you back 80.00 EUR.", sources=[MAIL, ORDER], today=date(2026, 3, 4))
    assert not final.is_knowable
    assert closeness(HAND_OVER, final) == 1
    assert judge(HAND_OVER, reply("We pay you back 12.50 EUR."), final)[0] == Verdict.BETTER


def test_two_hand_overs_are_the_same(final: Label) -> None:
    assert judge(HAND_OVER, HAND_OVER, final)[0] == Verdict.SAME


def test_where_nobody_sent_a_reply_a_difference_is_neither_better_nor_worse() -> None:
    assert judge(reply("It is on its way."), reply(SENT), None)[0] == Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("", "", 1.0),
        ("Hello.", "Good day.", 1.0),
        ("SO-1007 and SO-1008", "SO-1007", 2 / 3),
        ("SO-1007, SO-1007, SO-1007", "SO-1007", 1.0),
        ("1.234,56 EUR", "1,234.56 EUR", 1.0),
        ("SO-1007", "", 0.0),
    ],
)
def test_agreement_is_the_share_of_facts_in_common(one: str, other: str, share: float) -> None:
    assert agreement(atoms_of(one), atoms_of(other)) == pytest.approx(share)


def test_every_verdict_is_explained_in_the_words_of_its_definition() -> None:
    named = {name for names, _ in meanings() for name in names.lower().split(", ")}
    assert named == {verdict.label.lower() for verdict in Verdict}
    assert all(text.endswith(".") and "\n" not in text for _, text in meanings())
