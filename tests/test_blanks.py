"""Blank nodes named by what they say and where they hang."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.turtle import differences, name_blank_nodes, owners, without_scope

BLANKS = st.builds(lambda number: ox.BlankNode(f"n{number}"), st.integers(0, 5))
NAMED = st.sampled_from([ox.NamedNode(f"https://a.example/{name}") for name in "stu"])
PROPERTIES = st.sampled_from([ox.NamedNode(f"https://a.example/{name}") for name in "pq"])
VALUES = st.one_of(BLANKS, NAMED, st.builds(ox.Literal, st.sampled_from("xy")))
QUADS = st.lists(st.builds(ox.Quad, st.one_of(BLANKS, NAMED), PROPERTIES, VALUES), max_size=12, unique=True)


def read(text: str) -> list[ox.Quad]:
    return name_blank_nodes(
        ox.parse(
            f"@prefix : <https://a.example/> . {text}", format=ox.RdfFormat.TURTLE, rename_blank_nodes=True
        ),
        "s",
    )


def labels(quads: list[ox.Quad]) -> set[str]:
    return {str(node) for quad in quads for node in quad if isinstance(node, ox.BlankNode)}


@given(QUADS)
def test_the_graph_is_the_same_and_in_the_same_order(quads: list[ox.Quad]) -> None:
    named = name_blank_nodes(quads, "s")
    assert differences(quads, named) == []
    assert [quad.predicate for quad in named] == [quad.predicate for quad in quads]


@given(QUADS)
def test_names_do_not_depend_on_the_labels_before(quads: list[ox.Quad]) -> None:
    def other(node: object) -> object:
        return ox.BlankNode(f"other{node.value}") if isinstance(node, ox.BlankNode) else node

    renamed = [ox.Quad(other(quad.subject), quad.predicate, other(quad.object)) for quad in quads]  # type: ignore[arg-type]  # each term stays of its kind
    assert name_blank_nodes(quads, "s") == name_blank_nodes(renamed, "s")


def test_a_change_elsewhere_leaves_the_names_alone() -> None:
    first = read(":a :p [ :q 1 ; :r [ :q 2 ] ] , ( 1 [ :q 3 ] ) .")
    second = read(":b :p [ :q 0 ] . :a :p [ :q 1 ; :r [ :q 2 ] ] , ( 1 [ :q 3 ] ) .")
    assert labels(first) < labels(second)


def test_what_is_said_and_where_it_hangs_make_the_name() -> None:
    texts = (":a :p [ :q 1 ] .", ":a :p [ :q 2 ] .", ":b :p [ :q 1 ] .", ":a :r [ :q 1 ] .", "[ :q 1 ] .")
    assert len(set.union(*(labels(read(text)) for text in texts))) == len(texts)


def test_two_that_say_the_same_stay_two() -> None:
    named = labels(read(":a :p [ :q 1 ] , [ :q 1 ] ."))
    assert len(named) == 2
    assert len({without_scope(name) for name in named}) == 1


def test_a_long_list_is_no_trouble() -> None:
    assert len(labels(read(f":a :p ( {'1 ' * 20_000} ) ."))) == 20_000


def test_owners_are_the_things_above_blank_nodes() -> None:
    quads = read(":a :p [ :q [ :q 1 ] ] . [] :q 2 .")
    above = owners(quads)
    assert sorted(len(each) for each in above.values()) == [1, 1, 1]
    loose = [f"_:{label}" for label, each in above.items() if each == {f"_:{label}"}]
    assert len(loose) == 1
    assert set.union(*map(set, above.values())) == {"https://a.example/a", *loose}


def test_a_text_keeps_all_but_the_scope() -> None:
    [label] = labels(read(":a :p [ :q 1 ] ."))
    assert without_scope(f"See {label}, and _:other.") == f"See _:{label.split('x')[1]}, and _:other."
