"""The application over the checkout's own data, stated triples only, for tests of whole pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Flask

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app

CHECKOUT = Path(__file__).resolve().parent.parent
VERSION = "fedcba9876543210fedcba9876543210"


@cache
def real_graph() -> Graph:
    """The project's ontology and data, with its questions."""
    repository = Repository(CHECKOUT)
    store = EmbeddedStore(repository.quads("ontology", "data"), VERSION)
    return Graph(repository, store, Catalogue.load(repository.questions, root=repository.root))


@cache
def real_app() -> Flask:
    """The application over it."""
    return create_app(Settings(language="nb"), real_graph())


def page(path: str, language: str = "en") -> str:
    """The text of a page that must be there."""
    joint = "&" if "?" in path else "?"
    answer = real_app().test_client().get(f"{path}{joint}lang={language}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    return answer.text
