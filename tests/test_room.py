"""Room of large answers is given back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

FLOOD = """
import sys
from bibgraph.store.sandbox.room import give_back_room

def held():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * 4096

if sys.argv[1] == "given back":
    give_back_room()
bytes(16 << 20)  # from here on the C library keeps pieces up to this size
before = held()
# Behind each piece lies a small one that is not let go of.
pieces = [(b"a" * (4 << 20), bytes(range(256)) * (16 + each)) for each in range(50)]
small = [piece[1] for piece in pieces]
del pieces
print((held() - before) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux is spoken of")
def test_the_room_of_large_answers_is_given_back() -> None:
    kept, given_back = (
        int(subprocess.check_output((sys.executable, "-c", FLOOD, way))) for way in ("kept", "given back")
    )
    assert given_back < 8
    assert kept > 10 * given_back
