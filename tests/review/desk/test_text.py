"""Mail text and draft text, cut for reading."""

from hypothesis import given
from hypothesis import strategies as st

from review.desk.text import Reading, Source, cut, reading, segments, shortened

SOURCES = {"evidence:7": Source("evidence-7", "order, Built-in tables, 14:05"), "mail": Source("message-3", "the customer's own mail")}


def atom(start: int, end: int, source: str = "") -> dict[str, object]:
    return {"start": start, "end": end, "traced": bool(source), "source": source}


def test_details_become_segments_with_their_support() -> None:
    found = segments("Order 12 on 3 May.", [atom(12, 17), atom(6, 8, "evidence:7")], SOURCES)
    assert [(one.text, one.kind, one.target) for one in found] == [
        ("Order ", "", ""),
        ("12", "traced", "evidence-7"),
        (" on ", "", ""),
        ("3 May", "untraced", ""),
        (".", "", ""),
    ]


def test_a_detail_of_the_mail_points_at_the_message() -> None:
    assert segments("12", [atom(0, 2, "mail")], SOURCES)[0].target == "message-3"


def test_a_detail_whose_support_is_not_on_the_page_leads_nowhere() -> None:
    found = segments("12 34", [atom(0, 2, "template:late"), atom(3, 5, "evidence:8")], SOURCES)
    assert [(one.kind, one.target, one.words) for one in (found[0], found[2])] == [
        ("traced", "", "From an approved text"),
        ("traced", "", "From what was looked up"),
    ]


def test_details_that_overlap_or_lie_outside_leave_the_text_whole() -> None:
    found = segments("Order 12.", [atom(6, 8, "mail"), atom(7, 9), atom(5, 500), atom(8, 8)], SOURCES)
    assert "".join(one.text for one in found) == "Order 12."


@given(st.text(), st.lists(st.tuples(st.integers(-2, 30), st.integers(-2, 30))))
def test_no_word_of_a_draft_is_ever_lost(body: str, places: list[tuple[int, int]]) -> None:
    found = segments(body, [atom(start, end) for start, end in places], SOURCES)
    assert "".join(one.text for one in found) == body


def test_what_is_quoted_after_new_words_is_folded() -> None:
    found = reading("New.\n\n> Old.", "New.")
    assert (found.new, found.quoted, found.is_cut) == ("New.", "> Old.", False)


def test_new_words_under_a_quote_are_shown_and_the_quote_folded() -> None:
    found = reading("> Old.\n\nNew.", "New.")
    assert (found.new, found.quoted) == ("New.", "> Old.")


def test_answers_between_quoted_lines_are_never_folded_away() -> None:
    whole = "> One?\nYes.\n> Two?\nNo."
    found = reading(whole, "Yes.\nNo.")
    assert (found.new, found.quoted, found.is_interleaved) == (whole, "", True)


def test_a_mail_without_new_words_is_shown_whole() -> None:
    assert reading("> Only a quote.", "").new == "> Only a quote."


def test_a_long_mail_says_that_it_is_cut() -> None:
    found = reading("x" * 20_000, "")
    assert not found.is_cut
    assert shortened(found, 10) == Reading("xxxxxxxxxx …", "", is_cut=True)
    assert shortened(shortened(found, 10), 5) == Reading("xxxxx …", "", is_cut=True)


def test_what_is_quoted_has_a_length_of_its_own() -> None:
    found = shortened(reading("New.\n\n> Old, and long.", "New."), 30, 8)
    assert found == Reading("New.", "> Old, …", is_cut=True)


def test_a_text_is_cut_after_a_whole_word_where_one_ends_nearby() -> None:
    assert cut("Where is my order?", 14) == "Where is my …"
    assert cut("Where is my order?", 18) == "Where is my order?"
    assert cut("注文はどこですか" * 20, 9) == "注文はどこですか注 …"
    assert cut("", 0) == ""
    assert cut("word", 0) == " …"


@given(st.lists(st.sampled_from(["> a", "> b", "new", "more", ""])), st.lists(st.sampled_from(["new", "more"])))
def test_nothing_that_a_customer_wrote_is_lost(lines: list[str], new: list[str]) -> None:
    whole = "\n".join(lines)
    found = reading(whole, "\n".join(new))
    shown = (found.new + "\n" + found.quoted).split()
    assert all(word in shown for word in whole.split())
