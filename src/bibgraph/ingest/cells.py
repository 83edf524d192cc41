"""Reads a report whose cells are known, as documents with tables have them."""

from __future__ import annotations

import re

from bibgraph.ingest.answers import AnswerReader
from bibgraph.ingest.cutting import NUMBERED, Cutter
from bibgraph.ingest.legend import LegendReader
from bibgraph.ingest.links import LINK, attach
from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.setting import Block, Setting
from bibgraph.ingest.table import Row, Table
from bibgraph.ingest.vocabulary import Vocabulary


def read_cells(setting: Setting, vocabulary: Vocabulary) -> Table:
    """The report in a document that is set as text; a table without rows where none is recognised."""
    return _Reader(setting, vocabulary).read()


class _Reader:
    def __init__(self, setting: Setting, vocabulary: Vocabulary) -> None:
        self._blocks = setting.blocks
        self._vocabulary = vocabulary
        self._manuscript = Manuscript(setting.text)
        self._manuscript.find_breaks(measure.text for measure in vocabulary.measures)
        self._table = Table(self._manuscript)
        self._answers = AnswerReader(self._manuscript, vocabulary)
        self._cutter = Cutter(self._manuscript, vocabulary)
        self._legend = LegendReader(self._manuscript, vocabulary)
        self._part = ""
        self._line = ""
        self._in_tables = False
        self._headed = False
        self._unsure = False

    def read(self) -> Table:
        following = [*(block.kind for block in self._blocks[1:]), ""]
        for block, after in zip(self._blocks, following, strict=True):
            if block.kind == "row":
                self._row(block)
            elif block.kind in ("head", "again"):
                self._head(block)
            else:
                self._paragraph(block.piece, before_table=after == "head")
            self._in_tables = self._in_tables or block.kind != "text"
        return self._table

    def _head(self, block: Block) -> None:
        """The head of a table; one without a heading of its own stands under no main line."""
        self._table.layout.append((self._vocabulary.role("head of a table"), block.piece))
        if block.kind == "head" and not self._headed:
            self._line = ""
        self._headed = self._unsure = block.kind == "again"

    def _paragraph(self, piece: Piece, *, before_table: bool) -> None:
        """A heading, links, a legend, the wording of a measure of which nothing is said, or other text."""
        if self._legend.begins(piece):
            self._table.legend.extend(self._legend.read(piece))
            return
        for part in self._headings(piece):
            raw = self._manuscript.raw(part)
            kind, iri = self._vocabulary.heading(raw)
            if kind == "part":
                self._part, self._line, self._in_tables = iri, "", True
                self._table.parts.append((iri, part))
            elif kind == "line":
                self._line, self._in_tables, self._headed, self._unsure = iri, True, True, False
                self._table.lines.append((iri, part))
            elif kind:
                self._table.layout.append((iri, part))
            elif not self._in_tables:
                self._table.front.append(part)
            elif all(LINK.fullmatch(line) for line in raw.split("\n")):
                for line in re.finditer(r"\S+", raw):
                    found = Piece(part.start + line.start(), part.start + line.end())
                    attach(self._table, self._table.rows, found)
            elif NUMBERED.match(raw) or self._cutter.is_known([part], self._part):
                self._add(Row(part=self._part, line=self._line, wording=[part]))
            else:
                self._table.loose.append(part)
                self._line = "" if before_table else self._line

    def _headings(self, piece: Piece) -> list[Piece]:
        """The paragraph, parted before and after lines that are headings."""
        if self._vocabulary.heading(self._manuscript.raw(piece))[0]:
            return [piece]
        parts: list[Piece] = []
        begins = True
        for line in re.finditer(r"[^\n]+", self._manuscript.raw(piece)):
            found = Piece(piece.start + line.start(), piece.start + line.end())
            is_heading = bool(self._vocabulary.heading(line.group())[0])
            if begins or is_heading or self._is_remark(line.group()):
                parts.append(found)
            else:
                parts[-1] = Piece(parts[-1].start, found.end)
            begins = is_heading
        return parts

    def _is_remark(self, line: str) -> bool:
        return not self._in_tables and any(
            line.startswith(f"{form}:") for form in self._vocabulary.of("remark")
        )

    def _row(self, block: Block) -> None:
        wording, units, status, comment = block.cells
        row = Row(part=self._part, line=self._line, wording=[wording] if wording else [])
        row.responsible = units
        row.mentions = self._answers.mentions(units, whole=True) if units else ()
        if status:
            row.status_stated, row.status, row.beside = self._answers.status_in(status)
            row.unread = "" if row.status else self._manuscript.words(status)
        row.comment = [piece for piece in (row.beside, comment) if piece]
        said = [piece for piece in (units, status, comment) if piece]
        row.answer = [Piece(said[0].start, said[-1].end)] if said else []
        row.links = [(self._manuscript.raw(link), link) for link in block.links]
        self._add(row)

    def _add(self, row: Row) -> None:
        row.line_unsure = self._unsure
        found = NUMBERED.match(self._manuscript.text, row.wording[0].start) if row.wording else None
        row.number = int(found[1]) if found else 0
        self._table.rows.append(row)
