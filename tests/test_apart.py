"""Queries of those who are at home, in Python or a notebook: whatever a query does, their process goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="looks at processes as Linux has them"
)

SECONDS = 60.0
_TIMES = " ".join(
    f"'2020-01-01T{hour:02d}:{minute}:00{zone}'^^<http://www.w3.org/2001/XMLSchema#dateTime>"
    for zone in ("", "Z", "+13:00")
    for hour in range(24)
    for minute in ("00", "30")
)
MIXED = f"SELECT ?x {{ VALUES ?x {{ {_TIMES} }} }} ORDER BY ?x"
DEADLY = f"{MIXED} (EXISTS {{}})"
"""Times with and without a zone have no order, which ends the engine and whatever process it is in.

The second is not put in an order that there is, for its own order asks for a pattern.
"""
_NUMBERS = " ".join(map(str, range(40)))
ENDLESS = (
    "ASK { " + " ".join(f"VALUES ?v{n} {{ {_NUMBERS} }}" for n in range(8)) + " FILTER (?v0 + ?v7 < 0) }"
)
DATA = """
<https://e/a> <https://e/n> 7 <https://e/g> .
<https://e/a> <https://e/n> 7 <https://e/h> .
<https://e/a> <https://e/at> _:there <https://e/g> .
_:there <https://e/n> 8 <https://e/h> .
""".replace(" 7 ", ' "7" ').replace(" 8 ", ' "8" ')

_BEGIN = """
import gc, json, os, shutil, signal, sys, threading, time, warnings
from pathlib import Path
import bibgraph
from bibgraph import BibgraphError

if sys.argv[2] == "beside a thread":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
DEADLY, ENDLESS, MIXED = json.loads(sys.argv[3])
graph = bibgraph.open(sys.argv[1])

def children():
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]

def told(query):
    try:
        return [list(map(str, row.values())) for row in graph.sparql(query)]
    except BibgraphError as error:
        return type(error).__name__

def right():
    return told("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [["3"]]
"""
ALONE = ["alone", "beside a thread"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("apart") / "a.nq"
    file.write_text(DATA, "utf-8")
    return file


def command(data: Path, alone: str, script: str) -> list[str]:
    queries = json.dumps([DEADLY, ENDLESS, MIXED])
    return [sys.executable, "-W", "error", "-c", _BEGIN + script, str(data), alone, queries]


def said(data: Path, alone: str, script: str) -> list[str]:
    """What a user's script prints."""
    done = subprocess.run(
        command(data, alone, script), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


def runs(pid: str) -> bool:
    """Whether a process has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("alone", ALONE)
def test_what_ends_the_engine_ends_no_process_of_a_user(data: Path, alone: str) -> None:
    script = """
before = len(os.listdir("/proc/self/fd"))
print(right(), told(DEADLY), told(DEADLY), right(), right())
print(len(told(MIXED)), right())
print(len(children()), told("SELECT ?s {"), told("DELETE WHERE { ?s ?p ?o }"), len(children()))
print(told("SELECT ?n { GRAPH <https://e/h> { ?s <https://e/n> ?n } } ORDER BY ?n"))
print(told("SELECT ?n FROM <https://e/g> { ?s <https://e/n> ?n }"), bool(graph.sparql("ASK {}")))
blank = "SELECT ?x { <https://e/a> <https://e/at> ?x }"
print(told(blank) == [[str(row[0])] for row in graph._itself.query(blank)])
print(len(graph.sparql("CONSTRUCT WHERE { ?s ?p ?o }")))
os.kill(*children(), signal.SIGKILL)
print(told("ASK {}"), right())
graph = None
gc.collect()
print(children(), len(os.listdir("/proc/self/fd")) - before)
"""
    assert said(data, alone, script) == [
        "True Unavailable Unavailable True True",
        "144 True",
        "1 QueryError Forbidden 1",
        "[['7'], ['8']]",
        "[['7']] True",
        "True",
        "3",
        "Unavailable True",
        "[] 0",
    ]


@pytest.mark.parametrize("alone", ALONE)
def test_who_stops_waiting_gets_the_next_answer_right(data: Path, alone: str) -> None:
    script = """
right()
signal.signal(signal.SIGALRM, signal.default_int_handler)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    graph.sparql(ENDLESS)
except KeyboardInterrupt:
    print(right(), len(children()))
"""
    assert said(data, alone, script) == ["True 1"]


@pytest.mark.parametrize("alone", ALONE)
def test_a_fork_of_the_process_has_a_process_of_its_own_to_ask(data: Path, alone: str) -> None:
    script = """
print(right(), flush=True)
warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of what is tried here
pid = os.fork()
if pid == 0:
    print(right() and right(), flush=True)
    graph = None
    gc.collect()
    os._exit(0)
os.waitpid(pid, 0)
print(right(), len(children()))
"""
    assert said(data, alone, script) == ["True", "True", "True 1"]


@pytest.mark.parametrize("alone", ALONE)
def test_a_query_ends_with_whom_it_is_answered_for(data: Path, alone: str) -> None:
    script = "print(right(), *children(), flush=True)\ngraph.sparql(ENDLESS)\n"
    with subprocess.Popen(command(data, alone, script), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        answered, pid = process.stdout.readline().split()
        time.sleep(0.2)
        process.kill()
        process.wait(SECONDS)
    assert answered == "True"
    ends = time.monotonic() + SECONDS
    while runs(pid):
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_threads_of_a_user_each_get_their_own_answer(data: Path) -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    found = list(pool.map(lambda n: told(f"SELECT ({n} AS ?n) {{}}"), range(200)))
print(found == [[[str(n)]] for n in range(200)], len(children()))
"""
    assert said(data, "beside a thread", script) == ["True 1"]


def test_where_no_process_can_be_started_the_store_is_asked_here(data: Path) -> None:
    script = """
sys.executable = ""
print(right(), children())
sys.executable = shutil.which("false")
print(right(), children())
"""
    assert said(data, "beside a thread", script) == ["True []", "True []"]
