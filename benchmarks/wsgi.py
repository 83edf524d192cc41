"""The application for servers of WSGI, over the project's graph in the memory of their own process."""

from bibgraph.config import Settings
from bibgraph.web import create_app

app = create_app(Settings.load())
