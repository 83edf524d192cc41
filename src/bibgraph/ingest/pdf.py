"""Reports in PDF (ISO 32000) with a text layer: words, rules and links by their places on the pages."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

from bibgraph.ingest.grid import read_sheets
from bibgraph.ingest.heads import NO_HEADS, Heads
from bibgraph.ingest.lines import Link, Rule, Sheet, Word
from bibgraph.ingest.parts import Part, TooMuch, Unreadable, is_address
from bibgraph.ingest.strokes import Point, strokes

MOST_PAGES = 100
"""A report has some ten pages."""
_LETTERS = 20
"""With fewer letters than this a document has no text layer worth the name."""
_RISE = 0.8
"""How much of the height of letters lies above their base line."""
_APART, _SPACED = 0.2, 0.12
"""Letters further apart than so much of their height belong to different words; less will do at a space."""
_STRAIGHT = 1.0
"""A rule leans by no more than this."""
_MOST_ADDRESS = 4096
_HYPHEN = 2
"""What the library gives for a hyphen at the end of a line."""
_UNKNOWN = (0, 0xFFFD, 0xFFFE, 0xFFFF)
_QUARTERS = 4

Turn = Callable[[float, float], Point]
"""From a place on a page, from the bottom left corner up, to that which is seen, from the top left down."""


def read_pdf(content: bytes, heads: Heads = NO_HEADS) -> Iterable[Part]:
    """The parts of the pages; heads: the labels of columns, by which tables without rules are found.

    Raises Unreadable for a document that is broken, encrypted, or without a text layer; TooMuch for one of
    more pages than ``MOST_PAGES``.
    """
    try:
        document = pypdfium2.PdfDocument(content)
        if len(document) > MOST_PAGES:
            raise TooMuch(len(document), MOST_PAGES, "pages")
        sheets = [_sheet(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        told = str(error)
        raise Unreadable("encrypted" if "assword" in told else told) from error
    texts = [word.text for sheet in sheets for word in sheet.words]
    letters = sum(map(len, texts))
    if letters < _LETTERS or sum(text.count("\ufffd") for text in texts) > letters / 3:
        raise Unreadable("no text layer")
    yield from read_sheets(sheets, heads)


@dataclass(frozen=True)
class _Letter:
    """The code of a letter, where it begins on its base line, how wide and high it is, and how it is turned.

    quarter: by how many quarters; -1 if it stands askew; None for white space that is not printed.
    """

    sign: int
    origin: Point
    width: float
    height: float
    quarter: int | None


def _sheet(document: pypdfium2.PdfDocument, number: int) -> Sheet:
    page = document[number]
    try:
        letters = _letters(page)
        turned = Counter(each.quarter for each in letters if each.quarter is not None and each.quarter >= 0)
        quarter = turned.most_common(1)[0][0] if turned else 0
        turn = _turn(page.get_mediabox(), quarter)
        width = max(page.get_mediabox()[2:])
        upright = [each for each in letters if each.quarter in (quarter, None)]
        sheet = Sheet(number + 1, width, list(_words(upright, turn)))
        for begin, end in strokes(page):
            _rule(sheet, turn(*begin), turn(*end))
        sheet.links = list(_links(document, page, turn))
        return sheet
    finally:
        page.close()


def _turn(box: tuple[float, float, float, float], quarter: int) -> Turn:
    """How places are seen when the page is held so that its letters, turned by a quarter, stand upright."""
    left, bottom, right, top = box
    turns: tuple[Turn, ...] = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    return turns[quarter]


def _letters(page: pypdfium2.PdfPage) -> list[_Letter]:
    """The letters in the order in which they are printed."""
    text, found = page.get_textpage(), []
    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for at in range(raw.FPDFText_CountChars(text)):
        sign = raw.FPDFText_GetUnicode(text, at)
        if raw.FPDFText_IsGenerated(text, at) == 1:
            found.append(_Letter(sign, (0.0, 0.0), 0.0, 0.0, None))
            continue
        raw.FPDFText_GetLooseCharBox(text, at, box)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        size = raw.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)
        angle = raw.FPDFText_GetCharAngle(text, at) / (math.pi / 2)
        straight = abs(angle - round(angle)) < 0.05  # noqa: PLR2004  # some four degrees
        quarter = round(angle) % _QUARTERS if straight else -1
        reaches = (box.right - x.value, box.top - y.value, x.value - box.left, y.value - box.bottom)
        found.append(_Letter(sign, (x.value, y.value), max(0.0, reaches[quarter]), size, quarter))
    text.close()
    return found


def _words(letters: list[_Letter], turn: Turn) -> Iterator[Word]:
    """Letters that follow each other in a line as words; a word that is printed twice over, once."""
    seen: set[tuple[str, int, int]] = set()
    held: list[Word] = []
    spaced = False
    for letter in [*letters, None]:
        sign = _sign(letter.sign) if letter else " "
        if letter and (not sign or letter.quarter is None):
            spaced = spaced or sign.isspace()
            continue
        each = _placed(letter, sign, turn) if letter else Word(sign, 0.0, 0.0, 0.0, 0.0)
        marked = unicodedata.combining(sign[0])
        if (
            held
            and not marked
            and (sign.isspace() or not _goes_on(held[-1], each, _SPACED if spaced else _APART))
        ):
            word = _joined(held)
            place = (word.text, round(word.left / 2), round(word.top / 2))
            if place not in seen:
                yield word
            seen.add(place)
            held = []
        spaced = False
        if held and marked:
            held[-1] = replace(held[-1], text=held[-1].text + sign, right=max(held[-1].right, each.right))
        elif not sign.isspace():
            held.append(each)


def _placed(letter: _Letter, sign: str, turn: Turn) -> Word:
    left, base = turn(*letter.origin)
    return Word(
        sign, left, left + letter.width, base - letter.height * _RISE, base + letter.height * (1 - _RISE)
    )


def _sign(code: int) -> str:
    """The letter; none for signs that control. What stands for no letter is the sign for that."""
    if code == _HYPHEN:
        return "-"
    if code in _UNKNOWN:
        return "\ufffd"
    sign = chr(code)
    return sign if sign.isprintable() or sign.isspace() or code >= 0xD800 else ""  # noqa: PLR2004  # no control


def _goes_on(before: Word, after: Word, apart: float) -> bool:
    height = max(before.bottom - before.top, after.bottom - after.top)
    same_line = abs(before.middle - after.middle) < height / 2
    if same_line and after.left == before.left:  # both are of one sign, such as a ligature
        return True
    return same_line and -height / 2 < after.left - before.right < height * apart


def _joined(letters: list[Word]) -> Word:
    text = (
        "".join(letter.text for letter in letters)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
    tops, bottoms = [letter.top for letter in letters], [letter.bottom for letter in letters]
    return Word(text, letters[0].left, letters[-1].right, min(tops), max(bottoms))


def _rule(sheet: Sheet, begin: Point, end: Point) -> None:
    """Add a line to those across or down, if it is one."""
    (x, y), (to, down) = begin, end
    if abs(y - down) < _STRAIGHT < abs(x - to):
        sheet.across.append(Rule((y + down) / 2, min(x, to), max(x, to)))
    elif abs(x - to) < _STRAIGHT < abs(y - down):
        sheet.down.append(Rule((x + to) / 2, min(y, down), max(y, down)))


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, turn: Turn) -> Iterator[Link]:
    at, link, box = ctypes.c_int(0), raw.FPDF_LINK(), raw.FS_RECTF()
    while raw.FPDFLink_Enumerate(page, at, link):
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        buffer = ctypes.create_string_buffer(_MOST_ADDRESS)
        raw.FPDFAction_GetURIPath(document, action, buffer, _MOST_ADDRESS)
        address = buffer.value.decode("utf-8", "replace").strip()
        if is_address(address) and raw.FPDFLink_GetAnnotRect(link, box):
            yield Link(address, *turn((box.left + box.right) / 2, (box.top + box.bottom) / 2))
