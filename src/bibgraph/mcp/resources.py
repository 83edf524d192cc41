"""What can be read besides: the ontology and the codes, as Turtle."""

from __future__ import annotations

from mcp import types

from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.suggestions import suggestion
from bibgraph.turtle import read_text

_SCHEME = "bibgraph://"


class Resources:
    """The files of the ontology of ``graph``'s project, by addresses of the scheme ``bibgraph``."""

    def __init__(self, graph: Graph, language: str) -> None:
        self._files = {_SCHEME + file.name: file for file in graph.repository.ontology}
        about = message("Classes, properties and codes, with labels and definitions in three languages")
        self.listed = [
            types.Resource(
                uri=uri,
                name=file.name,
                description=about.text(language),
                mime_type=BY_NAME["ttl"].type,
                size=file.path.stat().st_size,
            )
            for uri, file in self._files.items()
        ]

    def read(self, uri: str) -> types.TextResourceContents:
        """The text of a resource. Raises NotFound for an address that none has."""
        file = self._files.get(uri)
        if file is None:
            raise NotFound(message("There is no resource {uri}.", uri=uri), hint=suggestion(uri, self._files))
        return types.TextResourceContents(
            uri=uri, mime_type=BY_NAME["ttl"].type, text=read_text(file.path, name=file.name)
        )
