"""The one cause of a miss: which rule comes first."""

import pytest

from drafting.tools.base import UNKNOWN_SENDER
from review.models import Decision
from review.next_nine.causes import ORDER, UNEXPLAINED, Facts, Lookup, base, cause, theme

MISSING = Lookup("order", "not_found", "SO-1007")
FOUND = Lookup("order", "found", "SO-1008")


def edited(**about: object) -> Facts:
    """An edited draft."""
    return Facts(**{"kind": "edited", **about})  # type: ignore[arg-type]


def test_a_lookup_that_found_nothing_is_named_by_what_was_asked() -> None:
    assert cause(edited(lookups=[MISSING], failed_checks=["atoms_grounded"], edit_reason="wrong_fact")) == "lookup:order:not_found:code"
    assert cause(edited(lookups=[Lookup("product", "not_found", "ball bearing")])) == "lookup:product:not_found:words"
    assert cause(edited(lookups=[Lookup("parcel", "unavailable", "")])) == "lookup:parcel:unavailable:anything"
    assert cause(edited(lookups=[Lookup("account", "not_found", "ann@shop.example")])) == "lookup:account:not_found:address"


def test_a_lookup_that_found_something_at_the_second_try_is_not_missing() -> None:
    assert cause(edited(lookups=[MISSING, FOUND])) == UNEXPLAINED


def test_sums_and_dates_miss_nothing() -> None:
    assert cause(edited(lookups=[Lookup("calculate", "not_found", "1/0"), Lookup("dates", "not_found", "x")])) == UNEXPLAINED


def test_a_refused_lookup_is_not_missing() -> None:
    assert cause(edited(lookups=[Lookup("order", "refused", "SO-1007")])) == UNEXPLAINED


def test_what_is_looked_up_for_every_mail_counts_only_where_a_fact_was_missing() -> None:
    articles = Lookup("articles", "not_found", "cable", in_advance=True)
    assert cause(edited(lookups=[articles])) == UNEXPLAINED
    given_up = Facts(kind="taken_over", hand_over_reason="missing_fact", lookups=[articles])
    assert cause(given_up) == "lookup:articles:not_found:words"
    assert cause(edited(lookups=[Lookup("articles", "not_found", "cable")])) == "lookup:articles:not_found:words"


def test_an_unknown_sender_is_one_cause_whatever_was_asked_for() -> None:
    unknown = Lookup("order", "not_found", "SO-1007", words=UNKNOWN_SENDER)
    assert cause(edited(lookups=[unknown])) == "lookup:customer:not_found:sender"


def test_a_hand_over_comes_before_checks_and_reasons() -> None:
    facts = Facts(kind="taken_over", hand_over_reason="sensitive", failed_checks=["atoms_grounded"], edit_reason="policy")
    assert cause(facts) == "hand_over:sensitive"


def test_hand_overs_by_different_rules_are_different_causes() -> None:
    one, other, again = (
        cause(Facts(kind="taken_over", hand_over_reason="rule", hand_over_words=words)) for words in ("Too much.", "Legal.", "Too much.")
    )
    assert one == again != other
    assert one.startswith("hand_over:rule:")


def test_the_first_failed_check_of_the_text_counts() -> None:
    assert cause(edited(failed_checks=["sender_known", "no_promises", "links_allowed"], edit_reason="policy")) == "check:no_promises"


def test_checks_that_say_nothing_about_the_text_are_no_cause() -> None:
    assert cause(edited(failed_checks=["setup_pinned", "sender_authenticated", "caps_not_reached"])) == UNEXPLAINED


def test_the_reason_of_the_reviewer_counts_where_nothing_else_failed() -> None:
    assert cause(edited(edit_reason="missing_answer")) == "edit:missing_answer"
    assert cause(edited(edit_reason="other")) == UNEXPLAINED


@pytest.mark.parametrize("reason", ["tone", "too_long", "language"])
def test_who_says_that_it_was_the_wording_is_believed_first(reason: str) -> None:
    assert cause(edited(edit_reason=reason, lookups=[MISSING], failed_checks=["atoms_grounded"])) == f"edit:{reason}"


def test_a_draft_that_was_written_again_in_another_category_had_the_wrong_one() -> None:
    facts = Facts(kind="rejected", category="return", written_again_as="damage-claim")
    assert cause(facts) == "category:return:damage-claim"
    assert cause(Facts(kind="rejected", category="return", written_again_as="return")) == UNEXPLAINED
    assert cause(Facts(kind="rejected", written_again_as="return")) == UNEXPLAINED


def test_no_reply_needed_comes_before_everything() -> None:
    assert cause(Facts(kind="no_reply", hand_over_reason="unsure", lookups=[MISSING])) == "no_reply"


@pytest.mark.parametrize("kind", [kind.value for kind in Decision.Kind if kind not in ("approved", "auto_sent")])
def test_every_miss_has_a_cause(kind: str) -> None:
    assert cause(Facts(kind=kind))


def test_the_order_is_published_in_words() -> None:
    assert all(step.words.endswith((".", "counts.")) for step in ORDER)
    assert ORDER[-1].find(Facts(kind="edited")) == UNEXPLAINED


def test_a_theme_is_part_of_the_key() -> None:
    assert (base("edit:policy+12"), theme("edit:policy+12")) == ("edit:policy", 12)
    assert (base("edit:policy"), theme("edit:policy"), theme("edit:policy+x")) == ("edit:policy", 0, 0)
