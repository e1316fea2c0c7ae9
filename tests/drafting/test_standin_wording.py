"""Templates, articles, rules and reviewers' instructions in what the stand-in writes."""

import pytest

from tests.drafting.standin_requests import LAMP, answer, evidence, order

STATUS = "Hello,\n\nwhere is our order QX-70114?"
RETURN = "Hello,\n\nwe would like to send 2 lamps from order QX-70114 back. Who pays the postage?"
DELIVERED = order(status="delivered", delivered_on="2026-02-25")
RETURNS = {
    "id": "returns",
    "language": "en",
    "title": "Returning goods",
    "body": "Unused lamps can be returned within 30 days of delivery. The customer pays the postage.",
}


def template(body: str, *, name: str = "Wording", language: str = "en") -> dict[str, object]:
    return {"id": 1, "name": name, "language": language, "body": body}


def test_a_return_is_answered_from_the_article() -> None:
    body = answer(RETURN, DELIVERED, articles=[RETURNS]).body
    assert "We have found your order QX-70114, delivered on 25 February 2026." in body
    assert RETURNS["body"] in body


def test_a_template_is_preferred_and_the_article_adds_what_was_asked() -> None:
    approved = "Unused lamps can be sent back within 30 days. We send you a label."
    body = answer(RETURN, DELIVERED, articles=[RETURNS], templates=[template(approved)]).body
    assert f"{approved}\n\nThe customer pays the postage." in body


def test_without_article_or_template_one_is_looked_up_and_then_a_person_asked() -> None:
    text = RETURN.removesuffix(" Who pays the postage?")
    assert answer(text, DELIVERED).action == "articles"
    nothing = evidence("articles", {"words": "Nothing."}, "return", "not_found")
    handed = answer(text, DELIVERED, nothing)
    assert (handed.action, handed.reason) == ("hand_over", "missing_fact")


def test_a_return_after_the_window_is_for_a_person() -> None:
    handed = answer(RETURN, order(status="delivered", delivered_on="2025-12-01"), articles=[RETURNS])
    assert (handed.action, handed.reason) == ("hand_over", "not_allowed")
    assert "30 days" in handed.words


def test_an_article_in_another_language_is_not_quoted() -> None:
    text = "Guten Tag,\n\nwir möchten 2 Lampen aus der Bestellung QX-70114 zurückschicken. Wie geht das?"
    assert answer(text, DELIVERED, articles=[RETURNS], lookups_left=0).action == "hand_over"


def test_slots_of_a_template_are_filled_with_facts() -> None:
    approved = "Dear customer,\n\norder {order.number} left us on {{ order.shipped_on }} and costs {order_total}.\n\nKind regards\nThe team"
    body = answer(STATUS, order(), templates=[template(approved, name="Shipped")]).body
    assert "order QX-70114 left us on 1 March 2026 and costs €1,234.50." in body.replace("Order", "order")
    assert "Dear customer" not in body
    assert "The team" not in body


def test_typed_slots_are_filled_like_others() -> None:
    approved = "Order {order.number:id} left us on {order.shipped_on:date} and costs {order_total : amount}."
    body = answer(STATUS, order(), templates=[template(approved, name="Shipped")]).body
    assert "Order QX-70114 left us on 1 March 2026 and costs €1,234.50." in body


def test_a_template_for_lateness_names_the_order() -> None:
    approved = template("We are sorry that your order {number:id} has not arrived on the promised day.", name="Not arrived on time")
    assert "your order QX-70114 has not arrived" in answer(STATUS, order(promised_on="2026-02-28"), templates=[approved]).body


def test_a_template_whose_slot_has_no_fact_is_not_used() -> None:
    body = answer(STATUS, order(), templates=[template("Your order {order.number} lies at {order.pickup_point}.", name="Shipped")]).body
    assert "pickup" not in body
    assert "is on its way" in body


def test_a_template_for_lateness_is_used_only_when_the_order_is_late() -> None:
    approved = template("We are sorry that your order is late. A colleague asks the driver.", name="Not on time")
    assert "A colleague" not in answer(STATUS, order(), templates=[approved]).body
    assert "A colleague asks the driver." in answer(STATUS, order(promised_on="2026-02-28"), templates=[approved]).body


def test_damage_is_regretted_and_photos_are_asked_for() -> None:
    text = "Hello,\n\ntwo lamps from order QX-70114 arrived broken. What shall we do?"
    body = answer(text, DELIVERED, lookups_left=0).body
    assert "We are very sorry" in body
    assert "photos" in body


def test_photos_that_are_there_are_thanked_for_and_not_asked_for_again() -> None:
    text = "Hello,\n\ntwo lamps from order QX-70114 arrived broken. What shall we do?"
    approved = "We are sorry about the damage. Please send us photos. A colleague looks at it today."
    body = answer(text, DELIVERED, templates=[template(approved)], about={"attachments": ("lamp.jpg",)}).body
    assert "We are sorry about the damage. Thank you for the photos that you sent along. A colleague looks at it today." in body
    assert "send us photos" not in body


