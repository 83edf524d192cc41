"""Workers that are not forked: all of them serve what the first process read."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SourceError, Unavailable
from bibgraph.store.sandbox.frames import KINDS
from bibgraph.store.sandbox.nursery import command
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.sandbox.spawning import SpawnNursery
from bibgraph.store.sandbox.workers import Worker
from test_sandbox import DATA, LIMITS, alone, until

pytestmark = pytest.mark.alone

OTHER_ENDS = """
import sys
print("R 1" if sys.argv[1] == "keep" else "", end="" if sys.argv[1] == "serve" else "\\n")
"""
"""A program that can load the data, and whose workers end before they are ready."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "a.nq"
    write(file, "7")
    return file


def write(file: Path, number: str) -> None:
    """Data with this number, in the default graph and in another one."""
    one = f'<https://example.org/a> <https://example.org/n> "{number}"'
    file.write_text(f"{one} .\n{one} <https://example.org/g> .\n", "utf-8")


def nursery_over(data: Path) -> SpawnNursery:
    return SpawnNursery(command(Settings(cache=None), [data], LIMITS))


async def told(worker: Worker) -> tuple[str, bytes]:
    kind, body = await worker.ask(DATA.encoded(), lambda *_: None)
    return KINDS[kind], body


def kept(nursery: SpawnNursery) -> Path:
    """Where a nursery keeps its data."""
    assert nursery._folder is not None
    return Path(nursery._folder.name)


def test_all_workers_serve_what_was_read_first_until_the_nursery_is_opened_anew(data: Path) -> None:
    async def play() -> None:
        nursery = nursery_over(data)
        await nursery.open()
        version = nursery.version
        seven = "rows", b"n\r\n7\r\n"
        first = await nursery.hatch(lambda _: None)
        write(data, "8")
        second = await nursery.hatch(lambda _: None)
        data.unlink()
        third = await nursery.hatch(lambda _: None)
        assert [await told(one) for one in (first, second, third)] == [seven] * 3
        assert nursery.version == version
        before = kept(nursery)
        write(data, "8")
        await nursery.open()
        assert all(one.gone for one in (first, second, third)), (
            "what is old is not told of under a new version"
        )
        assert nursery.version != version
        assert await told(await nursery.hatch(lambda _: None)) == ("rows", b"n\r\n8\r\n")
        after = kept(nursery)
        await nursery.close()
        assert (before.exists(), after.exists()) == (False, False)

    alone(play())


def test_what_cannot_be_loaded_leaves_nothing_behind(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def play() -> None:
        data.write_text("no data", "utf-8")
        nursery = nursery_over(data)
        with pytest.raises(SourceError):
            await nursery.open()
        with pytest.raises(Unavailable):
            await nursery.hatch(lambda _: None)
        await nursery.close()
        assert list(tmp_path.iterdir()) == [data]

    alone(play())


def test_a_worker_that_ends_before_it_is_ready_is_no_reason_to_read_the_files_again() -> None:
    async def play() -> None:
        nursery = SpawnNursery([sys.executable, "-c", OTHER_ENDS])
        await nursery.open()
        with pytest.raises(OSError, match="before it was ready"):
            await nursery.hatch(lambda _: None)
        assert nursery._processes == {}
        await nursery.close()

    alone(play())


def test_a_worker_that_is_made_while_the_nursery_is_opened_anew_is_none_of_the_new_ones(data: Path) -> None:
    async def play() -> None:
        nursery = nursery_over(data)
        await nursery.open()
        making = asyncio.create_task(nursery.hatch(lambda _: None))
        await until(lambda: nursery._processes)
        await nursery.open()
        with pytest.raises((OSError, Unavailable)):
            await making
        assert nursery._processes == {}
        await nursery.close()

    alone(play())


def test_when_what_was_kept_is_gone_the_service_comes_back_with_the_files(data: Path) -> None:
    complaints: list[dict[str, object]] = []

    async def answered(pool: Pool) -> bytes:
        """The answer as soon as there is one."""
        while True:
            with suppress(BibgraphError):
                return (await pool.run(DATA)).body
            await asyncio.sleep(0.05)

    async def play() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
        nursery = nursery_over(data)
        pool = Pool(nursery, replace(LIMITS, workers=2))
        await pool.open()
        await until(lambda: len(pool._staff.idle) == 2)
        (kept(nursery) / "data.nq").unlink()
        data.rename(data.with_suffix(".gone"))
        for worker in list(pool._staff.idle):
            os.kill(worker.pid, signal.SIGTERM)
        await until(lambda: pool.tally["zygotes"] and not pool._staff.hatching and not nursery._processes)
        data.with_suffix(".gone").rename(data)
        assert await answered(pool) == b"n\r\n7\r\n"
        await until(lambda: len(pool._staff.idle) == 2)
        await pool.close()

    alone(play())
    assert complaints == []
