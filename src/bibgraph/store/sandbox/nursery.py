"""What starts the processes that workers come from: a zygote that forks them, or each by itself."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bibgraph.config import Settings
from bibgraph.limits import Limits
from bibgraph.store.sandbox.forking import ForkNursery
from bibgraph.store.sandbox.spawning import SpawnNursery
from bibgraph.store.sandbox.workers import Nursery

_PROGRAM = "bibgraph.nursery"
_FOLDERS = ("root", "cache")


def command(settings: Settings, data: Sequence[Path], limits: Limits) -> list[str]:
    """The command that starts a process which holds the graph that the settings name, or these files."""
    folders = {name: str(path) for name in _FOLDERS if (path := getattr(settings, name))}
    members = {"folders": folders, "data": [str(path) for path in data], "limits": asdict(limits)}
    return [sys.executable, "-m", _PROGRAM, json.dumps(members)]


def nursery(settings: Settings, data: Sequence[Path], limits: Limits) -> Nursery:
    """Where workers over this graph come from on this system; what can be started before it is needed, is."""
    told = command(settings, data, limits)
    if not hasattr(os, "fork"):
        return SpawnNursery(told)
    made = ForkNursery(told)
    made.start()
    return made
