"""What the tools do: each answer as JSON, with the sources behind it and how to cite it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from typing import Any

import pyoxigraph as ox
from jsonschema import Draft202012Validator

from bibgraph.api import Citation, Dataset, Thing
from bibgraph.describe import Describer
from bibgraph.errors import NotFound, ParameterError
from bibgraph.graph import Graph
from bibgraph.limits import Limits
from bibgraph.mcp.schemas import ASK, DESCRIBE, FEW_ROWS, LIST, SPARQL, told, tools
from bibgraph.mcp.sources import sources_of
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import BASE, THINGS, XSD
from bibgraph.parameters import Context, Parameter, terms_of
from bibgraph.sparql.guard import clauses
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.serving import written
from bibgraph.suggestions import suggestion

Arguments = Mapping[str, Any]
Result = dict[str, Any]

_THING = Parameter("thing", "thing")
_ROWS = ("SELECT", "ASK")
_INTEGER = XSD["integer"]


class Tools:
    """The tools over ``graph``. language: of what they say, unless a call names another."""

    def __init__(self, graph: Graph, limits: Limits, language: str) -> None:
        self.graph = graph
        self.language = language
        self.listed = tools(graph.catalogue, language)
        self._limits = limits
        self._describer = Describer(graph.store, graph.repository)
        self._schemas = {tool.name: Draft202012Validator(tool.input_schema) for tool in self.listed}
        self._does: Mapping[str, Callable[[Arguments, str], Result]] = {
            LIST: self._list,
            ASK: self._ask,
            SPARQL: self._sparql,
            DESCRIBE: self._describe,
        }

    def call(self, name: str, arguments: Arguments) -> Result:
        """What the tool answers. Raises NotFound for no tool, ParameterError for what it does not take."""
        if name not in self._does:
            raise NotFound(
                message("There is no tool «{name}».", name=name), hint=suggestion(name, self._does)
            )
        asked = {key: value for key, value in arguments.items() if key != "question"}
        if isinstance(question := arguments.get("question"), str):
            self.graph.catalogue.get(question)  # which says what may have been meant
            asked["question"] = question
        self._refuse_wrong(name, asked)
        return self._does[name](asked, self.language_of(asked))

    def language_of(self, arguments: Arguments) -> str:
        """The language that a call names, else the server's."""
        named = arguments.get("language")
        return named if named in LANGUAGES else self.language

    def _refuse_wrong(self, name: str, arguments: Arguments) -> None:
        for error in self._schemas[name].iter_errors(dict(arguments)):
            place = "/".join(map(str, error.absolute_path)) or name
            known = next(tool.input_schema for tool in self.listed if tool.name == name)["properties"]
            raise ParameterError(
                message("The arguments do not fit the tool: {problem}", problem=error.message),
                where=place,
                hint=message("It takes: {allowed}.", allowed=", ".join(known)),
                members={"parameter": place},
            )

    def _list(self, arguments: Arguments, language: str) -> Result:
        del arguments
        title = message("The ready questions").text(language)
        questions = [told(question, self.graph.store, language) for question in self.graph.catalogue]
        return {"questions": questions, **self._cited(title, "queries", "queries", language)}

    def _ask(self, arguments: Arguments, language: str) -> Result:
        question = self.graph.catalogue.get(arguments["question"])
        given = {name: str(value) for name, value in arguments.get("parameters", {}).items()}
        text = question.bind(given, self.graph.store, language)
        most = arguments.get("limit", FEW_ROWS)
        asked = ", ".join((question.id, *(f"{name}={value}" for name, value in given.items())))
        return {
            "question": question.text(language),
            "parameters": given,
            "headings": question.headings(language),
            **self._rows(question.part(text, most + 1) if question.kind == "select" else text, most),
            **self._cited(question.text(language), asked, f"queries/{question.id}", language),
        }

    def _sparql(self, arguments: Arguments, language: str) -> Result:
        text = arguments["query"]
        form = clauses(text, self._limits.query_bytes, self._limits.nesting).form
        if form in _ROWS:
            found = self._rows(text, arguments.get("limit", FEW_ROWS))
        else:
            job = Job(text, "", "ttl")
            found = {"turtle": written(self.graph.store, job, self._limits).body.decode()}
        title = message("Answer to a SPARQL query").text(language)
        return {**found, **self._cited(title, " ".join(text.split()), "sparql", language)}

    def _describe(self, arguments: Arguments, language: str) -> Result:
        term = terms_of(_THING, arguments["thing"], Context(self.graph.store, language, {}))[0]
        described = self._describer.describe(term.value)
        if described is None:
            raise NotFound(message("There is no thing «{text}» in the graph.", text=arguments["thing"]))
        path = term.value.removeprefix(THINGS)
        thing = Thing(described, language, partial(self._citation, path, f"id/{path}", language))
        return {
            "thing": thing.iri,
            "name": thing.name,
            "kinds": list(thing.kinds),
            "statements": [
                {"property": said.label, "value": said.name, "stated_in": list(said.graphs)}
                for said in thing.statements
            ],
            "named_by": [
                {"thing": said.thing.path, "property": said.label, "stated_in": list(said.graphs)}
                for said in thing.incoming[:FEW_ROWS]
            ],
            "named_by_left_out": max(0, len(thing.incoming) - FEW_ROWS),
            **sources_of([term], self._describer),
            **self._cited(thing.name, path, f"id/{path}", language),
        }

    def _rows(self, text: str, most: int) -> Result:
        """At most so many rows of an answer, as plain values, and the sources of the things in them."""
        answer = self.graph.store.query(text)
        if isinstance(answer, ox.QueryBoolean):
            return {"answer": bool(answer)}
        if not isinstance(answer, ox.QuerySolutions):
            raise TypeError("triples are no rows")
        names = [variable.value for variable in answer.variables]
        rows = [[row[name] for name in names] for row in answer]
        return {
            "columns": names,
            "rows": [dict(zip(names, map(_plain, row), strict=True)) for row in rows[:most]],
            "complete": len(rows) <= most,
            **sources_of(chain.from_iterable(rows[:most]), self._describer),
        }

    def _cited(self, title: str, asked: str, path: str, language: str) -> Result:
        citation = self._citation(asked, path, language, title, dt.datetime.now(dt.UTC).date())
        return {
            "graph_version": self.graph.version,
            "citation": {"text": citation.text, "bibtex": citation.bibtex, "csl_json": citation.csl_json},
        }

    def _citation(self, asked: str, path: str, language: str, title: str, day: dt.date) -> Citation:
        dataset = Dataset.of(self.graph, language)
        return Citation(title, asked, dataset, self.graph.version, BASE + path, day, language)


def as_text(result: Result) -> str:
    """A result as JSON, for clients that read nothing but text."""
    return json.dumps(result, ensure_ascii=False)


def _plain(term: object) -> str | int | None:
    """A cell as JSON has it: whole numbers as numbers, things of the graph by their paths, else texts."""
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(THINGS)
    if isinstance(term, ox.Literal):
        return int(term.value) if term.datatype.value == _INTEGER else term.value
    return None if term is None else str(term)
