"""What to do about each kind of constraint (SHACL Core, SPARQL), for shapes that say nothing of their own."""

from __future__ import annotations

from collections.abc import Callable

from bibgraph.messages import Message, message
from bibgraph.namespaces import SH
from bibgraph.validation.facts import Facts
from bibgraph.validation.results import Result
from bibgraph.validation.triples import text_of

_KINDS: dict[str, Message] = {
    SH.IRI: message("refer to a thing by its address (IRI)."),
    SH.Literal: message("write a value, such as a text, a number or a date, and no reference to a thing."),
    SH.BlankNode: message("describe the thing in this place, in brackets and without an address."),
    SH.BlankNodeOrIRI: message("refer to a thing, and do not write a text or another value."),
    SH.BlankNodeOrLiteral: message("write a value, or describe the thing in this place without an address."),
    SH.IRIOrLiteral: message("write a value, or refer to a thing by its address (IRI)."),
}


def sentence(result: Result, facts: Facts) -> Message:
    """What to do, with the constraint's own values in it."""
    maker = _SENTENCES.get(result.kind)
    what = maker(result, facts) if maker else None
    if what is None:
        return message("This does not follow the rule {rule}.", rule=facts.shape(result.shape))
    about = facts.about(result) or message("The thing itself")
    return message("{about}: {what}", about=about, what=what)


def _min_count(result: Result, facts: Facts) -> Message:
    number = facts.number(result, SH.minCount)
    if number in ("1", ""):
        return message("add it; it is missing.")
    return message("add more; there must be at least {number}.", number=number)


def _max_count(result: Result, facts: Facts) -> Message:
    number = facts.number(result, SH.maxCount)
    if number == "0":
        return message("remove it; it may not be stated here.")
    return message("remove some; there may be at most {number}.", number=number)


def _node_kind(result: Result, facts: Facts) -> Message | None:
    kinds = (text_of(kind) for kind in facts.parameters(result, SH.nodeKind))
    return next((_KINDS[kind] for kind in kinds if kind in _KINDS), None)


def _qualified(text: Callable[[str, Message], Message], count: str) -> Callable[[Result, Facts], Message]:
    def make(result: Result, facts: Facts) -> Message:
        shapes = facts.shapes(facts.parameters(result, SH.qualifiedValueShape))
        return text(facts.number(result, count), shapes)

    return make


def _with(
    text: Callable[[Message], Message], *predicates: str, listed: bool = False
) -> Callable[[Result, Facts], Message]:
    """A sentence about the parameter's value; about the members of the list that it is."""

    def make(result: Result, facts: Facts) -> Message:
        values = facts.members if listed else facts.parameters
        return text(facts.names(values(result, *predicates)))

    return make


def _about_shapes(
    text: Callable[[Message], Message], predicate: str, *, listed: bool = False
) -> Callable[[Result, Facts], Message]:
    def make(result: Result, facts: Facts) -> Message:
        values = facts.members if listed else facts.parameters
        return text(facts.shapes(values(result, predicate)))

    return make


def _plain(text: Message) -> Callable[[Result, Facts], Message]:
    return lambda _result, _facts: text


def _written(
    text: Callable[[str], Message], predicate: str
) -> Callable[[Result, Facts], Message]:  # fmt: skip
    return lambda result, facts: text(facts.number(result, predicate))


def _languages(result: Result, facts: Facts) -> Message:
    listed = ", ".join(text_of(each) for each in facts.members(result, SH.languageIn))
    return message("write the text in one of these languages, and mark it so: {languages}.", languages=listed)


def _closed(result: Result, facts: Facts) -> Message:
    return message("correct or remove the property; {rule} does not have it.", rule=facts.shape(result.shape))


def _sparql(result: Result, facts: Facts) -> Message:
    return message("the query of the rule {rule} finds a fault here.", rule=facts.shape(result.shape))


_SENTENCES: dict[str, Callable[[Result, Facts], Message | None]] = {
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "Class": _with(lambda it: message("refer to something of the class {classes}.", classes=it), SH["class"]),
    "Datatype": _with(lambda it: message("write the value as {datatype}.", datatype=it), SH.datatype),
    "NodeKind": _node_kind,
    "MinExclusive": _with(lambda it: message("write a value above {limit}.", limit=it), SH.minExclusive),
    "MinInclusive": _with(
        lambda it: message("write {limit} or a value above it.", limit=it), SH.minInclusive
    ),
    "MaxExclusive": _with(lambda it: message("write a value below {limit}.", limit=it), SH.maxExclusive),
    "MaxInclusive": _with(
        lambda it: message("write {limit} or a value below it.", limit=it), SH.maxInclusive
    ),
    "MinLength": _written(lambda it: message("write at least {number} characters.", number=it), SH.minLength),
    "MaxLength": _written(lambda it: message("write at most {number} characters.", number=it), SH.maxLength),
    "Pattern": _written(
        lambda it: message("write the value so that it fits {pattern}.", pattern=it), SH.pattern
    ),
    "LanguageIn": _languages,
    "UniqueLang": _plain(message("keep one text in each language.")),
    "Equals": _with(lambda it: message("state the same values as for {other}.", other=it), SH.equals),
    "Disjoint": _with(
        lambda it: message("remove the value here or from {other}; they may not share one.", other=it),
        SH.disjoint,
    ),
    "LessThan": _with(
        lambda it: message("write a value that is less, or earlier, than that of {other}.", other=it),
        SH.lessThan,
    ),
    "LessThanOrEquals": _with(
        lambda it: message("write a value that is not above, or later than, that of {other}.", other=it),
        SH.lessThanOrEquals,
    ),
    "Not": _about_shapes(
        lambda it: message("change it; this must not hold of it: {shapes}.", shapes=it), SH["not"]
    ),
    "And": _about_shapes(
        lambda it: message("change it; all of this must hold of it: {shapes}.", shapes=it),
        SH["and"],
        listed=True,
    ),
    "Or": _about_shapes(
        lambda it: message("change it; one or more of these must hold of it: {shapes}.", shapes=it),
        SH["or"],
        listed=True,
    ),
    "Xone": _about_shapes(
        lambda it: message("change it; exactly one of these must hold of it: {shapes}.", shapes=it),
        SH.xone,
        listed=True,
    ),
    "Node": _about_shapes(
        lambda it: message("change it; this must hold of it: {shapes}.", shapes=it), SH.node
    ),
    "QualifiedMinCount": _qualified(
        lambda number, it: message(
            "add more; of at least {number} this must hold: {shapes}.", number=number, shapes=it
        ),
        SH.qualifiedMinCount,
    ),
    "QualifiedMaxCount": _qualified(
        lambda number, it: message(
            "remove some; of at most {number} this may hold: {shapes}.", number=number, shapes=it
        ),
        SH.qualifiedMaxCount,
    ),
    "Closed": _closed,
    "HasValue": _with(lambda it: message("add the value {value}.", value=it), SH.hasValue),
    "In": _with(lambda it: message("write one of these: {allowed}.", allowed=it), SH["in"], listed=True),
    "SPARQL": _sparql,
}
