"""The ready questions: their list, a page with form and answer for each, and the answers as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from bibgraph.catalogue import Question
from bibgraph.describe import Describer
from bibgraph.errors import ParameterError
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME, BY_TYPE, GRAPHS, RESULTS
from bibgraph.messages import Message, message
from bibgraph.parameters import UNBOUND, Context, Parameter, values
from bibgraph.web.answers import Alternate, alternates, represent
from bibgraph.web.decoding import query_string
from bibgraph.web.formats import HTML, Wanted
from bibgraph.web.problems import problem_of
from bibgraph.web.reader import PARAMETER, reader
from bibgraph.web.serialising import serialise_answer
from bibgraph.web.tables import table

_NOT_PARAMETERS = (PARAMETER, "format")
_SAVED = (BY_NAME["csv"].type, BY_NAME["tsv"].type)
_LABELS = {
    "date": message("On the date"),
    "from": message("From"),
    "to": message("To"),
    "strategy": message("Strategy"),
    "unit": message("Unit"),
    "thing": message("Thing"),
    "language": message("Language of the answer"),
}
_OPEN = {"any": message("all"), "latest": message("the latest"), "none": message("none")}


@dataclass(frozen=True)
class Input:
    """A field of a question's form. choices: value and label of each; empty for free input."""

    name: str
    label: str
    type: str
    value: str
    choices: Sequence[tuple[str, str]]
    note: str


class Questions:
    """The pages and answers of ``graph``'s ready questions."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The addresses of the list and of each question."""
        pages = Blueprint("questions", __name__)
        pages.add_url_rule("/queries", "list", self.list)
        pages.add_url_rule("/queries/<key>", "question", self.question)
        return pages

    def list(self) -> Response:
        """All questions, with what each answer is good for."""
        body = render_template(
            "questions.html",
            questions=self.graph.catalogue,
            section="/queries",
            crumbs=[("", message("Ready questions").text(reader().language))],
        )
        return represent(body, HTML, version=self.graph.version)

    def question(self, key: str) -> Response:
        """One question's answer with the parameters in the address, in the format asked for."""
        stem, dot, ending = key.rpartition(".")
        question = self.graph.catalogue.get(stem if dot and ending in BY_NAME else key)
        named = ending if key != question.id else request.args.get("format", "")
        want = Wanted(question.id, named, (HTML, *(GRAPHS if question.kind == "construct" else RESULTS)))
        if want.type == HTML:
            return self._page(question, want)
        body = serialise_answer(self.graph.store.query(self._bound(question, _given())), want.type)
        response = self._represent(body, want, _downloads(question, want, _given()))
        if want.type in _SAVED:
            name = f"{question.id}{BY_TYPE[want.type].suffix}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _page(self, question: Question, want: Wanted) -> Response:
        """The form with the answer; or, where a value cannot be used, with what is wrong, as 400."""
        given = _given()
        seen: dict[str, object] = {}
        try:
            text = self._bound(question, given)
        except ParameterError as error:
            links: Sequence[Alternate] = ()
            seen["problem"] = problem_of(error)
        else:
            links = _downloads(question, want, given)
            headings = question.headings(reader().language)
            seen["table"] = table(self.graph.store.query(text), self.describer, headings)
            seen["text"] = _without_header(text)
            seen["openable"] = reader().link("/sparql?" + urlencode({"query": seen["text"]}))
        body = render_template(
            "question.html",
            question=question,
            inputs=self._inputs(question, given),
            alternates=links,
            section="/queries",
            crumbs=[("/queries", message("Ready questions").text(reader().language)), ("", question.id)],
            **seen,
        )
        if "problem" in seen:
            return Response(body, 400, content_type=BY_TYPE[HTML].content_type)
        return self._represent(body, want, links)

    def _bound(self, question: Question, given: Mapping[str, str]) -> str:
        return question.bind(given, self.graph.store, reader().language)

    def _represent(self, body: str | bytes, want: Wanted, links: Sequence[Alternate]) -> Response:
        version = self.graph.version
        return represent(body, want.type, version=version, links=links, varies=not want.fixed, localised=True)

    def _inputs(self, question: Question, given: Mapping[str, str]) -> Sequence[Input]:
        context = Context(self.graph.store, reader().language, question.lists)
        return [
            _input(parameter, given.get(parameter.name, ""), context) for parameter in question.parameters
        ]


def _without_header(text: str) -> str:
    """The query alone, without the lines about it that a page tells in its own way."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip("\n")


def _given() -> dict[str, str]:
    """The parameters in the address; empty ones count as not given. Raises ParameterError for doubles."""
    told = [
        (name, value) for name, value in query_string(request.environ).pairs if name not in _NOT_PARAMETERS
    ]
    names = [name for name, _ in told]
    for name in names:
        if names.count(name) > 1:
            raise ParameterError(message("The parameter is given more than once."), where=name)
    return {name: value for name, value in told if value.strip()}


def _downloads(question: Question, want: Wanted, given: Mapping[str, str]) -> Sequence[Alternate]:
    """The answer in each format but that of pages."""
    ending = f"?{urlencode(given)}" if given else ""
    data = [type_ for type_ in want.offered if type_ != HTML]
    links = alternates(f"/queries/{question.id}", sorted(data, key=lambda type_: type_ not in _SAVED))
    return [Alternate(link.media, link.path + ending) for link in links]


def _input(parameter: Parameter, value: str, context: Context) -> Input:
    language = context.language
    label = _LABELS.get(parameter.name, Message(parameter.name)).text(language)
    default = parameter.default or ""
    if_empty = _OPEN[default].text(language) if default in UNBOUND else ""
    listed = [(found.value, found.label or found.value) for found in values(parameter.type, context)]
    optional = (
        [("", if_empty or "–")] if parameter.default is not None and default not in dict(listed) else []
    )
    note = message("empty: {default}", default=if_empty).text(language) if if_empty and not listed else ""
    kind = {"date": "date", "integer": "number"}.get(parameter.type, "text")
    shown = value or (default if default in dict(listed) or default not in UNBOUND else "")
    return Input(parameter.name, label, kind, shown, [*optional, *listed] if listed else [], note)
