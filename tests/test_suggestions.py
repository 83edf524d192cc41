from __future__ import annotations

from bibgraph.suggestions import MOST_LISTED, nearest, suggestion


def test_the_nearest_words_come_first_in_any_case() -> None:
    assert nearest("MEASURE-BY-UNIT", ["measures", "measures-by-unit", "projects"])[0] == "measures-by-unit"
    assert nearest("xyz", ["measures", "projects"]) == []


def test_a_few_words_are_listed_and_the_nearest_named() -> None:
    assert str(suggestion("tkk", ["BU", "TK"])) == "Did you mean TK? Allowed: BU, TK."
    assert str(suggestion("xyz", ["TK", "BU"])) == "Allowed: BU, TK."


def test_many_words_are_not_all_listed() -> None:
    many = [f"word{number:03}" for number in range(MOST_LISTED + 1)]
    assert str(suggestion("word0007", many)).startswith("Did you mean word007")
    assert "Allowed" not in str(suggestion("word0007", many))
    assert str(suggestion("xyz", many)).endswith("word039 and more.")


def test_there_may_be_nothing_to_choose_from() -> None:
    assert str(suggestion("x", [])) == "There is none to choose from."
