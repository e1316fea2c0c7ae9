"""What a change of the rules would have changed in past drafts."""

import time
from typing import Any

import pytest

from drafting import previews, rulebook
from drafting.fact_values import Facts, recorded
from drafting.models import CheckResult, Draft
from drafting.previews import Eligibility, Kind, Preview
from drafting.rulebook import Rulebook
from tests.drafting.factories import make_category, make_draft, make_message, make_setup

pytestmark = pytest.mark.django_db
BODY = "Your order SO-1 is on its way. Please keep the packaging."


def rule(expression: str, effect: str = "needs_person", text: str = "Because.", name: str = "R", **about: Any) -> dict[str, Any]:
    return {"name": name, "expression": expression, "effect": effect, "text": text, "categories": [], **about}


def book(*rules: dict[str, Any]) -> Rulebook:
    return rulebook.parse(rules, book=Rulebook())


def past(total: float | None = 600.0, *, failed: tuple[str, ...] = (), body: str = BODY, slug: str = "order-status", **about: Any) -> Draft:
    """A draft about an order of this total, whose other checks passed but those that `failed`."""
    facts: Facts = {"category": slug, "mail.text": "Where is SO-1?", "today": "2026-01-12", "order.total": total}
    kept = recorded(before=[facts], after=[facts | {"draft.text": body}] if body else [])
    state = Draft.State.READY if body else Draft.State.HANDED_OVER
    values = {"state": state, "setup": make_setup(), "category": make_category(slug), "body": body, "facts": kept}
    draft = make_draft(make_message(), **values | ({} if body else {"hand_over_reason": "unsure"}) | about)
    for position, code in enumerate(["setup_pinned", "no_promises", "rules_hold"] if body else []):
        CheckResult.objects.create(draft=draft, position=position, code=code, passed=code not in failed, reason="x")
    return draft


def preview(before: dict[str, Any] | None, after: dict[str, Any] | None, *others: dict[str, Any], **about: Any) -> Preview:
    old, new = ([each] if each else [] for each in (before, after))
    return previews.preview(before=book(*old, *others), after=book(*new, *others), **about)


def only(result: Preview) -> previews.Changed:
    (one,) = result.changed
    return one


def test_one_word_of_a_rule_tells_which_drafts_it_would_have_changed() -> None:
    kept, other = past(1200), past(600)
    past(100)
    result = preview(rule("order.total > 1000"), rule("order.total > 500"))
    assert (result.looked_at, result.kinds, result.eligibilities) == (3, {Kind.BLOCKED: 1}, {Eligibility.LOST: 1})
    assert (only(result).draft_id, only(result).was, only(result).would_be) == (other.pk, [], ["Because."])
    back = preview(rule("order.total > 500"), rule("order.total > 1000"))
    assert (only(back).draft_id, only(back).kind, only(back).eligibility) == (other.pk, Kind.FREED, Eligibility.GAINED)
    assert kept.pk not in {each.draft_id for each in (*result.changed, *back.changed)}


def test_a_draft_that_failed_another_check_would_not_have_become_eligible() -> None:
    past(600, failed=("setup_pinned", "rules_hold"))
    assert only(preview(rule("order.total > 500"), None)).eligibility == Eligibility.SAME


def test_a_new_rule_and_one_that_goes_are_compared_too() -> None:
    past()
    assert only(preview(None, rule("order.total > 500"))).kind == Kind.BLOCKED
    assert only(preview(rule("order.total > 500"), None)).kind == Kind.FREED


def test_another_rule_that_blocks_already_leaves_only_another_reason() -> None:
    past()
    result = preview(None, rule("order.total > 500"), rule("true", text="Always.", name="S"))
    assert (only(result).kind, only(result).was, only(result).would_be) == (Kind.OTHERWISE, ["Always."], ["Because. Always."])


def test_a_hand_over_comes_before_anything_is_written() -> None:
    past()
    handed = only(preview(rule("order.total > 500"), rule("order.total > 500", "hand_over", "Too large.")))
    assert (handed.kind, handed.would_be, handed.eligibility) == (Kind.HANDED_OVER, ["Too large."], Eligibility.SAME)
    assert only(preview(rule("true", "hand_over"), None)).kind == Kind.WRITTEN


