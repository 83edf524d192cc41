"""The web application: SPARQL, linked data, ready questions and pages over one graph that only is read."""

from __future__ import annotations

from flask import Flask, request

from bibgraph.config import Settings
from bibgraph.graph import Graph, open_graph
from bibgraph.limits import Limits
from bibgraph.web.described import contact
from bibgraph.web.described.apis import ApiCatalog
from bibgraph.web.described.catalog import Catalog
from bibgraph.web.described.dumps import Dumps
from bibgraph.web.described.feeds import Feeds
from bibgraph.web.described.files import Files
from bibgraph.web.described.sitemap import Sitemap
from bibgraph.web.described.void import Void
from bibgraph.web.documents.graphs import Graphs
from bibgraph.web.documents.linksets import linksets
from bibgraph.web.documents.mementos import Mementos
from bibgraph.web.documents.neighbourhoods import Neighbourhoods
from bibgraph.web.documents.things import Things
from bibgraph.web.endpoint.protocol import Protocol
from bibgraph.web.endpoint.words import Words
from bibgraph.web.http import addresses, answers, decoding, problems, reader, theme
from bibgraph.web.openapi.description import OpenApi
from bibgraph.web.pages import front
from bibgraph.web.pages.changes import Changes
from bibgraph.web.pages.front import Pages
from bibgraph.web.pages.overviews import Overviews
from bibgraph.web.pages.sources import SourcePages
from bibgraph.web.pages.status import Status
from bibgraph.web.parts import assets, display, searchable
from bibgraph.web.questions.views import Questions
from bibgraph.web.rdf.context import ContextFile
from bibgraph.web.search.page import Search
from bibgraph.web.vocabulary.ontology import Vocabulary
from bibgraph.web.vocabulary.shapes import Shapes

STATIC_SECONDS = 365 * 24 * 3600
_PARTS = (
    *(Pages, Status, Changes, SourcePages, Overviews, Search, Questions),
    *(Things, Graphs, Vocabulary, Shapes, ContextFile, Catalog, Void, Sitemap, Feeds, Mementos, OpenApi),
    *(Words, Neighbourhoods, ApiCatalog),
)


def create_app(settings: Settings, graph: Graph | None = None, limits: Limits | None = None) -> Flask:
    """The application over ``graph``, or over the graph that ``settings`` name, within ``limits``.

    What runs it takes in requests and, if the graph's store is none that keeps limits, runs the queries: see
    ``gateway`` for how ``bibgraph serve`` does that.
    """
    served = graph if graph is not None else open_graph(settings)
    within = limits or Limits()
    app = Flask(__name__)
    app.config[contact.SETTING] = settings.contact
    app.config[answers.QUERIES] = served.repository.queries_version
    app.config[front.STATEMENT] = settings.accessibility_statement
    app.config.update(MAX_CONTENT_LENGTH=within.request_bytes, SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS)
    app.url_map.strict_slashes = False  # the redirects that these would make name the host
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    app.before_request(lambda: decoding.check_path(request.environ))
    app.before_request(addresses.single_slashes)
    app.before_request(addresses.no_last_slash)
    app.after_request(answers.harden)
    app.context_processor(lambda: {"version": served.version})
    reader.install(app, settings.language)
    display.install(app)
    assets.install(app)
    problems.install(app)
    searchable.install(app, served)
    for part in _PARTS:
        app.register_blueprint(part(served).blueprint())
    app.register_blueprint(theme.blueprint())
    files = Files(served, settings.cache)
    files.install(app)
    app.register_blueprint(Dumps(served, files).blueprint())
    app.register_blueprint(linksets(served).blueprint())
    app.register_blueprint(Protocol(served, within).blueprint())
    return app
