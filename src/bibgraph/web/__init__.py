"""The web application: SPARQL, linked data, ready questions and pages over one graph that only is read."""

from __future__ import annotations

from flask import Flask, request

from bibgraph.config import Settings
from bibgraph.graph import Graph, open_graph
from bibgraph.limits import Limits
from bibgraph.web import answers, decoding, display, problems, reader
from bibgraph.web.graphs import Graphs
from bibgraph.web.openapi import OpenApi
from bibgraph.web.pages import Pages
from bibgraph.web.protocol import Protocol
from bibgraph.web.questions import Questions
from bibgraph.web.things import Things
from bibgraph.web.vocabulary import Vocabulary
from bibgraph.web.void import Void

STATIC_SECONDS = 365 * 24 * 3600


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
    for part in (Pages, Things, Graphs, Vocabulary, Questions, OpenApi, Void):
        app.register_blueprint(part(served).blueprint())
    app.register_blueprint(Protocol(served, within).blueprint())
    return app