def test_a_draft_that_a_rule_handed_over_counts_without_a_text() -> None:
    past(body="", hand_over_reason="rule")
    freed = only(preview(rule("order.total > 500", "hand_over"), None))
    assert (freed.kind, freed.eligibility) == (Kind.WRITTEN, Eligibility.SAME)


def test_other_instructions_are_listed() -> None:
    past()
    told = only(preview(rule("true", "tell_model", "Be brief."), rule("true", "tell_model", "Be kind.")))
    assert (told.kind, told.was, told.would_be) == (Kind.TOLD, ["Be brief."], ["Be kind."])


@pytest.mark.parametrize(
    ("effect", "text", "kind"),
    [
        ("must_say", "keep the box", Kind.BLOCKED),
        ("must_say", "keep the packaging", Kind.TOLD),
        ("must_not_say", "on its way", Kind.BLOCKED),
    ],
)
def test_what_must_and_must_not_be_said_is_looked_for_in_the_draft(effect: str, text: str, kind: Kind) -> None:
    past()
    assert only(preview(None, rule("true", effect, text))).kind == kind


def test_whether_a_wording_would_be_allowed_stays_open() -> None:
    past(failed=("no_promises",))
    assert only(preview(None, rule("true", "must_say", "keep the packaging"))).eligibility == Eligibility.OPEN


def test_a_new_name_or_spelling_changes_nothing() -> None:
    past()
    assert preview(rule("order.total > 500"), rule("order.total > 500.0 || false", name="S")).changed == []


def test_a_rule_is_about_its_categories_only() -> None:
    past()
    past(slug="return")
    result = preview(rule("true", categories=["return"]), rule("true", categories=["order-status"]))
    assert result.kinds == {Kind.BLOCKED: 1, Kind.FREED: 1}
    assert preview(None, rule("true"), category="return").looked_at == 1


def test_a_missing_fact_needs_a_person_here_too() -> None:
    past(None)
    assert only(preview(None, rule("order.total > 500", "must_say"))).would_be == [
        "The rule “R” could not be checked: order.total is not known, so a person decides."
    ]


def test_drafts_without_recorded_facts_are_counted() -> None:
    make_draft(state=Draft.State.READY, body="x", setup=make_setup(), category=make_category())
    past()
    result = preview(None, rule("true"))
    assert (result.looked_at, result.without_facts) == (1, 1)


def test_drafts_from_before_a_fact_existed_are_counted_and_not_guessed() -> None:
    past()
    assert (preview(None, rule("mail.attachments == 0")).without_facts, preview(None, rule('draft.text != ""')).without_facts) == (1, 0)


def test_the_newest_are_looked_at_and_what_waits_is_not() -> None:
    past()
    newest = past()
    make_draft()
    result = preview(None, rule("true"), newest=1)
    assert [each.draft_id for each in result.changed] == [newest.pk]


def test_it_stops_when_its_time_is_over_and_says_so() -> None:
    past()
    assert (preview(None, rule("true"), seconds=0).is_complete, preview(None, rule("true")).is_complete) == (False, True)


def test_a_thousand_drafts_are_compared_within_seconds() -> None:
    first = past()
    facts: Facts = {"category": "order-status", "mail.text": "Where is SO-1? " * 200, "today": "2026-01-12"}
    sets = [facts | {"order.total": float(total)} for total in range(3)]
    kept = recorded(before=sets, after=[each | {"draft.text": BODY} for each in sets])
    messages = [make_message(conversation=first.conversation) for _ in range(3)]
    values = {"conversation": first.conversation, "setup": first.setup, "category": first.category, "body": BODY, "facts": kept}
    Draft.objects.bulk_create(Draft(message=messages[number % 3], state=Draft.State.DECIDED, **values) for number in range(1000))
    others = [rule(f"order.total > {number} || mail.text.contains('refund')", name=f"Rule {number:02}") for number in range(1000, 1020)]
    started = time.monotonic()
    result = preview(rule("order.total > 1000"), rule("order.total > 1"), *others)
    assert result.kinds == {Kind.BLOCKED: 1000}
    assert time.monotonic() - started < 20
