"""How to cite an answer: as text, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.describe import select, value_of
from bibgraph.describe.names import distance
from bibgraph.graph import Graph
from bibgraph.messages import message

_LATEX = re.compile(r"[\\{}&%$#_~^]")
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_DAY = re.compile(r"^\d{4}-\d\d-\d\d")
_SHORT = 12


@dataclass(frozen=True)
class Dataset:
    """What the catalogue says of the graph as a whole, in one language; empty where it says nothing.

    modified: the day, as in ISO 8601.
    """

    title: str = ""
    publisher: str = ""
    licence: str = ""
    modified: str = ""

    @classmethod
    def of(cls, graph: Graph, language: str) -> Dataset:
        """As the graph's own catalogue has it. Raises as ``SparqlStore.query``."""
        texts: dict[str, list[ox.Literal]] = {"title": [], "publisher": []}
        licences, days = set(), {""}
        for row in select(graph.store, graph.repository.query("pages/citation")):
            for name, found in texts.items():
                term = row[name]
                if isinstance(term, ox.Literal):
                    found.append(term)
            licences.add(value_of(row["licence"]))
            days.update(_DAY.findall(value_of(row["modified"])))
        title, publisher = (_nearest(found, language) for found in texts.values())
        return cls(title, publisher, min(licences, default=""), max(days))


@dataclass(frozen=True)
class Citation:
    """How to cite an answer; ``str`` of it gives the sentence.

    title: what was asked. asked: how, as ``measures-by-status, date=2025-10-14``. version: of the graph.
    accessed: the day; None on pages that are kept, whose version says what was there. url: where the answer
    can be had again.
    """

    title: str
    asked: str
    dataset: Dataset
    version: str
    url: str
    accessed: dt.date | None
    language: str

    @property
    def text(self) -> str:
        """A line for a list of literature or a footnote."""
        told = {
            "publisher": self.dataset.publisher or "bibgraph",
            "title": self.title,
            "asked": self.asked,
            "dataset": self.dataset.title or "bibgraph",
            "version": self.version,
            "licence": self.dataset.licence or "–",
            "url": self.url,
        }
        if self.accessed is None:
            day = f" ({self.dataset.modified})" if self.dataset.modified else ""
            sentence = message(
                "{publisher}: «{title}» ({asked}). {dataset}, version {version}. Licence: {licence}. {url}",
                **{**told, "version": self.version + day},
            )
        else:
            sentence = message(
                "{publisher}: «{title}» ({asked}). {dataset}, version {version}. Licence: {licence}. {url} "
                "(accessed {accessed}).",
                **told,
                accessed=self.accessed.isoformat(),
            )
        return sentence.text(self.language)

    def __str__(self) -> str:
        return self.text

    @property
    def key(self) -> str:
        """What the citation is called in BibTeX and CSL: the question and the beginning of the version."""
        words = re.sub(r"[^a-z0-9]+", "-", self.asked.casefold()).strip("-")
        return f"bibgraph-{words}-{self.version.removeprefix('remote:')[:_SHORT]}"

    @property
    def bibtex(self) -> str:
        """An entry for BibTeX and BibLaTeX."""
        fields = {
            "title": f"{{{_latex(self.title)}}}",
            "author": f"{{{_latex(self.dataset.publisher or 'bibgraph')}}}",
            "year": str(self.accessed.year) if self.accessed else self.dataset.modified[:4],
            "howpublished": _latex(self.dataset.title),
            "version": _latex(self.version),
            "url": self.url,
            "urldate": self.accessed.isoformat() if self.accessed else "",
            "note": _latex(", ".join(filter(None, (self.asked, self.version, self.dataset.licence)))),
        }
        lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{''.join(lines)}}}\n"

    @property
    def csl_json(self) -> dict[str, object]:
        """An item of CSL-JSON, as Zotero and pandoc take it (in a list)."""
        day = self.accessed
        when = {"accessed": _parts(day.isoformat())} if day else {}
        if self.dataset.modified:
            when["issued"] = _parts(self.dataset.modified)
        return {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": self.dataset.publisher or "bibgraph"}],
            "publisher": self.dataset.publisher or "bibgraph",
            "container-title": self.dataset.title or "bibgraph",
            "version": self.version,
            "URL": self.url,
            **when,
            "note": ", ".join(filter(None, (self.asked, self.dataset.licence))),
            "language": self.language,
        }


def _nearest(texts: Sequence[ox.Literal], language: str) -> str:
    """The text in the language, else in the nearest that there is."""
    best = min(texts, key=lambda text: (distance(text.language, language), text.value), default=None)
    return best.value if best else ""


def _parts(day: str) -> dict[str, list[list[int]]]:
    """An ISO day as CSL-JSON writes it."""
    return {"date-parts": [[int(part) for part in day.split("-")]]}


def _latex(text: str) -> str:
    return _LATEX.sub(lambda sign: _ESCAPED.get(sign[0], f"\\{sign[0]}"), text)
