"""The pages of rules: list, editor, check while typing, preview, versions, two admins at once."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting import rulebook, setups, versions
from drafting.fact_values import recorded
from drafting.models import CheckResult, Connector, ConnectorTool, Draft, Rule, Version
from tests.drafting.factories import make_category, make_draft, make_message, make_setup
from tests.review.factories import activate, make_person

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Large orders",
    "effect": "needs_person",
    "text": "Too large.",
    "expression": "order.total > 500",
    "is_active": "on",
    "seen": "0",
}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def dana() -> User:
    return make_person("admin", "dana", first_name="Dana", last_name="Ito")


@pytest.fixture
def desk(dana: User) -> Client:
    return client_of(dana)


def make_rule(**about: Any) -> Rule:
    values = {"name": "Large orders", "expression": "order.total > 1000", "effect": "needs_person", "text": "Too large."}
    return Rule.objects.create(**values | about)


def past(total: float, **about: Any) -> Draft:
    facts = {"category": "order-status", "order.total": total}
    kept = recorded(before=[facts], after=[facts | {"draft.text": "Thank you."}])
    values = {"state": Draft.State.DECIDED, "setup": make_setup(), "category": make_category(), "body": "Thank you.", "facts": kept}
    draft = make_draft(make_message(subject=f"About {total:.0f}"), **values | about)
    CheckResult.objects.create(draft=draft, position=1, code="rules_hold", passed=True, reason="All rules hold.")
    return draft


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_list_says_what_each_rule_does_and_who_changed_it_last(desk: Client, dana: User) -> None:
    make_rule().categories.add(make_category("return"))
    make_rule(name="Paused", is_active=False)
    versions.keep(thing=Rule.objects.get(name="Paused"), by=dana)
    page = text(desk.get("/rules/"))
    for words in ["Large orders", "order.total &gt; 1000", "Needs a person", "Return", "not active", "Dana Ito"]:
        assert words in page


def test_without_rules_the_list_says_what_to_do(desk: Client) -> None:
    assert "Write the first rule" in text(desk.get("/rules/"))


def test_a_new_rule_is_saved_with_its_first_version(desk: Client, dana: User) -> None:
    assert desk.get("/rules/new/").status_code == 200
    category = make_category("return")
    page = desk.post("/rules/0/save/", TYPED | {"categories": [str(category.pk)]}, follow=True)
    rule = Rule.objects.get()
    assert (list(rule.categories.all()), versions.of(rule)[0].by) == ([category], dana)
    assert "Saved as version 1." in text(page)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"expression": "order.sum > 5"}, "There is no fact “order.sum”"),
        ({"expression": "order.total > 5 and true"}, "Write &amp;&amp; for “and”"),
        ({"effect": "must_say", "text": " "}, "Say what the reply must say"),
        ({"name": ""}, "Give the rule a name."),
        ({"name": "Taken"}, "Another rule has this name."),
    ],
)
def test_what_cannot_be_saved_is_said_in_words_and_kept_on_the_screen(desk: Client, wrong: dict[str, str], words: str) -> None:
    make_rule(name="Taken")
    page = desk.post("/rules/0/save/", TYPED | {"text": "Typed with care."} | wrong)
    assert (page.status_code, words in text(page)) == (422, True)
    assert "Typed with care." in text(page) or wrong.get("text")
    assert Rule.objects.count() == 1


def test_an_expression_is_checked_while_it_is_typed(desk: Client) -> None:
    fine = text(desk.post("/rules/check/", {"expression": "order.total > 500"}))
    assert "This can be saved. With the example values it holds." in fine
    wrong = text(desk.post("/rules/check/", {"expression": "order.total > 5 &&\r\norder.sum > 3"}))
    assert "There is no fact “order.sum”" in wrong
    assert "<mark>order.sum</mark><span> &gt; 3</span>" in wrong


def test_the_editor_lists_the_facts_and_functions_that_can_be_used(desk: Client) -> None:
    system = Connector.objects.create(name="Policies", kind="http", address="https://policies.example")
    fields = [{"name": "status", "path": "status", "type": "text", "about": "Whether it is in force"}]
    ConnectorTool.objects.create(connector=system, name="policy", about="x", request={}, fields=fields)
    page = text(desk.get("/rules/new/"))
    for words in ['data-insert="policy.status"', "Whether it is in force", 'data-insert="draft.money"', "working_days_between(date, date)"]:
        assert words in page
    assert "This can be saved" in text(desk.post("/rules/check/", {"expression": 'policy.status == "lapsed"'}))


def test_a_changed_word_shows_before_saving_which_past_drafts_it_would_have_changed(desk: Client) -> None:
    rule = make_rule()
    kept, other = past(1200), past(600)
    typed = TYPED | {"preview-newest": "200"}
    answer = desk.post(f"/rules/{rule.pk}/preview/", typed, headers={"HX-Request": "true"})
    page = text(answer)
    assert "Would change 1 of 2 past drafts: 1 newly blocked." in page
    assert "1 would not have been eligible." in page
    assert (f"/conversations/{other.conversation_id}/" in page, f"/conversations/{kept.conversation_id}/" in page) == (True, False)
    assert "<html" not in page
    assert (Rule.objects.get().expression, Version.objects.count()) == ("order.total > 1000", 0)


def test_without_scripts_the_preview_is_on_the_page_and_what_was_typed_is_kept(desk: Client) -> None:
    rule = make_rule()
    past(600)
    page = text(desk.post(f"/rules/{rule.pk}/preview/", TYPED | {"text": "Typed with care."}))
    for words in ["<html", "Would change 1 of 1 past draft: 1 newly blocked.", "Typed with care.", "order.total &gt; 500</textarea>"]:
        assert words in page


def test_from_a_preview_a_replay_with_the_changed_rules_can_be_begun(desk: Client) -> None:
    rule = make_rule()
    page = desk.post(f"/rules/{rule.pk}/preview/", TYPED, headers={"HX-Request": "true"})
    assert 'formaction="/setup/replays/prepare/"' in text(page)
    (changed,) = rulebook.parse(json.loads(page.context["said"].rules)).rules
    assert (changed[0].name, changed[0].expression) == ("Large orders", "order.total > 500")


def test_a_preview_of_what_cannot_be_saved_says_why(desk: Client) -> None:
    answer = desk.post("/rules/0/preview/", TYPED | {"expression": "order.sum > 1"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "There is no fact “order.sum”" in text(answer)) == (422, True)


def test_a_paused_or_deleted_rule_is_previewed_too(desk: Client) -> None:
    rule = make_rule(expression="order.total > 500")
    past(600)
    paused = {name: value for name, value in TYPED.items() if name != "is_active"}
    assert "1 no longer blocked" in text(desk.post(f"/rules/{rule.pk}/preview/", paused, headers={"HX-Request": "true"}))
    assert "1 no longer blocked" in text(desk.get(f"/rules/{rule.pk}/deletion/"))


def test_drafts_without_recorded_facts_are_said_to_be_left_out(desk: Client) -> None:
    past(600, facts={})
    page = text(desk.post("/rules/0/preview/", TYPED, headers={"HX-Request": "true"}))
    assert "There are no past drafts to compare with." in page
    assert "1 draft was left out" in page


def test_the_second_of_two_admins_is_told_and_nothing_is_lost(desk: Client) -> None:
    rule = make_rule()
    other = client_of(make_person("admin", "eva", first_name="Eva", last_name="Lund"))
    desk.post(f"/rules/{rule.pk}/save/", TYPED | {"text": "Dana's reason."})
    answer = other.post(f"/rules/{rule.pk}/save/", TYPED | {"text": "Eva's reason."})
    page = text(answer)
    assert (answer.status_code, Rule.objects.get().text) == (409, "Dana's reason.")
    for words in [
        "Dana Ito saved this rule at",
        "<del>Dana</del>",
        "<ins>Eva</ins>",
        "Eva&#x27;s reason.</textarea>",
        'name="seen" value="2"',
    ]:
        assert words in page
    other.post(f"/rules/{rule.pk}/save/", TYPED | {"text": "Eva's reason.", "seen": "2"})
    assert [version.content["text"] for version in versions.of(rule)] == ["Eva's reason.", "Dana's reason.", "Too large."]


def test_what_somebody_deleted_meanwhile_can_be_saved_again(desk: Client) -> None:
    rule = make_rule()
    desk.post(f"/rules/{rule.pk}/delete/", {"seen": "0"})
    answer = desk.post(f"/rules/{rule.pk}/save/", TYPED | {"seen": "0"})
    assert (answer.status_code, "save again to bring the rule back" in text(answer)) == (409, True)
    desk.post(f"/rules/{rule.pk}/save/", TYPED | {"seen": "2"})
    assert Rule.objects.get().pk == rule.pk


def test_nobody_deletes_a_rule_that_changed_meanwhile(desk: Client) -> None:
    rule = make_rule()
    desk.post(f"/rules/{rule.pk}/save/", TYPED)
    page = desk.post(f"/rules/{rule.pk}/delete/", {"seen": "0"}, follow=True)
    assert "It was not deleted; look at it again." in text(page)
    assert Rule.objects.exists()


def test_a_deleted_rule_keeps_its_versions_and_can_be_restored(desk: Client) -> None:
    rule = make_rule()
    desk.post(f"/rules/{rule.pk}/delete/", {"seen": "0"})
    assert f"/versions/rule/{rule.pk}/" in text(desk.get("/rules/"))
    page = text(desk.get(f"/versions/rule/{rule.pk}/"))
    assert 'Version 2</strong> <span class="tag">Deleted' in page
    assert f"/versions/rule/{rule.pk}/1/restore/" in page
    desk.post(f"/versions/rule/{rule.pk}/1/restore/")
    assert Rule.objects.get().name == "Large orders"


def test_versions_show_what_changed_by_whom(desk: Client) -> None:
    rule = make_rule()
    desk.post(f"/rules/{rule.pk}/save/", TYPED)
    page = text(desk.get(f"/versions/rule/{rule.pk}/"))
    for words in [
        "Version 2</strong>",
        "Dana Ito",
        "<del>1000</del>",
        "<ins>500</ins>",
        "Needs a person",
        f"/versions/rule/{rule.pk}/1/restore/",
    ]:
        assert words in page
    desk.post(f"/versions/rule/{rule.pk}/1/restore/")
    assert Rule.objects.get().expression == "order.total > 1000"
    assert [link.name for link in desk.get(f"/versions/rule/{rule.pk}/").context["frame"].links if link.is_here] == ["Rules"]


def test_a_version_that_cannot_come_back_says_why(desk: Client) -> None:
    rule = make_rule()
    desk.post(f"/rules/{rule.pk}/save/", TYPED | {"name": "Very large orders"})
    make_rule()
    page = text(desk.post(f"/versions/rule/{rule.pk}/1/restore/", follow=True))
    assert "something else has its name by now" in page


def test_after_saving_it_is_said_that_what_runs_differs_and_can_be_pinned(desk: Client) -> None:
    setup = activate(**setups.running_parts())
    assert "What runs now differs" not in text(desk.get("/rules/"))
    page = text(desk.post("/rules/0/save/", TYPED, follow=True))
    assert f"What runs now differs from {setup} in rules." in page
    assert "Pin what runs now" in page
    desk.post("/setup/repin/")
    assert "What runs now differs" not in text(desk.get("/rules/"))


def test_the_rail_leads_to_the_rules_and_only_admins_there(desk: Client) -> None:
    assert 'href="/rules/"' in text(desk.get("/queue/"))
    assert 'href="/rules/"' not in text(client_of(make_person("reviewer")).get("/queue/"))


def test_pages_of_rules_cost_few_queries(desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        make_rule(name=f"Rule {number}").categories.add(make_category(f"category-{number}"))
    for address in ("/rules/", f"/rules/{Rule.objects.first().pk}/"):  # type: ignore[union-attr]
        with django_assert_max_num_queries(12):
            assert desk.get(address).status_code == 200
