"""Norway's library policy as one linked-data knowledge graph.

>>> import bibgraph
>>> graph = bibgraph.open()
>>> answer = graph.ask("measures-by-status", date="2025-10-14")
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # what type checkers take it for, without the time that loading ``typing`` takes
if TYPE_CHECKING:
    from bibgraph.api import Answer, Citation, Iri, KnowledgeGraph, Text, Thing
    from bibgraph.api import open_graph as open  # noqa: A004  # as in ``gzip.open``
    from bibgraph.errors import BibgraphError

__all__ = [
    "Answer",
    "BibgraphError",
    "Citation",
    "Iri",
    "KnowledgeGraph",
    "Text",
    "Thing",
    "__version__",
    "open",
]

_ROOMS = {"open": ("api", "open_graph"), "BibgraphError": ("errors", "BibgraphError")}


def __getattr__(name: str) -> object:
    """What researchers use is loaded when it is asked for: a command line should start at once."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  # likewise

    room, its_name = _ROOMS.get(name, ("api", name))
    found: object = getattr(import_module(f"bibgraph.{room}"), its_name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
