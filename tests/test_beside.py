"""Work in a copy of the process, or in a thread: the same comes of it, and nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from bibgraph.checking.beside import beside

HEAD = """
import os, signal, threading, time
from bibgraph.checking import beside as module
from bibgraph.checking.beside import beside
here = os.getpid()
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems have threads for this")


def alone(script: str) -> str:
    """What a script prints that runs in a process of its own, which has one thread."""
    done = subprocess.run(  # this very interpreter
        [sys.executable, "-c", HEAD + script], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stderr == ""
    return done.stdout


@LINUX
def test_a_process_of_one_thread_is_copied() -> None:
    script = """
with beside(os.getpid) as there:
    print(there() != here)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("nothing left")
"""
    assert alone(script) == "True\nnothing left\n"


@LINUX
@pytest.mark.parametrize(
    "fails",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os._exit(1)",
        "raise ValueError(os.getpid())",
        "return lambda: 'nothing that can be sent'",
    ],
)
def test_what_fails_in_the_copy_is_done_here(fails: str) -> None:
    script = f"""
def work():
    if os.getpid() != here:
        {fails}
    return "done here"

with beside(work) as there:
    print(there())
"""
    assert alone(script) == "done here\n"


@LINUX
def test_what_is_printed_before_is_printed_once() -> None:
    assert alone("print('once')\nwith beside(str) as there:\n    there()\n") == "once\n"


@LINUX
def test_a_copy_that_nobody_waits_for_is_ended() -> None:
    script = """
try:
    with beside(lambda: time.sleep(600)):
        raise KeyboardInterrupt
except KeyboardInterrupt:
    print("ended")
"""
    assert alone(script) == "ended\n"


@LINUX
@pytest.mark.parametrize(
    "prevented",
    [
        "threading.Thread(target=time.sleep, args=(1,)).start()",
        "def fork(): raise BlockingIOError('too many')\nos.fork = fork",
        "del os.fork",
        "module._THREADS = module.Path('/nowhere')",
    ],
)
def test_where_no_copy_can_be_made_a_thread_does_the_work(prevented: str) -> None:
    script = f"{prevented}\nwith beside(lambda: (os.getpid(), threading.get_ident())) as there:\n"
    script += "    pid, thread = there()\n    print(pid == here, thread != threading.get_ident())\n"
    assert alone(script) == "True True\n"


@LINUX
@pytest.mark.parametrize("before", ["pass", "threading.Thread(target=time.sleep, args=(1,)).start()"])
def test_what_the_work_raises_is_raised_where_it_is_waited_for(before: str) -> None:
    script = f"""
{before}
with beside(lambda: int("x")) as there:
    try:
        there()
    except ValueError as error:
        print(error)
"""
    assert "invalid literal" in alone(script)


@LINUX
@pytest.mark.parametrize("before", ["pass", "threading.Thread(target=time.sleep, args=(1,)).start()"])
def test_each_step_goes_on_with_the_answer_before(before: str) -> None:
    script = f"""
{before}
with beside(lambda: [os.getpid()], lambda had: [*had, os.getpid()], len) as there:
    first, second, third = there(), there(), there()
    print(second == first * 2, third, "ok")
"""
    assert alone(script) == "True 2 ok\n"


@LINUX
@pytest.mark.parametrize("fails", ["os._exit(1)", "raise ValueError", "return lambda: before"])
def test_a_step_that_fails_in_the_copy_is_done_here_with_what_came_before(fails: str) -> None:
    script = f"""
def step(before):
    if os.getpid() != here:
        {fails}
    return before, os.getpid() == here

with beside(os.getpid, step) as there:
    pid = there()
    print(pid != here, there() == (pid, True))
"""
    assert alone(script) == "True True\n"


def test_threads_of_the_caller_do_not_matter() -> None:
    with beside(threading.active_count) as there:
        assert there() > 0
