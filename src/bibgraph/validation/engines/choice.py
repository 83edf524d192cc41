"""Which engines there are, and how one is got hold of by its name."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from bibgraph.errors import SettingsError
from bibgraph.messages import message
from bibgraph.validation.results import Begun
from bibgraph.validation.stated import Stated
from bibgraph.validation.triples import Triples

REFERENCE = "pyshacl"
ENGINES = {
    REFERENCE: ("pyshacl", "certain"),
    "shacl-rust": ("shacl_rust", "rust"),
    "shifty": ("shifty", "shifty"),
}
"""By name: the package that must be there, and the module here that calls it."""


class Unusable(Exception):
    """The shapes cannot be run; the text is the engine's own reason."""


class Engine(Protocol):
    """Something that validates."""

    def begin(self, data: Stated, shapes: Triples) -> Begun:
        """Validate the data (SHACL, section 3.6), without inference; results are in no order.

        They name the shapes as ``shapes`` does. Raises Unusable.
        """


def choose(name: str = REFERENCE) -> Engine:
    """The engine of that name. Raises as ``demand``."""
    demand(name)
    engine: Engine = import_module(f"bibgraph.validation.engines.{ENGINES[name][1]}").ENGINE
    return engine


def demand(name: str) -> None:
    """Raises SettingsError if there is no engine of that name, or if its package is not installed."""
    if name not in ENGINES:
        raise SettingsError(
            message("{name} cannot be {value!r}.", name="engine", value=name),
            hint=message("Allowed: {allowed}.", allowed=", ".join(ENGINES)),
        )
    if find_spec(ENGINES[name][0]) is None:
        raise SettingsError(
            message("The engine {name} is not installed.", name=name),
            hint=message("Install it: {command}", command="pip install 'bibgraph[fast]'"),
        )
