"""Fields of versions in words."""

from review.desk.version_history import said


def test_only_a_category_is_called_by_the_name_of_a_category() -> None:
    names = {"return": "Returns"}
    assert said("category", "return", names) == "Returns"
    assert said("categories", ["return"], names) == "Returns"
    assert said("name", "return", names) == "return"


def test_choices_are_said_by_their_labels_and_secrets_by_a_mark() -> None:
    assert (said("kind", "http", {}), said("effect", "must_say", {})) == ("HTTP with JSON", "Must say")
    assert (said("secret", "", {}), said("secret", "1a2b", {})) == ("None", "One is stored (mark 1a2b)")
