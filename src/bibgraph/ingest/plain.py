"""Reads a report from plain text as it comes out of a PDF: cells in lines, links at the ends of pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bibgraph.ingest import heads
from bibgraph.ingest.answers import Answer, AnswerReader
from bibgraph.ingest.cutting import NUMBERED, Cutter
from bibgraph.ingest.legend import LegendReader
from bibgraph.ingest.links import LINK, attach
from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.table import Row, Table
from bibgraph.ingest.vocabulary import Vocabulary, squash

_MOST_LINES = 5


@dataclass(frozen=True)
class Block:
    """A paragraph: of kind text, link, or of a heading (part, line, layout), which then has its IRI."""

    kind: str
    piece: Piece
    iri: str = ""


def read_plain(text: str, vocabulary: Vocabulary) -> Table:
    """The report in ``text``; a table without rows where none is recognised."""
    manuscript = Manuscript(text)
    manuscript.find_breaks(measure.text for measure in vocabulary.measures)
    return _Reader(manuscript, vocabulary).read()


class _Reader:
    def __init__(self, manuscript: Manuscript, vocabulary: Vocabulary) -> None:
        self._manuscript = manuscript
        self._vocabulary = vocabulary
        self._answers = AnswerReader(manuscript, vocabulary)
        self._cutter = Cutter(manuscript, vocabulary)
        self._legend = LegendReader(manuscript, vocabulary)
        self._table = Table(manuscript)
        self._on_page: list[Row] = []
        self._page_ended = False
        self._stacked = self._is_stacked()

    def _is_stacked(self) -> bool:
        """Whether every cell stands in lines of its own, as word processors save tables as text."""
        labels = self._vocabulary.heads
        lines = [heads.key(line) for line in self._manuscript.text.split("\n")]
        first = [at for at, line in enumerate(lines) if labels.get(line) == heads.WORDING]
        return any(heads.columns(lines[at : at + len(heads.PLACES)], labels) for at in first)

    def read(self) -> Table:
        part, line, segment, headed = "", "", list[Block](), False
        for block in self._blocks():
            if block.kind == "part":
                self._close(segment, part, line)
                part, line, segment = block.iri, "", []
                self._table.parts.append((block.iri, block.piece))
            elif block.kind == "line":
                self._close(segment, part, line)
                line, segment, headed = block.iri, [], True
                self._table.lines.append((block.iri, block.piece))
            elif block.kind == "layout":
                self._table.layout.append((block.iri, block.piece))
                if segment and not headed:
                    self._close(segment, part, line)
                    segment, line = [], ""
                headed = False
            elif block.kind == "text" and self._vocabulary.nearly_heading(self._manuscript.raw(block.piece)):
                self._close(segment, part, line)
                line, segment, headed = "", [], True
                self._table.loose.append(block.piece)
            elif not (part or line or segment or self._table.layout or self._is_numbered(block)):
                self._table.front.append(block.piece)
            else:
                segment.append(block)
        self._close(segment, part, line)
        return self._table

    def _is_numbered(self, block: Block) -> bool:
        return NUMBERED.match(self._manuscript.raw(block.piece)) is not None

    def _blocks(self) -> Iterator[Block]:
        for lines in self._manuscript.paragraphs():
            yield from self._split(lines)

    def _split(self, lines: list[Piece]) -> Iterator[Block]:
        """The blocks of a paragraph: links that lead it, headings, and text, parted where a row begins."""
        begin, at, leading = 0, 0, True
        while at < len(lines):
            kind, iri, count = self._heading(lines, at)
            is_link = leading and LINK.fullmatch(self._manuscript.raw(lines[at])) is not None
            if kind or is_link or self._begins(lines, at):
                if at > begin:
                    yield Block("text", Piece(lines[begin].start, lines[at - 1].end))
                begin = at
            if kind or is_link:
                yield Block(kind or "link", Piece(lines[at].start, lines[at + count - 1].end), iri)
                at = begin = at + count
                continue
            leading = False
            at += 1
        if begin < len(lines):
            yield Block("text", Piece(lines[begin].start, lines[-1].end))

    def _heading(self, lines: list[Piece], at: int) -> tuple[str, str, int]:
        for count in range(1, min(_MOST_LINES, len(lines) - at) + 1):
            text = self._manuscript.text[lines[at].start : lines[at + count - 1].end]
            kind, iri = self._vocabulary.heading(text, loosely=False)
            if kind:
                return kind, iri, count
            if len(squash(text)) > self._vocabulary.longest_heading():
                break
        for count in range(min(_MOST_LINES, len(lines) - at), 0, -1):
            kind, iri = self._vocabulary.heading(
                self._manuscript.text[lines[at].start : lines[at + count - 1].end]
            )
            if kind and (count == 1 or kind == "layout"):
                return kind, iri, count
        return "", "", 1

    def _begins(self, lines: list[Piece], at: int) -> bool:
        """Whether a line that follows another begins a numbered row, or an answer that has a known status."""
        if at == 0:
            return False
        if self._stacked:
            return True
        if NUMBERED.match(self._manuscript.raw(lines[at])):
            return True
        answer = self._answers.read(lines[at].start, lines[-1].end)
        return answer is not None and bool(answer.mentions and answer.status)

    def _close(self, segment: list[Block], part: str, line: str) -> None:
        """Make rows of the blocks of one table."""
        answers: list[tuple[int, Answer]] = []
        reached = 0
        for index, block in enumerate(segment):
            if block.kind != "text" or block.piece.start < reached:
                continue
            if self._legend.begins(block.piece):
                rest = Piece(block.piece.start, segment[-1].piece.end)
                self._table.legend.extend(self._legend.read(rest))
                segment = segment[:index]
                break
            answer = self._answers.read(block.piece.start, segment[-1].piece.end)
            if answer and (answer.mentions or (index and answer.start > reached)):
                answers.append((index, answer))
                reached = answer.end
        self._rows(segment, answers, part, line)

    def _rows(self, segment: list[Block], answers: list[tuple[int, Answer]], part: str, line: str) -> None:
        previous: Row | None = None
        begin = 0
        for index, answer in answers:
            before = segment[begin:index]
            texts = [block.piece for block in before if block.kind == "text"]
            cut = self._cutter.cut(texts, part, previous)
            first = texts[cut].start if cut < len(texts) else len(self._manuscript.text)
            row = Row(part=part, line=line)
            for block in before:
                if block.kind == "link":
                    self._links(block)
                elif block.piece.start < first:
                    self._continue(previous, block.piece)
                else:
                    row = self._worded(row, block.piece)
            self._take(row, answer, segment[index].piece)
            previous, begin = row, index + 1
        for block in segment[begin:]:
            previous = self._trail(previous, block, part, line)

    def _worded(self, row: Row, piece: Piece) -> Row:
        """The row with one more paragraph of wording; a new row, if a number begins it and one was begun."""
        if row.wording and NUMBERED.match(self._manuscript.raw(piece)):
            self._add(row)
            row = Row(part=row.part, line=row.line)
        row.wording.append(piece)
        return row

    def _trail(self, previous: Row | None, block: Block, part: str, line: str) -> Row | None:
        """A block after the last answer: a link, a row that nothing is said of, or more of the comment."""
        if block.kind == "link":
            self._links(block)
            return previous
        begins = NUMBERED.match(self._manuscript.raw(block.piece)) or (
            block.piece.start >= (previous.answer[-1].end if previous and previous.answer else 0)
            and self._cutter.is_known([block.piece], part)
        )
        if not begins:
            self._continue(previous, block.piece)
            return previous
        row = Row(part=part, line=line, wording=[block.piece])
        self._add(row)
        return row

    def _take(self, row: Row, answer: Answer, block: Piece) -> None:
        manuscript = self._manuscript
        row.responsible, row.mentions = answer.responsible, answer.mentions
        row.status, row.status_stated = answer.status, answer.status_stated
        row.answer = [manuscript.piece(answer.start, max(answer.end, block.end))]
        if answer.end < block.end:
            row.comment = [manuscript.piece(answer.end, block.end)]
            if not answer.status and answer.beside:
                row.unread = " ".join(manuscript.words(row.comment[0]).split()[:3])
        self._add(row)

    def _add(self, row: Row) -> None:
        row.wording = self._joined(row.wording)
        found = NUMBERED.match(self._manuscript.text, row.wording[0].start) if row.wording else None
        row.number = int(found[1]) if found else 0
        if self._page_ended:
            self._on_page, self._page_ended = [], False
        self._table.rows.append(row)
        self._on_page.append(row)

    def _continue(self, row: Row | None, piece: Piece) -> None:
        """Add a paragraph to a row: to its comment, or to a wording that a page's end has cut."""
        if row is None:
            self._table.loose.append(piece)
            return
        reached = row.answer[-1].end if row.answer else piece.start
        if piece.end <= reached:
            return
        piece = self._manuscript.piece(max(piece.start, reached), piece.end)
        if row.comment and self._cutter.belongs_to_wording(piece, row):
            row.wording.append(piece)
            return
        row.comment = self._joined([*row.comment, piece])
        row.answer = self._joined([*row.answer, piece])

    def _joined(self, pieces: list[Piece]) -> list[Piece]:
        """Pieces with only white space between them as one."""
        joined: list[Piece] = []
        for piece in pieces:
            if joined and not self._manuscript.text[joined[-1].end : piece.start].strip():
                joined[-1] = Piece(joined[-1].start, piece.end)
            else:
                joined.append(piece)
        return joined

    def _links(self, block: Block) -> None:
        """Give a link from the end of a page to a row of that page."""
        attach(self._table, self._on_page, block.piece)
        self._page_ended = True
