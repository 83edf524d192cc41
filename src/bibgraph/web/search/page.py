"""Search: a page of what was found, with the passage and where it stands, and links that narrow it."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer, select, value_of
from bibgraph.errors import ParameterError
from bibgraph.graph import Graph
from bibgraph.messages import Message, message
from bibgraph.namespaces import BASE
from bibgraph.web.http.addresses import site
from bibgraph.web.http.answers import represent
from bibgraph.web.http.decoding import LONGEST_IRI, Fields
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import PAGE, reader
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.display import canonical
from bibgraph.web.parts.evidence import Proof, proofs
from bibgraph.web.questions.asked import address_fields
from bibgraph.web.search.completing import Completions
from bibgraph.web.search.index import Hit, SearchIndex, Text
from bibgraph.web.search.offers import DESCRIPTION, SUGGESTIONS, description, suggestions

_PER_PAGE = 20
_MOST_CHOICES = 12
_LONGEST = 200
FACETS: Mapping[str, Message] = {
    "kind": message("Kind"),
    "line": message("Main line"),
    "status": message("Status"),
    "unit": message("Unit"),
    "theme": message("Theme"),
}
"""What results can be narrowed by, as ``queries/pages/page-facets.rq`` names it."""


@dataclass(frozen=True)
class Choice:
    """A way to narrow the results: the IRI, how many would remain, the address. chosen: it is in force."""

    iri: str
    count: int
    path: str
    chosen: bool


@dataclass(frozen=True)
class _Found:
    index: SearchIndex
    completions: Completions
    facets: Mapping[str, Mapping[str, Sequence[str]]]


class Search:
    """The page ``/search`` of ``graph``. The index is made when first asked, once for each version."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self._lock = threading.Lock()
        self._made: dict[str, _Found] = {}

    def blueprint(self) -> Blueprint:
        """Its address."""
        pages = Blueprint("search", __name__)
        pages.add_url_rule("/search", "search", self.search)
        pages.add_url_rule("/search/suggest", "suggest", self.suggest)
        pages.add_url_rule("/opensearch.xml", "description", self.description)
        return pages

    def search(self) -> Response:
        """What holds the words of ``?q=``, narrowed by the facets in the address."""
        fields = address_fields()
        query = _query(fields)
        chosen = {name: _iri(key, name) for name in FACETS if (key := fields.first(name))}
        made = self._index() if query else None
        hits = made.index.find(query, reader().language) if made else []
        facets = made.facets if made else {}
        kept = [hit for hit in hits if _suits(facets.get(hit.thing, {}), chosen)]
        page = _page(fields.first(PAGE))
        shown = kept[(page - 1) * _PER_PAGE : page * _PER_PAGE]
        choices = {name: _choices(name, hits, facets, chosen, query) for name in FACETS}
        kinds = {hit.thing: facets.get(hit.thing, {}).get("kind", ()) for hit in shown}
        evidence = proofs(self.describer, {hit.thing for hit in shown})
        body = render_template(
            "search.html",
            query=query,
            shown=shown,
            total=len(kept),
            page=page,
            more=len(kept) > page * _PER_PAGE,
            choices=choices,
            headings=FACETS,
            chosen=chosen,
            kinds=kinds,
            places={hit.thing: _place(hit, evidence.get(hit.thing, ())) for hit in shown},
            traits=self.describer.traits({hit.property for hit in shown}),
            meant=made.index.meant(query) if made and not hits else "",
            single=_single(made.index, query) if made and not hits else [],
            names=self.describer.names(_named(shown, choices, kinds)),
            section="/search",
            crumbs=[("", message("Search").text(reader().language))],
        )
        return scripted(represent(body, HTML, version=self.graph.version))

    def suggest(self) -> Response:
        """Names that begin as ``?q=`` does, with their kinds and addresses."""
        query, language = _query(address_fields()), reader().language
        made = self._index()
        found = made.completions.of(query, language)
        kinds = {
            text.thing: next(iter(made.facets.get(text.thing, {}).get("kind", ())), "") for text in found
        }
        names = self.describer.names(set(kinds.values()) - {""})
        root = site().rstrip("/")
        told = [
            (
                text.words,
                names.of(kinds[text.thing], language).text if kinds[text.thing] else "",
                root + canonical(text.thing),
                text.language,
            )
            for text in found
        ]
        body = suggestions(query, told)
        return represent(body, SUGGESTIONS, version=self.graph.version, varies=False, localised=True)

    def description(self) -> Response:
        """What a browser must know to search here from its own field."""
        body = description(site(), reader().language)
        return represent(body, DESCRIPTION, version=self.graph.version, varies=False, localised=True)

    def _index(self) -> _Found:
        version = self.graph.version
        with self._lock:
            if version not in self._made:
                texts = self._texts()
                self._made = {version: _Found(SearchIndex(texts), Completions(texts), self._facets())}
            return self._made[version]

    def _texts(self) -> list[Text]:
        rows = select(self.graph.store, self.graph.repository.query("pages/page-search"))
        return [
            Text(value_of(row["thing"]), value_of(row["property"]), words.value, words.language or "", weight)
            for row in rows
            if isinstance(words := row["words"], ox.Literal) and (weight := int(value_of(row["weight"])))
        ]

    def _facets(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """By thing and facet, the values; of statuses the newest alone."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        newest: dict[tuple[str, str], str] = {}
        for row in select(self.graph.store, self.graph.repository.query("pages/page-facets")):
            thing, facet, issued = (value_of(row[name]) for name in ("thing", "facet", "issued"))
            if newest.setdefault((thing, facet), issued) == issued:
                found[thing][facet].append(value_of(row["value"]))
        return found


def _query(fields: Fields) -> str:
    return fields.first("q").strip()[:_LONGEST]


def _place(hit: Hit, evidence: Sequence[Proof]) -> Proof | None:
    """Where the passage stands in a document: the evidence that has its words, else the first."""
    words = "".join(text for text, _ in hit.pieces).strip("… ")
    return next((proof for proof in evidence if proof.repeats(words)), next(iter(evidence), None))


def _suits(values: Mapping[str, Sequence[str]], chosen: Mapping[str, str]) -> bool:
    return all(iri in values.get(name, ()) for name, iri in chosen.items())


def _single(index: SearchIndex, query: str) -> list[tuple[str, int]]:
    """The words of a query that found nothing, each with how much it finds alone; none that finds nothing."""
    words = list(dict.fromkeys(query.split()))
    found = ((word, len(index.find(word))) for word in words[:_MOST_CHOICES]) if len(words) > 1 else ()
    return [(word, count) for word, count in found if count]


def _iri(key: str, name: str) -> str:
    """The value of a facet that an address names, ours by what follows the base; empty for what is no IRI.

    Raises ParameterError for what is longer than any value.
    """
    iri = key if "://" in key else BASE + key
    if len(iri) > LONGEST_IRI:
        raise ParameterError(
            message("«{text}» is none of its values.", text=f"{key[:_LONGEST]} …"),
            where=name,
            hint=message("Write at most {most} characters.", most=LONGEST_IRI),
            members={"parameter": name, "given": key},
        )
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        return ""


def _choices(
    name: str,
    hits: Sequence[Hit],
    facets: Mapping[str, Mapping[str, Sequence[str]]],
    chosen: Mapping[str, str],
    query: str,
) -> list[Choice]:
    """How the results can be narrowed by one facet, the other facets being as they are."""
    others = {other: value for other, value in chosen.items() if other != name}
    values = (facets.get(hit.thing, {}) for hit in hits)
    counts = Counter(iri for found in values if _suits(found, others) for iri in found.get(name, ()))
    own = chosen.get(name, "")
    if own:  # even if it leaves nothing: it can be undone
        counts.setdefault(own, 0)
    listed = sorted(counts, key=lambda iri: (iri != own, -counts[iri], iri))
    kept = {other: value.removeprefix(BASE) for other, value in others.items()}
    found = []
    for iri in listed[:_MOST_CHOICES]:
        key = iri.removeprefix(BASE)
        is_chosen = iri == own
        told = {"q": query, **kept, **({} if is_chosen else {name: key})}
        found.append(Choice(iri, counts[iri], f"/search?{urlencode(told)}", is_chosen))
    return found if len(found) > 1 or name in chosen else []


def _named(
    shown: Sequence[Hit], choices: Mapping[str, Sequence[Choice]], kinds: Mapping[str, Sequence[str]]
) -> set[str]:
    found = {iri for hit in shown for iri in (hit.thing, hit.property)}
    found |= {choice.iri for listed in choices.values() for choice in listed}
    return found | {kind for listed in kinds.values() for kind in listed}


def _page(text: str) -> int:
    return max(int(text[:9]), 1) if text.isdecimal() else 1