def test_photos_without_any_wording_are_for_a_person() -> None:
    text = "Hello,\n\ntwo lamps from order QX-70114 arrived broken. What shall we do?"
    assert answer(text, DELIVERED, lookups_left=0, about={"attachments": ("lamp.jpg",)}).reason == "not_allowed"


def test_an_invoice_copy_needs_a_wording_that_allows_it() -> None:
    text = "Hello,\n\nplease send us the invoice for order QX-70114 again."
    body = answer(text, order(), templates=[template("Accounting will send the copy today.")]).body
    assert "has the number F-3321 and comes to €1,234.50." in body
    assert "Accounting will send the copy today." in body
    assert answer(text, order(), lookups_left=0).reason == "not_allowed"


def test_a_wrong_invoice_is_for_a_person() -> None:
    text = "Hello,\n\nthe address on the invoice for order QX-70114 is wrong, please correct it."
    assert answer(text, order(), templates=[template("Accounting will send the copy today.")]).reason == "not_allowed"


def test_there_may_be_no_invoice_yet() -> None:
    text = "Hello,\n\nplease send us the invoice for order QX-70114."
    assert "There is no invoice for your order QX-70114 yet." in answer(text, order(invoice_number="")).body


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("shipped", "already left our warehouse on 1 March 2026 with Roadrunner, so we can no longer change the delivery"),
        ("delivered", "was already delivered"),
    ],
)
def test_a_delivery_that_left_can_no_longer_be_changed(status: str, words: str) -> None:
    text = "Hello,\n\ncould you deliver order QX-70114 to a different address?"
    assert words in answer(text, order(status=status)).body


def test_a_delivery_that_has_not_left_is_changed_by_a_person_or_as_a_template_says() -> None:
    text = "Hello,\n\ncould you deliver order QX-70114 to a different address?"
    assert answer(text, order(status="confirmed"), lookups_left=0).reason == "not_allowed"
    body = answer(text, order(status="confirmed"), templates=[template("A colleague checks whether the change is possible.")]).body
    assert "has not left our warehouse yet. A colleague checks whether the change is possible." in body


def test_a_policy_question_is_answered_by_the_article_that_is_about_it() -> None:
    hours = {"id": "hours", "language": "en", "title": "Opening hours", "body": "We are open from 8 to 16 on weekdays."}
    assert hours["body"] in answer("Hello, what are your opening hours on Friday?", articles=[RETURNS, hours]).body
    assert answer("Hello, what are your opening hours on Friday?", articles=[RETURNS]).action == "articles"


def test_a_discount_is_not_ours_to_give() -> None:
    text = "Hello, could you give us a discount on LMP-20?"
    assert answer(text, evidence("product", [LAMP], "LMP-20"), lookups_left=0).reason == "not_allowed"


def test_what_a_rule_wants_said_is_said_word_for_word() -> None:
    body = answer(STATUS, order(), instructions=["Say, word for word: Our office is closed on Monday."]).body
    assert "Our office is closed on Monday." in body


def test_what_a_rule_forbids_is_left_out() -> None:
    body = answer(STATUS, order(), instructions=["Do not say: planned"]).body
    assert "planned" not in body
    assert "is on its way" in body


def test_a_rule_in_other_words_is_not_copied_into_the_reply() -> None:
    told = "The order is late. Say in the first sentence that we are sorry, and promise no new date."
    assert "first sentence" not in answer(STATUS, order(), instructions=[told]).body


def test_packaging_is_to_be_kept_where_a_rule_wants_it() -> None:
    text = "Hello,\n\ntwo lamps from order QX-70114 arrived broken. What shall we do?"
    told = ["Ask for photos, and say that the packaging should be kept."]
    assert "Please keep the packaging" in answer(text, DELIVERED, lookups_left=0, instructions=told).body


@pytest.mark.parametrize(
    ("instruction", "there", "gone"),
    [
        ("Please make it shorter", "RR5567812", "Desk lamp"),
        ("friendlier please", "Hi Anna,", "Hello Anna,"),
        ("more formal", "Dear Anna Berger,", "Hello Anna,"),
        ("Answer in German", "Guten Tag Anna Berger,", "Hello"),
        ("bitte auf Französisch", "Bonjour Anna Berger,", "Hello"),
        ("Mention the invoice number", "F-3321", "first sentence"),
        ("Say that we will call tomorrow.", "We will call tomorrow.", "Say that"),
        ('Add "The gate is open until noon."', "The gate is open until noon.", "Add"),
        ("Leave out the tracking number", "Roadrunner", "RR5567812"),
        ("Remove the carrier", "RR5567812", "Roadrunner"),
        ("Apologise for the delay", "We are sorry for the trouble", "Thank you"),
    ],
)
def test_a_reviewers_instruction_shows(instruction: str, there: str, gone: str) -> None:
    body = answer(STATUS, order(), reviewer_instruction=instruction).body
    assert there in body
    assert gone not in body


def test_an_instruction_that_is_not_understood_adds_nothing() -> None:
    assert answer(STATUS, order(), reviewer_instruction="Hm, think about it again.").body == answer(STATUS, order()).body
