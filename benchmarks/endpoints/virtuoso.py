"""OpenLink Virtuoso 7 as the Debian package ``virtuoso-opensource-7-bin`` has it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from endpoints.graphs import Made
from endpoints.running import HOST, Process, ServerError, free_port
from endpoints.servers import Mode, Server, number_in, output, run

UNION = "urn:bibgraph:union"
"""The graph of triples that stand in no graph; every request names it as the default graph."""

_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = {host}:{sql}
ServerThreads = 100
DirsAllowed = {data}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
MaxSortedTopRows = 10000000

[HTTPServer]
ServerPort = {host}:{http}
ServerThreads = 32
KeepAliveTimeout = 60
MaxKeepAlives = 100

[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryExecutionTime = {seconds}
"""
_LOAD = """\
ld_dir('{data}', '{name}', '{union}');
rdf_loader_run();
checkpoint;
SELECT 'failed:', ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;
SELECT 'loaded:', COUNT(*) FROM DB.DBA.load_list WHERE ll_state = 2;
"""


@dataclass
class Virtuoso(Server):
    """Virtuoso, loaded by its bulk loader, with the buffers that its manual advises for 4 GB free.

    How many threads a query gets is left to its defaults, as with all servers here; ``docs/engines.md`` tells
    what one thread is better for.
    """

    program: str = shutil.which("virtuoso-t") or ""
    isql: str = shutil.which("isql-vt") or shutil.which("isql-v") or ""
    parameters: tuple[tuple[str, str], ...] = (("default-graph-uri", UNION),)

    def missing(self) -> str:
        """See ``Server.missing``."""
        return super().missing() or ("" if self.isql else "Virtuoso's isql is not installed")

    def prepare(self, made: Made, folder: Path) -> None:
        """See ``Server.prepare``."""
        sql = free_port()
        settings = self._settings(made, folder, free_port(), sql, Mode.USUAL)
        process = Process.start((self.program, "-f", "-c", str(settings)), folder / "log.txt", None, {})
        try:
            process.await_listener(sql)
            script = folder / "load.sql"
            words = {"data": made.copied.parent, "name": made.copied.name, "union": UNION}
            script.write_text(_LOAD.format(**words), encoding="utf-8")
            run((self.isql, f"{HOST}:{sql}", "dba", "dba", str(script)), folder / "load.txt")
            said = (folder / "load.txt").read_text(encoding="utf-8", errors="replace")
            if "failed:" in said or not re.search(r"loaded:\s+1", said):
                raise ServerError(f"the bulk loader failed: {said[-300:]}")
        finally:
            process.stop()

    def command(self, made: Made, folder: Path, port: int, mode: Mode) -> Sequence[str]:
        """See ``Server.command``."""
        settings = self._settings(made, folder, port, free_port(), mode)
        return (self.program, "-f", "-c", str(settings))

    def version(self) -> str:
        """See ``Server.version``."""
        return f"Virtuoso {number_in(output((self.program, '-?')))}"

    def _settings(self, made: Made, folder: Path, http: int, sql: int, mode: Mode) -> Path:
        file = folder / "virtuoso.ini"
        places = {"folder": folder, "data": made.copied.parent, "host": HOST}
        text = _SETTINGS.format(**places, http=http, sql=sql, seconds=mode.seconds)
        file.write_text(text, encoding="utf-8")
        return file
