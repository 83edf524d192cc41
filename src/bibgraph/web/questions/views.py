"""The ready questions: their list, a page with form and answer for each, and the answers as data."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from bibgraph.catalogue import Question
from bibgraph.describe import Describer, select, value_of
from bibgraph.errors import NotAcceptable, NotFound, ParameterError
from bibgraph.graph import Graph
from bibgraph.media import ALIASES, BY_NAME, BY_TYPE, GRAPHS, Media, with_aliases
from bibgraph.messages import message
from bibgraph.parameters import Context
from bibgraph.store import Answer
from bibgraph.web.http.addresses import site
from bibgraph.web.http.answers import SAVED, Alternate, alternates, attachment, represent
from bibgraph.web.http.formats import HTML, choose
from bibgraph.web.http.paging import NAMES, Pages, Window
from bibgraph.web.http.problems import Problem, problem_of
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.display import long_date
from bibgraph.web.parts.tables import MOST_ROWS
from bibgraph.web.questions.asked import Asked, address_fields, format_named
from bibgraph.web.questions.choosing import Choosing
from bibgraph.web.questions.form import inputs
from bibgraph.web.questions.offers import offered, question_list
from bibgraph.web.questions.showing import Showing
from bibgraph.web.rdf.resultset import serialise_table
from bibgraph.web.rdf.serialising import serialise_answer
from bibgraph.web.search.index import SearchIndex, Text

JSON = Media("json", "application/json")


class Questions:
    """The pages and answers of ``graph``'s ready questions."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.choosing = Choosing(graph, self.describer)
        self.showing = Showing(graph, self.describer)
        self._indexes: dict[str, SearchIndex] = {}

    def blueprint(self) -> Blueprint:
        """The addresses of the list and of each question."""
        pages = Blueprint("questions", __name__)
        pages.add_url_rule("/queries", "list", self.list)
        pages.add_url_rule("/queries.<ending>", "listed", self.list)
        pages.add_url_rule("/queries/<key>", "question", self.question)
        return pages

    def list(self, ending: str = "") -> Response:
        """All questions, with what each answer is good for; as JSON with all that a program needs."""
        if ending not in ("", JSON.name, "html"):
            raise NotFound(
                message("There is nothing at this address."),
                hint=message("See what there is at /id, or ask a question at /queries."),
            )
        named = ending or address_fields().first("format")
        media_type = choose(JSON.type if named == JSON.name else named, (HTML, JSON.type))
        links = [Alternate(JSON, reader().link("/queries.json"))]
        sought = address_fields().first("q").strip()
        if media_type == HTML:
            body = render_template(
                "questions.html",
                questions=self._sought(sought),
                sought=sought,
                alternates=links,
                section="/queries",
                crumbs=[("", message("Ready questions").text(reader().language))],
            )
        else:
            body = question_list(self.graph)
        return represent(body, media_type, version=self.graph.version, links=links, varies=not named)

    def _sought(self, words: str) -> Sequence[Question]:
        """The questions that hold all these words, in what they ask, what for, or as tags; all for none."""
        if not words:
            return list(self.graph.catalogue)
        language = reader().language
        if language not in self._indexes:
            self._indexes[language] = SearchIndex(_text(each, language) for each in self.graph.catalogue)
        return [self.graph.catalogue.get(hit.thing) for hit in self._indexes[language].find(words)]

    def question(self, key: str) -> Response:
        """One question's answer with the parameters in the address, in the format asked for."""
        stem, dot, ending = key.rpartition(".")
        question = self.graph.catalogue.get(stem if dot and ending in BY_NAME else key)
        fields = address_fields()
        named = format_named(question, ending if key != question.id else "", fields)
        try:
            chosen = choose(named, with_aliases(offered(question)))
        except NotAcceptable:
            self._refuse(Asked(question, JSON.type, bool(named), fields))
            raise
        asked = Asked(question, chosen, bool(named), fields)
        if asked.type != HTML:
            return self._document(asked)
        return scripted(self._page(asked))  # scripts suggest things, for they may be many, and sort rows

    def _refuse(self, asked: Asked) -> None:
        """Raise ParameterError for a value that cannot be used, which is told before a format is."""
        asked.window()
        self._bound(asked)

    def _document(self, asked: Asked) -> Response:
        """The answer as data: all of it, or the part asked for with links to the others."""
        part, text = asked.window(), self._bound(asked)
        media_type = ALIASES.get(asked.type, asked.type)
        try:
            body = _serialise(self._ask(asked, text, part), media_type)
        except NotAcceptable as error:  # it has no such format for what it holds
            types = with_aliases(offered(asked.question))
            error.available = [type_ for type_ in types if ALIASES.get(type_, type_) != media_type]
            raise
        response = self._represent(body, asked, self._downloads(asked))
        if not part.whole:
            Pages(part, self._count(asked, text), asked.fields.pairs).tell(response)
        response.headers.update(attachment(media_type, asked.question.id))
        return response

    def _page(self, asked: Asked) -> Response:
        """The form with the answer; or, where a value cannot be used, with what is wrong, as 400."""
        try:
            part, text = asked.window().at_most(MOST_ROWS), self._bound(asked)
        except ParameterError as error:
            return self._mend(asked, problem_of(error)) if asked.values_told else self._await(asked)
        links = self._downloads(asked)
        found = self.showing.table(asked, self._ask(asked, text, part))
        pages = None
        if asked.paged:
            full = found.count == part.limit or (part.offset and not found.count)
            total = self._count(asked, text) if full else part.offset + found.count
            pages = Pages(part, total, asked.fields.pairs)
        shown = _without_header(text)
        picture, drawn = self.showing.picture(asked, text, found, pages.total if pages else found.count)
        body = self._render(
            asked,
            self._given(asked),
            alternates=links,
            table=found,
            pages=pages,
            picture=picture,
            drawn=drawn,
            ways=() if found.rows or found.verdict is not None else self._ways_on(asked),
            address=site().rstrip("/"),
            text=shown,
            openable=reader().link("/sparql?" + urlencode({"query": shown})),
        )
        response = self._represent(body, asked, links)
        if pages:
            pages.tell(response)
        return response

    def _mend(self, asked: Asked, problem: Problem) -> Response:
        """The form as it was filled in, what is wrong with it, and things that have such a name."""
        wrong, given = (str(problem.more.get(name, "")) for name in ("parameter", "given"))
        near = self.choosing.near(asked.question, wrong, given, reader().language)
        ways = [(choice, asked.with_value(wrong, choice.value)) for choice in near]
        body = self._render(asked, dict(asked.told), problem=problem, near=ways)
        response = Response(body, problem.status, content_type=BY_TYPE[HTML].content_type)
        response.vary.update(["Accept", "Accept-Language"])
        response.content_language.add(reader().language)
        response.cache_control.no_store = True
        return response

    def _ways_on(self, asked: Asked) -> Sequence[tuple[str, str]]:
        """From an empty answer: the question with nothing chosen, and with the days of reports."""
        if not asked.values_told:
            return ()
        language = reader().language
        dated = [each.name for each in asked.question.parameters if each.type == "date"]
        days = [day.value for day in self.choosing.days(language)] if len(dated) == 1 else []
        return [
            (message("The question with nothing chosen").text(language), f"/queries/{asked.question.id}"),
            *((long_date(day, language), asked.with_value(dated[0], day)) for day in days),
        ]

    def _await(self, asked: Asked) -> Response:
        """The form alone, where nothing is chosen yet and the graph has nothing to choose by itself."""
        return self._represent(self._render(asked, {}, awaits=True), asked, ())

    def _render(self, asked: Asked, given: dict[str, str], **seen: object) -> str:
        question, language = asked.question, reader().language
        return render_template(
            "question.html",
            question=question,
            inputs=inputs(question, given, self._context(question), self.choosing),
            section="/queries",
            crumbs=[("/queries", message("Ready questions").text(language)), ("", question.id)],
            **seen,
        )

    def _given(self, asked: Asked) -> dict[str, str]:
        """What is given for parameters; things by key, even where they are given by name."""
        values = asked.values(self._context(asked.question))
        return self.choosing.meant(asked.question, values, reader().language)

    def _context(self, question: Question) -> Context:
        return Context(self.graph.store, reader().language, question.lists)

    def _bound(self, asked: Asked) -> str:
        try:
            return asked.question.bind(self._given(asked), self.graph.store, reader().language)
        except ParameterError as error:
            if things := self.choosing.keys(asked.question, str(error.members.get("parameter", ""))):
                error.members = {**error.members, "allowed": things}
            raise

    def _ask(self, asked: Asked, text: str, part: Window) -> Answer:
        """The answer to the bound query, rows in their settled order."""
        if asked.paged:
            text = asked.question.part(text, part.limit, part.offset)
        return self.graph.store.query(text)

    def _count(self, asked: Asked, text: str) -> int:
        """How many rows the whole answer has."""
        rows = select(self.graph.store, asked.question.counting(text))
        return next(int(value_of(cell)) for row in rows for cell in row.values())

    def _represent(self, body: str | bytes, asked: Asked, links: Sequence[Alternate]) -> Response:
        version = self.graph.version
        return represent(
            body, asked.type, version=version, links=links, varies=not asked.fixed, localised=True
        )

    def _downloads(self, asked: Asked) -> Sequence[Alternate]:
        """The same answer in each format but that of pages, those to save first; all of it for a page."""
        left_out = NAMES if asked.type == HTML else ()
        kept = [(name, value) for name, value in asked.told if value.strip() and name not in left_out]
        ending = f"?{urlencode(kept)}" if kept else ""
        data = [type_ for type_ in offered(asked.question) if type_ != HTML]
        links = alternates(
            f"/queries/{asked.question.id}", sorted(data, key=lambda type_: type_ not in SAVED)
        )
        return [Alternate(link.media, reader().link(link.path + ending)) for link in links]


def _text(question: Question, language: str) -> Text:
    """All that a question is found by, as one text."""
    words = " ".join((question.text(language), question.why(language), question.id, *question.tags))
    return Text(question.id, "", words, language, 1)


def _serialise(answer: Answer, media_type: str) -> bytes:
    """The answer in a media type; tables in a format of graphs as a result set."""
    if media_type in GRAPHS and not isinstance(answer, ox.QueryTriples):
        return serialise_table(answer, media_type)
    return serialise_answer(answer, media_type)


def _without_header(text: str) -> str:
    """The query alone, without the lines about it that a page tells in its own way."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip("\n")
