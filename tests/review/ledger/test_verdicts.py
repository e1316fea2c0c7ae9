"""By which rules a decision becomes a verdict."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.ledger import verdicts
from review.ledger.verdicts import Finding, of_decision, of_superseded, reading_floor, replaces
from review.models import Decision, Verdict

BODY = "Hello Ann,\n\nyour order SO-1007 left our warehouse on 3 November 2026. It is not too late to add to it.\n\nKind regards"
KINDS = [kind for kind in Decision.Kind if kind != Decision.Kind.AUTO_SENT]
Reason = Verdict.Reason


def decided(**about: Any) -> Finding:
    """The verdict of an approval, unless something else is said."""
    values = {"kind": Decision.Kind.APPROVED, "body": BODY, "text": about.get("body", BODY), "language": "en", "seconds": 60}
    return of_decision(**values | about)


def edited(text: str, *, edit_reason: str = "tone", **about: Any) -> Finding:
    """The verdict of an edit."""
    return decided(kind=Decision.Kind.EDITED, text=text, edit_reason=edit_reason, **about)


def test_what_was_approved_unedited_is_safe() -> None:
    assert decided() == Finding(Reason.APPROVED, unsafe=False, counts=True)


@pytest.mark.parametrize(("kind", "reason"), [("rejected", "rejected"), ("taken_over", "taken_over"), ("no_reply", "no_reply")])
@pytest.mark.parametrize("seconds", [None, 0, 600])
def test_what_was_not_sent_is_unsafe_however_fast_that_was_said(kind: str, reason: str, seconds: int | None) -> None:
    assert decided(kind=kind, text="", seconds=seconds) == Finding(reason, unsafe=True, counts=True)


def test_an_edit_of_the_wording_is_safe_if_its_author_says_so() -> None:
    text = BODY.replace("Hello Ann", "Dear Ann").replace("Kind regards", "With kind regards")
    assert edited(text) == Finding(Reason.WORDING, unsafe=False, counts=True)
    for other in [*Decision.EditReason, ""]:
        if other != Decision.EditReason.TONE:
            assert edited(text, edit_reason=other) == Finding(Reason.EDITED, unsafe=True, counts=True)


def test_an_edit_of_a_fact_is_unsafe_whatever_its_author_says() -> None:
    for before, after in [("SO-1007", "SO-1008"), ("3 November", "4 November"), (" on 3 November 2026", ""), ("Ann,", "Ann, 2 of")]:
        assert edited(BODY.replace(before, after)).reason == Reason.EDITED


def test_an_edit_that_takes_a_refusal_away_or_adds_one_is_unsafe() -> None:
    assert edited(BODY.replace("not too late", "too late")).unsafe
    assert edited(BODY.replace("left our", "has not left our")).unsafe


def test_an_edit_that_only_adds_files_is_unsafe() -> None:
    assert edited(BODY, has_files=True) == Finding(Reason.EDITED, unsafe=True, counts=True)


def test_an_approval_of_another_text_is_no_approval() -> None:
    assert decided(text=BODY.replace("SO-1007", "SO-9999")).unsafe
    assert decided(text=f"\n{BODY}\n ").reason == Reason.APPROVED


@pytest.mark.parametrize(("words", "floor"), [(1, 3), (12, 3), (36, 3), (48, 4), (120, 10), (600, 50)])
def test_nobody_reads_faster_than_twelve_words_a_second(words: int, floor: float) -> None:
    body = " ".join(["word"] * words)
    assert reading_floor(body) == floor
    assert decided(body=body, seconds=floor).counts
    assert decided(body=body, seconds=floor - 0.01) == Finding(Reason.TOO_FAST, unsafe=None, counts=False)


def test_an_approval_of_which_nobody_knows_how_long_it_took_does_not_count() -> None:
    assert decided(seconds=None).reason == Reason.TOO_FAST
    assert edited(BODY.replace("Hello", "Dear"), seconds=1).reason == Reason.TOO_FAST
    assert edited(BODY.replace("1007", "1008"), seconds=1).unsafe


def test_what_a_newer_mail_replaced_is_left_out_only_where_nobody_can_have_read_it() -> None:
    assert of_superseded(body=BODY, seconds=None).reason == Reason.OVERTAKEN
    assert of_superseded(body=BODY, seconds=1).reason == Reason.OVERTAKEN
    assert of_superseded(body=BODY, seconds=60).reason == Reason.MISSING
    assert of_superseded(body=BODY, seconds=60).unsafe


TEXTS = st.text("ab 12.,\nSO-not€%", max_size=60)


ANYTHING = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "body": TEXTS,
        "text": TEXTS,
        "language": st.sampled_from(["", "en", "de", "fi", "xx"]),
        "edit_reason": st.sampled_from(["", *Decision.EditReason.values]),
        "has_files": st.booleans(),
        "seconds": st.none() | st.floats(0, 300),
    }
)


@given(ANYTHING)
def test_whatever_is_decided_only_a_slow_enough_approval_speaks_for_a_draft(said: dict[str, Any]) -> None:
    found = of_decision(**said)
    assert found.counts == (found.unsafe is not None)
    if found.is_safe:
        assert said["kind"] in {"approved", "edited"}
        assert (said["seconds"] or 0) >= reading_floor(said["body"])
        assert not said["has_files"]
        assert said["body"].strip() == said["text"].strip() or said["edit_reason"] == "tone"
    if said["kind"] in {"rejected", "taken_over", "no_reply"}:
        assert found.unsafe


FINDINGS = [
    *(Finding(reason, unsafe=False, counts=True) for reason in (Reason.APPROVED, Reason.WORDING)),
    *(
        Finding(reason, unsafe=True, counts=True)
        for reason in (
            Reason.EDITED,
            Reason.REJECTED,
            Reason.TAKEN_OVER,
            Reason.NO_REPLY,
            Reason.MISSING,
            Reason.SECOND_LOOK,
            Reason.FLAGGED,
        )
    ),
    *(Finding(reason, unsafe=None, counts=False) for reason in (Reason.TOO_FAST, Reason.OVERTAKEN, Reason.CHANGED, Reason.SENT)),
]


@pytest.mark.parametrize(("new", "old"), list(itertools.product(FINDINGS, FINDINGS)), ids=lambda finding: finding.reason)
def test_only_a_missing_verdict_gives_way_to_a_better_one(new: Finding, old: Finding) -> None:
    """From unsafe, over left out, to safe nothing goes by itself; the other way everything does."""
    worth = {True: 0, None: 1, False: 2}
    if worth[new.unsafe] > worth[old.unsafe]:
        assert replaces(new, old) == (old.reason == Reason.MISSING and new.is_safe)
    if worth[new.unsafe] < worth[old.unsafe]:
        assert replaces(new, old)


@pytest.mark.parametrize("new", FINDINGS, ids=lambda finding: finding.reason)
def test_the_first_verdict_takes_effect_whatever_it_is(new: Finding) -> None:
    assert replaces(new, None)


@given(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=8))
def test_once_somebody_found_it_unsafe_a_draft_stays_so(found: list[Finding]) -> None:
    standing: Finding | None = None
    was_unsafe = False
    for new in found:
        if replaces(new, standing):
            standing = new
        was_unsafe = was_unsafe or bool(new.unsafe and new.reason != Reason.MISSING)
        assert standing is not None
        assert standing.unsafe or not was_unsafe


def test_the_ways_to_say_a_finding() -> None:
    assert verdicts.safe("approved").is_safe
    assert not verdicts.unsafe("edited", "why").is_safe
    assert not verdicts.left_out("changed").is_safe
