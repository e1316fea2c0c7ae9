"""Each cause has something that would mend it."""

import pytest

from drafting.models.drafts import HandOverReason
from review.models import Remedy
from review.next_nine.suggestions import suggestions


@pytest.mark.parametrize("reason", HandOverReason.values)
def test_every_reason_for_handing_over_has_a_remedy_in_words(reason: str) -> None:
    assert all(one.words.endswith(".") for one in suggestions(f"hand_over:{reason}", own_lookups={}))
    assert suggestions(f"hand_over:{reason}", own_lookups={})


def test_what_no_editor_mends_is_said_without_one() -> None:
    assert [one.kind for one in suggestions("hand_over:led_by_person", own_lookups={})] == [Remedy.Kind.ELSEWHERE]
