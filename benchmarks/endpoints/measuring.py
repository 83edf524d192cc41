"""The measurements on one graph: all servers stand beside each other and are asked in turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from endpoints import load
from endpoints.answers import differs
from endpoints.graphs import Made
from endpoints.results import FRESH, VARIANTS, AtScale, Hostile, Loaded
from endpoints.running import Process, ServerError
from endpoints.servers import Mode, Server
from endpoints.starting import NOT_ASKED, Plan, Running, Tell, prepared, running
from endpoints.workloads import Request, descriptions, look_ups, mixed, simple

LOOK_UP, DESCRIBE, MIXED = "look-up", "describe", "mixed"
POLITE_RATE = 50.0
"""Look-ups a second while hostile clients are at work: little for every server here."""
MOST_MEMORY = 6144.0
"""MiB that a server may take under attack before it is ended, to save the machine."""

WAITED = 10.0
"""Seconds that an answer is waited for before anything is timed."""
BUDGET = 120.0
"""Seconds that all those answers of one server may take together; the questions left are not asked then."""

_WATCHED_EVERY = 0.05


def measure(plan: Plan, made: Made, tell: Tell) -> AtScale:
    """All that is asked for of one graph. A server that does not start is told of and left out from there on.

    Raises ServerError if that is the base: with nothing to compare with, nothing counts.
    """
    found = AtScale(made.scale, made.triples, made.graphs, [each.name for each in plan.loaded])
    with ExitStack() as stack:
        up = []
        for server in plan.servers:
            try:
                took = prepared(plan, server, made)
                one = stack.enter_context(running(plan, server, made, Mode.USUAL))
            except ServerError as error:
                if server.key == plan.base:
                    raise
                tell(f"{made.scale}x: {server.name} is left out: {error}")
                found.failed[server.key] = str(error)
                continue
            up.append(one)
            found.loaded[server.key] = Loaded(took, one.started, *one.process.memory())
            tell(f"{made.scale}x: {server.name} answers after {took:.2f} + {one.started:.2f} s")
        compare(plan, up, found, tell)
        if "load" in plan.steps:
            rounds(plan, up, found, tell)
            found.worked = {each.server.key: each.process.memory()[0] for each in up}
    if "cold" in plan.steps:
        cold(plan, made, found, tell)
    if "hostile" in plan.steps:
        hostility(plan, made, found, tell)
    return found


def compare(plan: Plan, up: Sequence[Running], found: AtScale, tell: Tell) -> None:
    """Hold every server's answers to those of the base: the same rows, each as often."""
    base = next(each for each in up if each.server.key == plan.base)
    asked = [*plan.questions, look_ups(found.scale)[0], descriptions(found.scale)[0]]
    for one in [base, *(each for each in up if each is not base)]:
        wrong = found.wrong.setdefault(one.server.key, {})
        end = time.perf_counter() + BUDGET
        for request in asked:
            if one is not base and time.perf_counter() > end:
                wrong[request.name] = NOT_ASKED
                continue
            try:
                one.ask(request, WAITED)
            except ServerError as error:
                wrong[request.name] = str(error)
                continue
            difference = differs(base.answers.get(request.name), one.answers[request.name], request.accept)
            if difference:
                wrong[request.name] = difference
        for name, reason in wrong.items():
            tell(f"{found.scale}x: {one.server.name} on {name}: {reason}")
    found.rows = {name: answer.total() for name, answer in base.answers.items()}


def rounds(plan: Plan, up: Sequence[Running], found: AtScale, tell: Tell) -> None:
    """Every workload on every server, with the same text again and again and with new ones."""
    single = [(each.name, [each], plan.seconds) for each in plan.loaded]
    many = [
        (LOOK_UP, look_ups(found.scale), plan.seconds),
        (DESCRIBE, descriptions(found.scale), plan.seconds),
        (MIXED, mixed(plan.questions, found.scale), 3 * plan.seconds),
    ]
    for number in range(plan.rounds):
        for name, requests, seconds in (*single, *many):
            tell(f"{found.scale}x, round {number + 1} of {plan.rounds}: {name}")
            for variant in VARIANTS:
                for one in (*up[number % len(up) :], *up[: number % len(up)]):
                    wrong = found.wrong[one.server.key]
                    if name in wrong or (name == MIXED and wrong):
                        continue
                    chosen = [each.fresh() for each in requests] if variant == FRESH else list(requests)
                    if number and one.took.get(name, 0.0) >= seconds:
                        continue
                    try:
                        done = loaded(plan, one, chosen, seconds)
                    except ServerError as error:
                        wrong[name] = str(error)
                        tell(f"{one.server.name} on {name}: {error}")
                        continue
                    found.cell(name, variant, one.server.key).add(done)


def loaded(plan: Plan, one: Running, requests: Sequence[Request], seconds: float) -> load.Load:
    """One load, and then a pause until the server rests again. Raises ServerError.

    What takes longer than the load would has been asked by one client, for the comparison: that is its time.
    """
    took = one.took.get(requests[0].name, 0.0)
    if took >= seconds:
        return load.Load(1, 0, 0, took, *[1000 * took] * 3)
    done = load.closed(one.address, requests, seconds, plan.cores, plan.folder)
    one.process.rest()
    return done


def cold(plan: Plan, made: Made, found: AtScale, tell: Tell) -> None:
    """From the start of the process to the first right answer, several times, in turn."""
    for number in range(plan.cold):
        tell(f"{made.scale}x: cold start {number + 1} of {plan.cold}")
        for server in plan.servers:
            if server.key in found.loaded and not server.loads_only:
                with running(plan, server, made, Mode.USUAL) as one:
                    found.cold.setdefault(server.key, []).append(round(one.started, 3))


def own_starts(plan: Plan, server: Server, made: Made, tell: Tell) -> list[float]:
    """Cold starts of a server with data of its own; ``plan`` says what it has to answer."""
    found = []
    for number in range(plan.cold):
        tell(f"{server.name}: cold start {number + 1} of {plan.cold}")
        with running(plan, server, made, Mode.USUAL) as one:
            found.append(round(one.started, 3))
    return found


def hostility(plan: Plan, made: Made, found: AtScale, tell: Tell) -> None:
    """Simple queries at a steady rate: first alone, then beside hostile clients."""
    for server in plan.servers:
        if server.key not in found.loaded or server.loads_only:
            continue
        tell(f"{made.scale}x: {server.name} under attack")
        with running(plan, server, made, Mode.HOSTILE) as one:
            asked = (one.address, simple(made.scale), plan.hostile, POLITE_RATE, plan.cores, plan.folder)
            quiet = load.steady(*asked)
            with guarded(one.process) as ended, load.attacked(one.address, plan.cores, plan.folder) as got:
                beside = load.steady(*asked)
            due = round(POLITE_RATE * plan.hostile)
            found.hostile[server.key] = Hostile(due, quiet, beside, got.counts, " ".join(ended))


@contextmanager
def guarded(process: Process) -> Iterator[list[str]]:
    """While inside, end a server that takes too much memory; how it ended, if it did, stands in the list."""
    ended: list[str] = []
    over = threading.Event()

    def watch() -> None:
        began = time.monotonic()
        while not over.wait(_WATCHED_EVERY):
            used = process.memory()[0]
            if not process.alive:
                ended.append(f"ended by itself after {time.monotonic() - began:.0f} s")
                return
            if used > MOST_MEMORY:
                process.kill()
                ended.append(f"stopped at {used:.0f} MiB after {time.monotonic() - began:.0f} s")
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield ended
    finally:
        over.set()
        watcher.join()
