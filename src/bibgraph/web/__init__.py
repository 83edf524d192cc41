"""The web application: SPARQL, linked data, ready questions and pages over one graph that only is read."""

from __future__ import annotations

from flask import Flask, request

from bibgraph.config import Settings
from bibgraph.graph import Graph, open_graph
from bibgraph.web import answers, decoding, display, problems, reader
from bibgraph.web.graphs import Graphs
from bibgraph.web.pages import Pages
from bibgraph.web.protocol import Protocol
from bibgraph.web.questions import Questions
from bibgraph.web.things import Things
from bibgraph.web.vocabulary import Vocabulary

LARGEST_BODY = 256 * 1024
STATIC_SECONDS = 365 * 24 * 3600


def create_app(settings: Settings, graph: Graph | None = None) -> Flask:
    """The application over ``graph``, or over the graph that ``settings`` name."""
    served = graph if graph is not None else open_graph(settings)
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS)
    app.url_map.strict_slashes = False  # the redirects that these would make name the host
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    app.before_request(lambda: decoding.check_path(request.environ))
    app.after_request(answers.harden)
    app.context_processor(lambda: {"version": served.version})
    reader.install(app, settings.language)
    display.install(app)
    problems.install(app)
    for part in (Pages, Things, Graphs, Vocabulary, Questions, Protocol):
        app.register_blueprint(part(served).blueprint())
    return app
