from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import pytest

from bibgraph import __version__, cli
from bibgraph.cli import COMMANDS, run
from bibgraph.commands import formatting
from bibgraph.errors import BibgraphError, SourceError, StoreError
from bibgraph.messages import message
from conftest import CHECKOUT, Outcome

Call = Callable[..., Outcome]

UNTIDY = "<http://a.example/s> <http://a.example/q> 2 ; <http://a.example/p> 1 ."
TIDY = "<http://a.example/s>\n    <http://a.example/p> 1 ;\n    <http://a.example/q> 2 .\n"


def failing(error: BaseException) -> click.Command:
    def fail() -> None:
        raise error

    return click.Command("fail", callback=fail)


@pytest.fixture
def with_failure(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Put a command named ``fail`` in reach that fails as told."""

    def install(error: BaseException) -> None:
        lookup = cli.cli.get_command
        commands = {"fail": failing(error)}
        monkeypatch.setitem(COMMANDS, "fail", "")
        monkeypatch.setattr(
            cli.cli, "get_command", lambda context, name: commands.get(name) or lookup(context, name)
        )

    return install


# --- The edge --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_loads_and_explains_itself(name: str, bibgraph: Call) -> None:
    outcome = bibgraph(name, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert f"Usage: bibgraph {name}" in outcome.out
    assert "--language" in outcome.out


def test_help_lists_the_commands_and_exit_codes(bibgraph: Call) -> None:
    outcome = bibgraph("--help")
    assert outcome.code == 0
    assert all(f"\n  {name} " in outcome.out for name in COMMANDS)
    assert "Exit codes" in outcome.out


def test_the_version_is_told(bibgraph: Call) -> None:
    assert bibgraph("--version") == Outcome(0, f"bibgraph, version {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("forma",), "There is no command 'forma'. The commands are: "),
        (("format", "--chek"), "--check"),
        (("--colour", "red"), "No such option"),
        (("--language",), "requires an argument"),
        ((), "Commands:"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_right(
    arguments: tuple[str, ...], words: str, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIBGRAPH_LANGUAGE", "en")
    outcome = bibgraph(*arguments, language=None)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceError(message("There is no such file."), where="data/x.ttl"), 2),
        (StoreError(message("There is no such file."), where="data/x.ttl"), 3),
    ],
)
def test_our_errors_become_their_text_and_exit_code(
    error: BibgraphError, code: int, bibgraph: Call, with_failure: Callable[[BaseException], None]
) -> None:
    with_failure(error)
    assert bibgraph("fail") == Outcome(code, "", "data/x.ttl: There is no such file.\n")


@pytest.mark.parametrize(
    "error", [ValueError("odd"), RecursionError(), KeyError("x"), OSError(5, "disk gone")]
)
def test_a_fault_of_ours_becomes_a_sentence_and_3(
    error: Exception, bibgraph: Call, with_failure: Callable[[BaseException], None]
) -> None:
    with_failure(error)
    outcome = bibgraph("fail")
    assert (outcome.code, outcome.out) == (3, "")
    assert "Traceback" not in outcome.err
    assert type(error).__name__ in outcome.err
    assert "BIBGRAPH_DEBUG=1" in outcome.err


def test_with_debug_the_traceback_is_to_be_had(
    monkeypatch: pytest.MonkeyPatch, with_failure: Callable[[BaseException], None]
) -> None:
    with_failure(ValueError("odd"))
    monkeypatch.setenv("BIBGRAPH_DEBUG", "1")
    with pytest.raises(ValueError, match="odd"):
        run(["fail"])


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (MemoryError(), 3, "There is not enough memory."),
        (OSError(errno.EMFILE, "x"), 3, "The system does not let this program have so many files open."),
        (OSError(errno.ENOSPC, "x"), 3, "The output cannot be written: No space left on device."),
        (ExceptionGroup("x", [SourceError(message("There is no such file."))]), 2, "There is no such file."),
        (ExceptionGroup("x", [ExceptionGroup("y", [BrokenPipeError()])]), 141, ""),
    ],
)
def test_what_the_system_does_not_give_is_named(
    error: Exception,
    code: int,
    says: str,
    bibgraph: Call,
    with_failure: Callable[[BaseException], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "_forget_stdout", lambda: None)
    with_failure(error)
    outcome = bibgraph("fail")
    assert (outcome.code, outcome.out, outcome.err.partition("\n")[0]) == (code, "", says)


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (click.Abort(), 130)])
def test_an_interruption_is_quiet(
    error: BaseException, code: int, bibgraph: Call, with_failure: Callable[[BaseException], None]
) -> None:
    with_failure(error)
    assert bibgraph("fail") == Outcome(code, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("way", [("-m", "bibgraph"), ("-c", "from bibgraph.__main__ import start; start()")])
def test_an_interruption_while_modules_are_loaded_is_quiet(way: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text(
        "import os, signal; os.kill(os.getpid(), signal.SIGINT)\n", encoding="utf-8"
    )
    places = os.pathsep.join((str(tmp_path), str(CHECKOUT / "src")))
    finished = subprocess.run(
        [sys.executable, *way, "query"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": places},
        check=False,
        # Who runs the tests in the background may not be interrupted, nor what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (-signal.SIGINT, b"", b"")


def test_a_reader_who_leaves_is_no_failure_and_no_finding() -> None:
    read, write = os.pipe()
    os.close(read)
    finished = subprocess.run(
        [sys.executable, "-m", "bibgraph", "--help"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (finished.returncode, finished.stderr) == (141, "")


def started(*arguments: str, before: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command line run by a shell. before: what that does first, or where it sends the output."""
    line = f'{before} exec "$@"' if before.endswith(";") else f'exec "$@" {before}'
    return subprocess.run(
        ["/bin/sh", "-c", line, "sh", sys.executable, "-m", "bibgraph", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT / "src"), "BIBGRAPH_LANGUAGE": "en"},
    )


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="not on Windows")
def test_rows_end_on_a_terminal_as_they_do_in_a_file() -> None:
    terminal, inner = os.openpty()
    finished = subprocess.Popen(
        [sys.executable, "-m", "bibgraph", "query", "headings", "--format", "csv"],
        stdin=subprocess.DEVNULL,
        stdout=inner,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT / "src")},
    )
    os.close(inner)
    shown = b""
    with suppress(OSError):  # so Linux tells that all who write are gone
        while piece := os.read(terminal, 65536):
            shown += piece
    os.close(terminal)
    assert finished.wait() == 0
    first, *rest = shown.decode().split("\r\n")
    assert first == "thing,property,words"
    assert rest
    assert "\\r" not in shown.decode()
    assert "\r" not in "".join(rest)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize("arguments", [("--help",), ("query",), ("query", "headings", "--format", "csv")])
