"""The web application: SPARQL, linked data, ready questions and pages over one graph that only is read."""

from __future__ import annotations

from flask import Flask, request

from bibgraph.config import Settings
from bibgraph.graph import Graph, open_graph
from bibgraph.limits import Limits
from bibgraph.web import answers, decoding, display, problems, reader, searchable, theme
from bibgraph.web.catalog import Catalog
from bibgraph.web.changes import Changes
from bibgraph.web.context import ContextFile
from bibgraph.web.dumps import Dumps
from bibgraph.web.feeds import Feeds
from bibgraph.web.graphs import Graphs
from bibgraph.web.linksets import linksets
from bibgraph.web.mementos import Mementos
from bibgraph.web.openapi import OpenApi
from bibgraph.web.overviews import Overviews
from bibgraph.web.pages import Pages
from bibgraph.web.protocol import Protocol
from bibgraph.web.questions import Questions
from bibgraph.web.search import Search
from bibgraph.web.shapes import Shapes
from bibgraph.web.sitemap import Sitemap
from bibgraph.web.source_pages import SourcePages
from bibgraph.web.status import Status
from bibgraph.web.things import Things
from bibgraph.web.vocabulary import Vocabulary
from bibgraph.web.void import Void

STATIC_SECONDS = 365 * 24 * 3600
_PARTS = (
    *(Pages, Status, Changes, SourcePages, Overviews, Search, Questions),
    *(Things, Graphs, Vocabulary, Shapes, ContextFile, Catalog, Void, Sitemap, Feeds, Mementos, OpenApi),
)


def create_app(settings: Settings, graph: Graph | None = None, limits: Limits | None = None) -> Flask:
    """The application over ``graph``, or over the graph that ``settings`` name, within ``limits``.

    What runs it takes in requests and, if the graph's store is none that keeps limits, runs the queries: see
    ``gateway`` for how ``bibgraph serve`` does that.
    """
    served = graph if graph is not None else open_graph(settings)
    within = limits or Limits()
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=within.request_bytes, SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS)
    app.url_map.strict_slashes = False  # the redirects that these would make name the host
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    app.before_request(lambda: decoding.check_path(request.environ))
    app.after_request(answers.harden)
    app.context_processor(lambda: {"version": served.version})
    reader.install(app, settings.language)
    display.install(app)
    problems.install(app)
    searchable.install(app, served)
    for part in _PARTS:
        app.register_blueprint(part(served).blueprint())
    app.register_blueprint(theme.blueprint())
    app.register_blueprint(Dumps(served, settings.cache).blueprint())
    app.register_blueprint(linksets(served).blueprint())
    app.register_blueprint(Protocol(served, within).blueprint())
    return app
