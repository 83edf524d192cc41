"""A git revision as a set of files: what it held, what differs now, a copy outside the repository.

Git is only asked (rev-parse, ls-tree, cat-file); nothing is checked out, nothing written in the repository.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bibgraph.errors import SettingsError, SourceError
from bibgraph.messages import message

_LINK = "120000"
_FILES = ("100644", "100755", "100664", _LINK)
# Set by git itself while it runs hooks; the folder asked about is to decide.
_HIDDEN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_SHA1_LENGTH = 40


@dataclass(frozen=True)
class Blob:
    """A file as git keeps it; a link's content is its target."""

    mode: str
    id: str


@dataclass(frozen=True)
class Revision:
    """A commit of the repository whose work tree is ``top``.

    name: as it was asked for. files: all its files by path from ``top``, with slashes.
    """

    top: Path
    name: str
    commit: str
    files: Mapping[str, Blob]

    @classmethod
    def find(cls, folder: Path, name: str) -> Revision:
        """The revision ``name`` (branch, tag, commit, ``HEAD~2``) of the repository that ``folder`` is in.

        Raises SettingsError if there is no such revision or no git, SourceError if there is no repository.
        """
        try:
            top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().removesuffix("\n"))
        except _GitError as error:
            raise SourceError(
                message(
                    "Git does not know this folder as part of a repository: {reason}", reason=error.reason
                ),
                where=str(folder),
                hint=message("Without a repository there are no changes to look at: leave out --changed."),
            ) from error
        commit = _commit(top, name)
        listing = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit).decode(errors="surrogateescape")
        files = {}
        for entry in listing.split("\0")[:-1]:
            about, _, path = entry.partition("\t")
            mode, _, id_ = about.split(" ")
            if mode in _FILES:
                files[path] = Blob(mode, id_)
        return cls(top, name, commit, files)

    def differs(self, name: str) -> bool:
        """Whether the file of this name is not byte for byte the same now; also if it has come or gone."""
        path, blob = self.top / name, self.files.get(name)
        present = path.is_symlink() or path.is_file()
        if blob is None or not present:
            return present or blob is not None
        is_link = blob.mode == _LINK
        if path.is_symlink() is not is_link:
            return True
        try:
            content = os.fsencode(path.readlink()) if is_link else path.read_bytes()
        except OSError:
            return True  # Whoever reads it tells what is wrong with it.
        return _object_id(content, like=blob.id) != blob.id

    def copy(self, names: Iterable[str], target: Path) -> None:
        """Write the files of these names, as they were, under the folder ``target``."""
        wanted = [(name, self.files[name]) for name in names if name in self.files and _harmless(name)]
        contents = self._contents([blob.id for _, blob in wanted])
        # Links last, so that no file is written through one.
        for name, blob in sorted(wanted, key=lambda entry: entry[1].mode == _LINK):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if blob.mode == _LINK:
                path.symlink_to(contents[blob.id].decode(errors="surrogateescape"))
            else:
                path.write_bytes(contents[blob.id])

    def text(self, name: str) -> str | None:
        """The text of one file as it was; None if there was none, or it is not UTF-8."""
        blob = self.files.get(name)
        if blob is None:
            return None
        try:
            return self._contents([blob.id])[blob.id].decode()
        except UnicodeDecodeError:
            return None

    def _contents(self, ids: Iterable[str]) -> dict[str, bytes]:
        asked = list(dict.fromkeys(ids))
        output = _git(self.top, "cat-file", "--batch", given="".join(f"{id_}\n" for id_ in asked).encode())
        contents, at = {}, 0
        for id_ in asked:
            end = output.index(b"\n", at)
            header = output[at:end].split(b" ")
            if not header[-1].isdigit():
                raise _GitError(output[at:end].decode(errors="replace"), self.top)
            size = int(header[-1])
            contents[id_] = output[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return contents


class _GitError(SourceError):
    """Git failed; ``reason`` is what it said, in one line."""

    def __init__(self, reason: str, folder: Path) -> None:
        super().__init__(message("Git failed: {reason}", reason=reason), where=str(folder))
        self.reason = reason


def _commit(top: Path, name: str) -> str:
    try:
        # In this form a name that begins with a hyphen is no option either.
        return _git(top, "rev-parse", "--verify", "--quiet", f"{name or '-'}^{{commit}}").decode().strip()
    except (_GitError, ValueError) as error:
        raise SettingsError(
            message("Git knows no revision {name!r} here.", name=name),
            where=str(top),
            hint=message(
                "Name a branch, a tag or a commit. A shallow clone, as CI makes them, lacks older ones: "
                "fetch them first (actions/checkout: fetch-depth: 0)."
            ),
        ) from error


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    environment = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and arguments of our own
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # git is where the user has it
            input=given,
            capture_output=True,
            check=False,
            env={**environment, "LC_ALL": "C"},
        )
    except OSError as error:
        raise SettingsError(
            message("Git cannot be run: {reason}.", reason=error.strerror),
            hint=message("--changed needs git: install it, or leave out --changed."),
        ) from error
    if done.returncode:
        raise _GitError(" ".join(done.stderr.decode(errors="replace").split()) or "–", folder)
    return done.stdout


def _harmless(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not PurePosixPath(name).is_absolute() and ".." not in parts


def _object_id(content: bytes, *, like: str) -> str:
    """The name that git gives a file of this content, in the repository's kind of hash."""
    kind = hashlib.sha1 if len(like) == _SHA1_LENGTH else hashlib.sha256
    return kind(b"blob %d\0" % len(content) + content).hexdigest()