@pytest.mark.parametrize(
    ("place", "reason"), [(">/dev/full", "No space left"), (">&-", "Bad file descriptor")]
)
def test_output_that_is_not_taken_is_a_failure_with_the_reason(
    arguments: tuple[str, ...], place: str, reason: str
) -> None:
    finished = started(*arguments, before=place)
    assert finished.returncode == 3
    assert finished.stderr.startswith(f"The output cannot be written: {reason}")
    assert len(finished.stderr.splitlines()) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize("place", ["2>/dev/full", "2>&-", "<&- >&- 2>&-"])
def test_a_failure_that_cannot_be_told_has_its_exit_code(place: str) -> None:
    assert started("query", "there-is-none", before=place).returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a current folder cannot be removed there")
def test_a_current_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    finished = started("query", "headings", before='mkdir gone; cd gone; rmdir "$PWD";', cwd=tmp_path)
    assert finished.returncode == 2
    assert finished.stderr.endswith("The current folder is no longer there.\nGo to another one: cd\n")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems count otherwise")
@pytest.mark.parametrize(
    ("limit", "arguments", "says"),
    [
        ("-v 200000", ("query",), "200000 KiB of memory, and it needs 320 MiB"),
        ("-v 600000", ("serve",), "of memory, and it needs 900 MiB"),
        ("-n 16", ("serve",), "have 16 files open, which is too few"),
    ],
)
def test_limits_of_the_system_are_named(limit: str, arguments: tuple[str, ...], says: str) -> None:
    finished = started(*arguments, before=f"ulimit {limit};")
    assert finished.returncode == 2
    assert says in finished.stderr
    assert "ulimit" in finished.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names of files are texts")
@pytest.mark.parametrize("arguments", [("format",), ("check",), ("query", "--file"), ("query",)])
def test_names_that_are_no_utf8_are_shown_with_escapes(arguments: tuple[str, ...], bibgraph: Call) -> None:
    outcome = bibgraph(*arguments, os.fsdecode(b"w\xff.ttl"))
    assert outcome.code == 2
    assert "w\\udcff.ttl" in outcome.err


def test_the_home_of_nobody_is_refused(bibgraph: Call) -> None:
    outcome = bibgraph("--root", "~nobody-of-that-name/x", "query")
    assert outcome.code == 2
    assert "~nobody-of-that-name" in outcome.err.splitlines()[1]


def test_output_is_utf8_in_a_pipe_whatever_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "blåbær.ttl"
    path.write_text(UNTIDY, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", "bibgraph", "format", "--check", path],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )
    assert finished.returncode == 1
    assert "blåbær.ttl" in finished.stdout.decode("utf-8")


@pytest.mark.parametrize(("value", "code"), [("1", 0), ("", 1)])
def test_a_check_that_leaves_at_once_has_said_all_and_ends_as_it_should(
    tmp_path: Path, value: str, code: int
) -> None:
    shape = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<x:S> a sh:NodeShape ; sh:targetClass <x:C> ; "
    (tmp_path / "shapes.ttl").write_text(f"{shape}sh:property [ sh:path <x:p> ; sh:minCount 1 ] .\n")
    things = {f"x:{number}" for number in range(500)}
    lines = (f"<{thing}> a <x:C>{value and ' ; <x:p> 1'} .\n" for thing in sorted(things))
    (tmp_path / "data.ttl").write_text("".join(lines))
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "bibgraph", "check", "--data", "data.ttl", "--shapes", "shapes.ttl"),
            *("--format", "json", "--output", "junit=report.xml"),
        ],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert (finished.returncode, finished.stderr) == (code, b"")
    found = {each["thing"] for each in json.loads(finished.stdout)["findings"]}
    assert found & things == (set() if value else things)
    assert (tmp_path / "report.xml").read_text().endswith("</testsuites>\n")


