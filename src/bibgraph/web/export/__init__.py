"""The whole site as files for any web server: pages, data, and SPARQL in the reader's browser."""

from bibgraph.web.export.folder import renewed
from bibgraph.web.export.site import Report, Site
from bibgraph.web.export.webassembly import EngineError, engine

__all__ = ["EngineError", "Report", "Site", "engine", "renewed"]
