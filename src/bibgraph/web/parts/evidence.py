"""What stands beside a statement on a page: the quoted passage with its place, or the page of the web."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.describe import Describer, value_of
from bibgraph.namespaces import THINGS
from bibgraph.sources.documents import line_number

_AROUND = 70


@dataclass(frozen=True)
class Proof:
    """One piece of evidence: a quotation, or a page of the web with its address and confidence.

    readable: the text of the document is at hand.
    """

    quotation: str
    words: str
    language: str
    source: str
    first: int
    last: int
    page: str
    readable: bool = False
    address: str = ""
    confidence: str = ""

    @property
    def path(self) -> str:
        """The address of the passage in its document, lit; empty where text or lines are not known."""
        if not (self.readable and self.first):
            return ""
        last = max(self.last, self.first)
        lines = f"?lines={self.first}-{last}" if last != self.first else f"?lines={self.first}"
        return f"{source_path(self.source)}{lines}#L{self.first}"

    def repeats(self, text: str) -> bool:
        """Whether it and ``text`` say the same, or one all that the other does: no need to print it again."""
        mine, other = _plain(self.words).strip("«»“”"), _plain(text).strip("«»“”")
        return bool(mine and other) and (mine in other or other in mine)

    def cut(self, decisive: str) -> tuple[str, str, str]:
        """The words before the decisive ones, these, and those after; shortened where they are many."""
        start = _plain(self.words).find(_plain(decisive)) if decisive else -1
        if start < 0:
            return self.words, "", ""
        words, end = " ".join(self.words.split()), start + len(_plain(decisive))
        return _end_of(words[:start]), words[start:end], _start_of(words[end:])


def proofs(describer: Describer, things: Iterable[str]) -> Mapping[str, Sequence[Proof]]:
    """The evidence of each thing, in the order of the documents. What has none is absent."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for row in describer.about("pages/page-evidence", "thing", sorted(set(things))):
        words = row["words"]
        proof = Proof(
            quotation=value_of(row["quotation"]),
            words=value_of(words),
            language=(words.language or "") if isinstance(words, ox.Literal) else "",
            source=value_of(row["source"]),
            first=line_number(value_of(row["first"])),
            last=line_number(value_of(row["last"])),
            page=value_of(row["page"]),
            readable=row["file"] is not None,
            address=value_of(row["address"]),
            confidence=value_of(row["confidence"]),
        )
        found[value_of(row["thing"])].append(proof)
    return found


def mentioned(found: Mapping[str, Sequence[Proof]]) -> set[str]:
    """The IRIs that pages with this evidence name."""
    listed = [proof for proofs_ in found.values() for proof in proofs_]
    return {iri for proof in listed for iri in (proof.source, proof.confidence) if iri}


def source_path(iri: str) -> str:
    """The path of the page that shows a source document line by line."""
    return f"/sources/{iri.removeprefix(THINGS['source/'])}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _end_of(text: str) -> str:
    return text if len(text) <= _AROUND else "… " + text[-_AROUND:].partition(" ")[2]


def _start_of(text: str) -> str:
    return text if len(text) <= _AROUND else text[:_AROUND].rpartition(" ")[0] + " …"
