"""All checks together, over the project or over any files: the one list of findings."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bibgraph.checking.examining import asked, check, examine
from bibgraph.checking.worlds import Checked, Moved, Selection, World, elsewhere, project

if TYPE_CHECKING:
    from bibgraph.checking.changes import Changes, changes_since

__all__ = [
    "Changes",
    "Checked",
    "Moved",
    "Selection",
    "World",
    "asked",
    "changes_since",
    "check",
    "elsewhere",
    "examine",
    "project",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the module has
    """What only a comparison with a revision needs is loaded when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("bibgraph.checking.changes"), name)
