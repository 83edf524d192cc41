"""Hints look for the nearest word in a quicker way than suggestions do, and find the same."""

from hypothesis import given
from hypothesis import strategies as st

from bibgraph.suggestions import nearest
from bibgraph.validation.hints import _ALIKE, _nearest

WORDS = st.text("abAB-/é", max_size=9) | st.sampled_from(
    ["unit:plan-00012/3", "unit:plan-00021/3", "unit:plan-0012/3", "post:plan-00012/3", "Unit:plan-00012/3"]
)


@given(WORDS, st.lists(WORDS, max_size=12))
def test_the_nearest_word_is_the_first_that_a_suggestion_names(word: str, allowed: list[str]) -> None:
    expected = nearest(word, allowed, enough=_ALIKE)
    assert _nearest(word, allowed) == (expected[0] if expected else "")