# --- Settings from the command line ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("--language", "nn", "format", "x.ttl"),
        ("format", "--language", "nn", "x.ttl"),
        ("--language", "nb", "format", "--language", "nn", "x.ttl"),
    ],
)
def test_the_language_is_taken_before_and_after_the_command(
    arguments: tuple[str, ...], bibgraph: Call
) -> None:
    outcome = bibgraph(*arguments, language=None)
    assert outcome.code == 2
    assert message("There is no such file.").text("nn") in outcome.err


def test_without_a_choice_talk_is_in_bokmaal_or_the_environments_language(
    bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = message("There is no such file.")
    assert sentence.text("nb") in bibgraph("format", "x.ttl", language=None).err
    monkeypatch.setenv("BIBGRAPH_LANGUAGE", "en")
    assert sentence.text("en") in bibgraph("format", "x.ttl", language=None).err


def test_a_language_there_is_not_is_refused_with_those_there_are(bibgraph: Call) -> None:
    outcome = bibgraph("format", "--language", "sv")
    assert outcome.code == 2
    assert "nb, nn, en" in outcome.err


def test_a_root_that_is_none_is_refused(bibgraph: Call, tmp_path: Path) -> None:
    outcome = bibgraph("--root", tmp_path, "format")
    assert (outcome.code, outcome.out) == (2, "")
    assert "ontology/" in outcome.err


# --- format ----------------------------------------------------------------------------------------------


def test_format_lays_out_what_is_not_and_names_it(bibgraph: Call, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    untidy, tidy = tmp_path / "deep" / "a.ttl", tmp_path / "b.ttl"
    untidy.write_text(UNTIDY, encoding="utf-8")
    tidy.write_text(TIDY, encoding="utf-8")
    before = tidy.stat().st_mtime_ns
    assert bibgraph("format", tmp_path) == Outcome(0, f"{untidy}\n", "1 of 2 files were laid out anew.\n")
    assert untidy.read_text(encoding="utf-8") == TIDY
    assert tidy.stat().st_mtime_ns == before
    assert bibgraph("format", tmp_path) == Outcome(0, "", "All 2 files are laid out as they should be.\n")


def test_format_check_changes_nothing_and_ends_with_1(bibgraph: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(UNTIDY, encoding="utf-8")
    outcome = bibgraph("format", "--check", path)
    assert (outcome.code, outcome.out) == (1, f"{path}\n")
    assert path.read_text(encoding="utf-8") == UNTIDY
    path.write_text(TIDY, encoding="utf-8")
    assert bibgraph("format", "--check", path).code == 0


def test_carriage_returns_are_a_difference(bibgraph: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(TIDY.replace("\n", "\r\n").encode())
    assert bibgraph("format", "--check", path).code == 1
    assert bibgraph("format", path).code == 0
    assert path.read_bytes() == TIDY.encode()


def test_no_file_is_written_if_one_does_not_parse(bibgraph: Call, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(UNTIDY, encoding="utf-8")
    (tmp_path / "b.ttl").write_text("broken", encoding="utf-8")
    outcome = bibgraph("format", tmp_path)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{tmp_path / 'b.ttl'}:1:1: " in outcome.err
    assert (tmp_path / "a.ttl").read_text(encoding="utf-8") == UNTIDY


def test_nothing_to_look_at_is_no_success(bibgraph: Call, tmp_path: Path) -> None:
    assert bibgraph("format", "--check", tmp_path).code == 2
    (tmp_path / "x.csv").touch()
    assert bibgraph("format", "--check", tmp_path / "x.csv").code == 2
    assert bibgraph("format", "--check", tmp_path / "x.ttl").code == 2


def test_a_rewritten_file_keeps_its_rights_and_links(tmp_path: Path) -> None:
    path, link = tmp_path / "a.ttl", tmp_path / "link.ttl"
    path.write_text(UNTIDY, encoding="utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    formatting.write(link, TIDY)
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == TIDY
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(UNTIDY, encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(SourceError, match="No space left"):
        formatting.write(path, TIDY)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ttl"]
    assert path.read_text(encoding="utf-8") == UNTIDY


def test_the_projects_own_files_are_laid_out(bibgraph: Call, checkout: Path) -> None:
    outcome = bibgraph("--root", checkout, "format", "--check")
    assert (outcome.code, outcome.out) == (0, "")
