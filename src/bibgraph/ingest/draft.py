"""What a report becomes: observations, responsibilities and milestones, with the passages they rest on."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from bibgraph.findings import Severity
from bibgraph.ingest.dates import as_printed_date
from bibgraph.ingest.judging import Draft, judge_row
from bibgraph.ingest.links import REPEATED, inline
from bibgraph.ingest.manuscript import Piece
from bibgraph.ingest.matching import Match
from bibgraph.ingest.milestones import Happening, Teller
from bibgraph.ingest.names import Names
from bibgraph.ingest.quoting import Quoter
from bibgraph.ingest.records import Term, text, thing, typed
from bibgraph.ingest.table import Table
from bibgraph.ingest.vocabulary import Measure, Vocabulary
from bibgraph.messages import message
from bibgraph.namespaces import PREFIXES


def draft(
    table: Table,
    matches: Iterable[Match],
    labels: dict[str, dict[str, str]],
    vocabulary: Vocabulary,
    names: Names,
    language: str,
) -> Draft:
    """The draft of a report whose rows are matched; labels: of new measures, by IRI. No file is touched."""
    drafter = _Drafter(table, vocabulary, Draft(names, language))
    drafter.report()
    for match in matches:
        if match.measure:
            drafter.row(match, match.measure, labels)
    drafter.rest()
    return drafter.draft


class _Drafter:
    def __init__(self, table: Table, vocabulary: Vocabulary, made: Draft) -> None:
        self.draft = made
        self._table = table
        self._vocabulary = vocabulary
        self._prefixes = made.names.prefixes
        self._report = thing(made.names.report)
        self._quoter = Quoter(table.manuscript, made.names.source, self._prefixes["q"], made.language)
        self._teller = Teller(table.manuscript, vocabulary, made.names.issued)

    def _text(self, words: str) -> ox.Literal:
        return text(words, self.draft.language)

    def _words(self, piece: Piece) -> ox.Literal:
        return self._text(self._table.manuscript.words(piece))

    def _quote(self, piece: Piece) -> ox.NamedNode:
        return thing(self._quoter.quote(piece))

    def report(self) -> None:
        """The report itself, by what stands above its tables."""
        names, say = self.draft.names, self.draft.say
        say(
            "status",
            report=self._report,
            issued=typed(names.issued, "date"),
            strategy=thing(names.strategy),
        )
        for piece in self._table.front:
            self._front(piece)
        for _, piece in self._table.parts:
            say("status", report=self._report, heading=self._words(piece), evidence=self._quote(piece))
        if not self.draft.title:
            sentence = message("No title with the report's date stands above the tables.")
            self.draft.find("report-untitled", Severity.VIOLATION, sentence)

    def _front(self, piece: Piece) -> None:
        words, say = self._table.manuscript.words(piece), self.draft.say
        printed = as_printed_date(words)
        remark = next((form for form in self._vocabulary.of("remark") if words.startswith(f"{form}:")), "")
        evidence = self._quote(piece)
        if printed and not self.draft.title:
            self.draft.title = words
            stated = self._text(printed[0])
            say("status", report=self._report, title=self._text(words), date_stated=stated, evidence=evidence)
            say("strategies", strategy=thing(self.draft.names.strategy), evidence=evidence)
            if printed[1] != self.draft.names.issued:
                sentence = message(
                    "The report prints the date {printed}, and {given} was given.",
                    printed=printed[1],
                    given=self.draft.names.issued,
                )
                self.draft.find("report-date", Severity.VIOLATION, sentence)
        elif remark:
            said = self._text(words.removeprefix(f"{remark}:").strip())
            say("status", report=self._report, remark=said, evidence=evidence)
        else:
            say("status", report=self._report, heading=self._text(words), evidence=evidence)

    def row(self, match: Match, measure: Measure, labels: dict[str, dict[str, str]]) -> None:
        """All that a row says."""
        row, name = match.row, measure.name
        observation = thing(self._prefixes["obs"] + name)
        evidence = [self._quote(piece) for piece in row.answer or row.wording]
        say = self.draft.say
        say("status", observation=observation, measure=thing(measure.iri), in_report=self._report)
        for quotation in evidence:
            say("status", observation=observation, evidence=quotation)
        if row.responsible:
            say("status", observation=observation, responsible_stated=self._words(row.responsible))
        if row.status:
            stated = self._text(row.status_stated)
            say("status", observation=observation, status_stated=stated, status=thing(row.status))
        if match.reworded:
            wording = self._text(match.wording)
            say("status", observation=observation, wording=wording)
            for piece in row.wording:
                say("status", observation=observation, evidence=self._quote(piece))
        if row.comment:
            comment = self._text(self._table.words(row.comment))
            say("status", observation=observation, comment=comment)
        for link, piece in [*inline(self._table.manuscript, row.comment), *row.links]:
            say("status", observation=observation, link=thing(link), evidence=self._quote(piece))
        self._responsibilities(match, name, observation, evidence)
        self._milestones(match, measure)
        self._measure(match, measure, labels.get(measure.iri, {}))
        judge_row(self.draft, match)

    def _responsibilities(
        self, match: Match, name: str, observation: ox.NamedNode, evidence: list[ox.NamedNode]
    ) -> None:
        for order, mention in enumerate(match.row.mentions, 1):
            if not mention.unit:
                sentence = message(
                    "No unit is known by «{code}». Describe it in data/organisations, and import again.",
                    code=mention.stated,
                )
                self.draft.find("unit-unknown", Severity.VIOLATION, sentence, match.name)
                continue
            responsibility = thing(f"{self._prefixes['resp']}{name}-{order}")
            self.draft.say("status", observation=observation, answers=responsibility)
            values: dict[str, Term] = {
                "responsibility": responsibility,
                "unit": thing(mention.unit),
                "order": typed(order, "integer"),
                "stated": self._text(mention.stated),
            }
            if mention.in_brackets:
                values["in_brackets"] = typed(mention.in_brackets, "boolean")
            self.draft.say("status", **values)
            for quotation in evidence:
                self.draft.say("status", responsibility=responsibility, evidence=quotation)

    def _milestones(self, match: Match, measure: Measure) -> None:
        happenings, unread = self._teller.happenings(match.row.comment)
        for number, happening in enumerate(happenings, 1):
            self._milestone(thing(f"{self._prefixes['ms']}{measure.name}-{number}"), measure, happening)
            if happening.unsure:
                sentence = message(
                    "It is not said whether this has happened; it is taken as promised: {words}",
                    words=self._table.manuscript.words(happening.piece),
                )
                self.draft.find("tense-unsure", Severity.WARNING, sentence, match.name)
            if happening.other_year:
                sentence = message(
                    "No year is printed, and in the report's own {words} would not agree; taken as {year}.",
                    words=happening.date_stated,
                    year=happening.date.year,
                )
                self.draft.find("year-unsure", Severity.WARNING, sentence, match.name)
        for words in unread:
            sentence = message(
                "This date cannot be read, and no milestone is made of it: {words}.", words=words
            )
            self.draft.find("date-unread", Severity.WARNING, sentence, match.name)

    def _milestone(self, milestone: ox.NamedNode, measure: Measure, happening: Happening) -> None:
        found, said = happening.date, self._table.manuscript.words(happening.piece)
        self.draft.say(
            "status",
            milestone=milestone,
            measure=thing(measure.iri),
            in_report=self._report,
            tense=thing(happening.tense),
            date_stated=self._text(happening.date_stated),
            date=ox.Literal(found.edtf, datatype=ox.NamedNode(PREFIXES["edtf"] + "EDTF")),
            earliest=typed(found.earliest, "date"),
            latest=typed(found.latest, "date"),
            evidence=self._quote(happening.piece),
        )
        self.draft.say("names", thing=milestone, label=self._text(said))
        for inference in happening.inferences:
            self.draft.say("status", milestone=milestone, inference=thing(inference))

    def _measure(self, match: Match, measure: Measure, labels: dict[str, str]) -> None:
        """The measure as this report prints it; a wording of its own is told of the observation."""
        described = thing(measure.iri)
        values: dict[str, Term] = {
            "measure": described,
            "strategy": thing(measure.strategy),
            "part": thing(measure.part),
        }
        if measure.number:
            values["number"] = typed(measure.number, "integer")
        if measure.key:
            values["key"] = ox.Literal(measure.key)
        if match.row.line and match.row.line == (measure.line or match.row.line):
            values["line"] = thing(match.row.line)
        if not match.reworded:
            values["text"] = self._text(measure.text)
        self.draft.say("measures", **values)
        for piece in match.row.wording:
            self.draft.say("measures", measure=described, evidence=self._quote(piece))
        for language, label in labels.items():
            self.draft.say("names", thing=described, label=text(label, language))

    def _legend(self, unit: str, piece: Piece) -> None:
        if unit:
            self.draft.say("organisations", unit=thing(unit), evidence=self._quote(piece))
            return
        self.draft.say("status", report=self._report, evidence=self._quote(piece))
        sentence = message(
            "The legend explains a code that no unit has: {words}. Describe it in data/organisations, and "
            "import again.",
            words=self._table.manuscript.words(piece),
        )
        self.draft.find("unit-unknown", Severity.VIOLATION, sentence)

    def rest(self) -> None:
        """Headings, legend, layout, and what belongs to no row; then the quotations that all of it needs."""
        names, say = self.draft.names, self.draft.say
        for line, piece in self._table.lines:
            say("strategies", line=thing(line), part_of=thing(names.strategy), evidence=self._quote(piece))
        for unit, piece in self._table.legend:
            self._legend(unit, piece)
        for piece in self._table.loose:
            say("status", report=self._report, evidence=self._quote(piece))
            sentence = message("This belongs to no row: {words}", words=self._table.manuscript.words(piece))
            self.draft.find("text-loose", Severity.WARNING, sentence)
        for reason, piece in self._table.layout:
            first, last = self._table.manuscript.lines(piece)
            key = str(first) if first == last else f"{first}-{last}"
            code = self._vocabulary.role(reason) if reason == REPEATED else reason
            say(
                "layout",
                passage=thing(self._prefixes["lay"] + key),
                source=thing(names.source),
                first=typed(first, "integer"),
                last=typed(last, "integer"),
                reason=thing(code),
            )
        self.draft.records["quotations"] = self._quoter.records
