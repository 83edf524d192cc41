"""One ready question: what it asks, in three languages, and its query with the reader's values in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from bibgraph.catalogue.header import Header, read_header
from bibgraph.catalogue.hints import Chart, read_chart, read_choices, read_coded
from bibgraph.catalogue.windows import counting, refuse_from, windowed
from bibgraph.errors import ParameterError, QueryError
from bibgraph.messages import SOURCE_LANGUAGE, Message, message
from bibgraph.parameters import (
    TYPES,
    UNBOUND,
    Context,
    Parameter,
    Store,
    literal,
    terms_of,
)
from bibgraph.sparql import Kind, Token, complaint, in_file, in_sparql, tokens
from bibgraph.sparql.guard import check
from bibgraph.suggestions import nearest, suggestion

_FORMS = {"select": ox.QuerySolutions, "ask": ox.QueryBoolean, "construct": ox.QueryTriples}
_WITH_STORE = "thing"
_LABELS = {
    "date": message("On the date"),
    "from": message("From"),
    "to": message("To"),
    "strategy": message("Strategy"),
    "unit": message("Unit"),
    "thing": message("Thing"),
    "language": message("Language of the answer"),
}


@dataclass(frozen=True)
class Question:
    """A question that is ready to be asked; ``read_question`` makes it.

    name: of its file, in errors. query: the file's text. tags, chart: how it may be listed and shown. coded:
    the columns whose values are codes. choices: by parameter, the columns that hold what can be chosen for
    it.
    """

    id: str
    name: str
    kind: str
    query: str
    parameters: tuple[Parameter, ...]
    tags: tuple[str, ...]
    chart: Chart | None
    coded: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]] = field(repr=False)
    sentences: Mapping[str, str] = field(repr=False)
    reasons: Mapping[str, str] = field(repr=False)
    columns: Mapping[str, Mapping[str, str]] = field(repr=False)
    labels: Mapping[str, Mapping[str, str]] = field(repr=False)
    lists: Mapping[str, str] = field(repr=False)
    slots: tuple[tuple[Token, str], ...] = field(repr=False)

    def text(self, language: str) -> str:
        """The question in ``language``."""
        return self.sentences[language]

    def why(self, language: str) -> str:
        """What the answer is good for, in ``language``."""
        return self.reasons[language]

    def headings(self, language: str) -> dict[str, str]:
        """The headings in ``language`` by variable, in the order of the projection; empty without columns."""
        return dict(self.columns.get(language, {}))

    def label(self, parameter: str, language: str) -> str:
        """What ``parameter`` is called in ``language``: as the header says, else as such ones are called."""
        own = self.labels.get(language, {}).get(parameter)
        return own or _LABELS.get(parameter, Message(parameter)).text(language)

    def part(self, text: str, limit: int | None = None, offset: int = 0) -> str:
        """A bound query for ``limit`` rows after the first ``offset``, always in the same order."""
        return windowed(text, list(self.headings(SOURCE_LANGUAGE)), limit, offset)

    def counting(self, text: str) -> str:
        """A bound query for the number of rows."""
        return counting(text, list(self.headings(SOURCE_LANGUAGE)))

    def bind(self, values: Mapping[str, str], store: Store, language: str = SOURCE_LANGUAGE) -> str:
        """The query with these values, by parameter, in it; what is not given is as its default.

        store: where things and allowed values are looked up. language: the reader's. Raises ParameterError
        that says what would have been right.
        """
        self._refuse_unknown(values)
        context = Context(store, language, self.lists)
        written = {
            parameter.name: " ".join(
                map(in_sparql, terms_of(parameter, values.get(parameter.name, ""), context))
            )
            for parameter in self.parameters
        }
        pieces, end = [], 0
        for undef, name in self.slots:
            pieces += [self.query[end : undef.start], written[name] or undef.text]
            end = undef.end
        return "".join((*pieces, self.query[end:]))

    def _refuse_unknown(self, values: Mapping[str, str]) -> None:
        known = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in known:
                raise ParameterError(
                    message("«{question}» has no parameter «{name}».", question=self.id, name=name),
                    hint=suggestion(name, known) if known else message("It has no parameters at all."),
                    members={
                        "parameter": name,
                        "given": values[name],
                        "parameters": known,
                        "suggestions": nearest(name, known),
                    },
                )


def read_question(text: str, name: str, stem: str, lists: Mapping[str, str]) -> Question:
    """The question in the text of a file.

    name: of the file, in errors. stem: what its id must be. lists: queries for allowed values by type. Raises
    QueryError with file and line for a header that is wrong or does not fit the query.
    """
    header = read_header(text, name)
    if header.values["id"] != stem:
        raise QueryError(
            message(
                "The id is «{id}», but the file is named «{stem}.rq».", id=header.values["id"], stem=stem
            ),
            where=header.where("id"),
        )
    _check_parameters(header, lists)
    try:
        slots = _slots(text)
        variables = check_form(text, header.values["kind"])
        refuse_from(text)
    except QueryError as error:
        raise in_file(error, name) from error
    _check_slots(header, {slot for _, slot in slots})
    columns, labels = header.columns(), header.labels()
    _check_columns(header, columns, variables)
    return Question(
        id=stem,
        name=name,
        kind=header.values["kind"],
        query=text,
        parameters=header.parameters,
        tags=header.listed("tags"),
        chart=read_chart(header, variables),
        coded=read_coded(header, variables),
        choices=read_choices(header, variables),
        sentences=header.by_language("question"),
        reasons=header.by_language("why"),
        columns=columns,
        labels=labels,
        lists={
            parameter.type: lists[parameter.type]
            for parameter in header.parameters
            if parameter.type in lists
        },
        slots=slots,
    )


def check_form(text: str, kind: str) -> tuple[str, ...]:
    """The variables that a query projects, by asking it of an empty store; none unless it is a SELECT.

    Raises QueryError if it is not allowed, does not parse or is of another kind.
    """
    check(text)
    try:
        answer = ox.Store().query(text)
    except SyntaxError as error:
        raise complaint(error, text) from error
    if not isinstance(answer, _FORMS[kind]):
        raise QueryError(
            message("The query is not of the kind that is stated: {kind}.", kind=kind), where="1:1"
        )
    if isinstance(answer, ox.QuerySolutions):
        return tuple(variable.value for variable in answer.variables)
    return ()


def _slots(text: str) -> tuple[tuple[Token, str], ...]:
    """Each UNDEF that stands alone in ``VALUES $name { UNDEF }``, and the name."""
    found = list(tokens(text))
    return tuple(
        (undef, variable.text[1:])
        for word, variable, opening, undef, closing in zip(*(found[n:] for n in range(5)), strict=False)
        if word.is_word("VALUES")
        and variable.kind is Kind.VARIABLE
        and (opening.text, closing.text) == ("{", "}")
        and undef.is_word("UNDEF")
    )


def _check_parameters(header: Header, lists: Mapping[str, str]) -> None:
    for parameter in header.parameters:
        where = header.where(f"parameter {parameter.name}")
        known = (*TYPES, _WITH_STORE, *lists)
        if parameter.type not in known:
            raise QueryError(
                message("There is no type «{type}».", type=parameter.type),
                where=where,
                hint=suggestion(parameter.type, known),
            )
        if parameter.default is not None and parameter.default not in UNBOUND and parameter.type in TYPES:
            try:
                literal(parameter, parameter.default, language=SOURCE_LANGUAGE)
            except ParameterError as error:
                raise QueryError(error.problem, where=where, hint=error.hint) from error


def _check_slots(header: Header, slots: set[str]) -> None:
    for parameter in header.parameters:
        if parameter.name not in slots:
            raise QueryError(
                message("The query has no place for the parameter «{name}».", name=parameter.name),
                where=header.where(f"parameter {parameter.name}"),
                hint=message(
                    "Put this into the query: {block}", block=f"VALUES ${parameter.name} {{ UNDEF }}"
                ),
            )
    for slot in sorted(slots - {parameter.name for parameter in header.parameters}):
        raise QueryError(
            message("The query has a place for «{name}», which is no parameter.", name=slot),
            where=f"{header.name}:1",
            hint=message("Add a line that begins with: {line}", line=f"#+ parameter: {slot} "),
        )


def _check_columns(
    header: Header, columns: Mapping[str, Mapping[str, str]], variables: tuple[str, ...]
) -> None:
    for language, headings in columns.items():
        if tuple(headings) != variables:
            raise QueryError(
                message(
                    "The columns are not those of the query: {columns}; the query has {variables}.",
                    columns=", ".join(headings),
                    variables=", ".join(variables),
                ),
                where=header.where(f"columns-{language}"),
            )
