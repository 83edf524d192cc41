"""Documents of Word (OOXML, ECMA-376) as paragraphs and tables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part as Package
from docx.oxml.ns import qn
from lxml import etree

from bibgraph.ingest.heads import NO_HEADS, Heads
from bibgraph.ingest.numbering import Numbering
from bibgraph.ingest.parts import MERGED, MOST_CELLS, Cells, Part, is_address, table, with_links

_W = {
    name: qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "t", "tab", "br", "cr", "noBreakHyphen", "id")
}
_W |= {
    name: qn(f"w:{name}") for name in ("del", "moveFrom", "hyperlink", "gridSpan", "vMerge", "val", "type")
}
_W |= {name: qn(f"w:{name}") for name in ("instrText", "fldSimple", "instr", "trPr", "footnote", "endnote")}
_R_ID = qn("r:id")
_SIGNS = {_W["tab"]: " ", _W["br"]: "\n", _W["cr"]: "\n", _W["noBreakHyphen"]: "-"}
_GONE = (_W["del"], _W["moveFrom"], "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
"""What stands within these is deleted, moved away, or said already in a newer way."""
_FIELD = re.compile(r'\bHYPERLINK\s+"([^"]+)"')
_NOTES = ((RELATIONSHIP_TYPE.FOOTNOTES, "footnote"), (RELATIONSHIP_TYPE.ENDNOTES, "endnote"))

Said = tuple[str, list[str]]
"""A text, and the addresses that it leads to."""


def read_docx(content: bytes, _: Heads = NO_HEADS) -> Iterable[Part]:
    """Paragraphs and tables in their order, then footnotes; what is marked as inserted is in, deleted out.

    In cells, the numbers and bullets of lists, which the document counts and does not hold, are text too.
    """
    document = docx.Document(io.BytesIO(content))
    yield from _Reader(document.part).parts(document.element.body)
    for kind, name in _NOTES:
        for related in document.part.rels.values():
            if related.reltype == kind and not related.is_external:
                yield from _notes(related.target_part, name)


def _notes(part: Package, name: str) -> Iterator[Part]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    reader = _Reader(part)
    for note in etree.fromstring(part.blob, parser).iter(_W[name]):
        if note.get(_W["type"]) is None:  # else it is the line above them
            yield from reader.parts(note)


class _Reader:
    """Reads elements of one part of a package, whose links it knows."""

    def __init__(self, part: Package) -> None:
        self._targets = {key: each.target_ref for key, each in part.rels.items() if each.is_external}
        self._numbering = Numbering(part)

    def parts(self, element: etree._Element) -> Iterator[Part]:
        for child in element:
            if child.tag == _W["p"]:
                yield Part(with_links(*self._said(child)))
            elif child.tag == _W["tbl"]:
                rows = (row for row in _own(child, _W["tr"], _W["tbl"]) if not _is_deleted(row))
                yield table(self._row(row) for row in rows)
            elif child.tag not in _GONE:
                yield from self.parts(child)

    def _row(self, row: etree._Element) -> Cells:
        cells: Cells = []
        for cell in _own(row, _W["tc"], _W["tr"]):
            merged = cell.find(f"*/{_W['vMerge']}")
            goes_on = merged is not None and merged.get(_W["val"]) != "restart"
            span = cell.find(f"*/{_W['gridSpan']}")
            width = int(span.get(_W["val"]) or 1) if span is not None else 1
            cells += [MERGED if goes_on else self._cell(cell), *[""] * (min(width, MOST_CELLS) - 1)]
        return cells

    def _cell(self, cell: etree._Element) -> str:
        texts, links = list[str](), list[str]()
        for paragraph in cell.iter(_W["p"]):
            text, led = self._said(paragraph)
            texts.append(self._numbering.before(paragraph) + text if text.strip() else text)
            links += led
        return with_links("\n".join(texts), links)

    def _said(self, paragraph: etree._Element) -> Said:
        text, links = list[str](), list[str]()
        names = ("t", "hyperlink", "instrText", "fldSimple")
        for each in paragraph.iter(*(_W[name] for name in names), *_SIGNS):
            if next(each.iterancestors(*_GONE), None) is not None:
                continue
            if each.tag == _W["hyperlink"]:
                links.append(self._targets.get(str(each.get(_R_ID)), ""))
            elif each.tag in (_W["instrText"], _W["fldSimple"]):
                links += _FIELD.findall(each.text or str(each.get(_W["instr"])))
            else:
                text.append(_SIGNS.get(str(each.tag)) or each.text or "")
        return "".join(text), list(filter(is_address, links))


def _own(element: etree._Element, tag: str, fence: str) -> Iterator[etree._Element]:
    """The elements below of this tag that no other ``fence`` within holds."""
    return (each for each in element.iter(tag) if next(each.iterancestors(fence)) is element)


def _is_deleted(row: etree._Element) -> bool:
    return row.find(f"{_W['trPr']}/{_W['del']}") is not None
