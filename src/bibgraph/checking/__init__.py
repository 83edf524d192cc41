"""All checks together, over the project or over any files: the one list of findings."""

from bibgraph.checking.changes import Changes, Checked, changes_since
from bibgraph.checking.examining import asked, check, examine
from bibgraph.checking.worlds import Moved, Selection, World, elsewhere, project

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
