"""A small repository of somebody else: books, people and shelves, in git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PREFIXES = """\
@prefix b: <https://books.example/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://books.example/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

"""

BOOKS = """\
b:one a ex:Book .
b:one dcterms:title "One" .
b:one ex:by b:kari .
b:two a ex:Novel .
b:two dcterms:title "Two" .
b:two ex:by b:ola .
b:two ex:chapter [ dcterms:title "A chapter" ] .
"""

PEOPLE = """\
b:kari a ex:Person .
b:kari ex:name "Kari" .
b:ola a ex:Person .
b:ola ex:name "Ola" .
"""

ONTOLOGY = """\
<https://books.example/ns> a owl:Ontology .
ex:Book a owl:Class .
ex:Novel a owl:Class .
ex:Novel rdfs:subClassOf ex:Book .
ex:Person a owl:Class .
ex:by a owl:ObjectProperty .
ex:chapter a owl:ObjectProperty .
ex:name a owl:DatatypeProperty .
"""

SHAPES = """\
ex:BookShape a sh:NodeShape ; sh:targetClass ex:Book ; sh:property ex:Book-title , ex:Book-by .
ex:Book-title sh:path dcterms:title ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:message "Give the book one title."@en .
ex:Book-by sh:path ex:by ; sh:minCount 1 ; sh:class ex:Person ; sh:message "Say who wrote it."@en .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:Person-name , ex:Person-books .
ex:Person-name sh:path ex:name ; sh:minCount 1 ; sh:message "Give the person a name."@en .
ex:Person-books sh:path ( [ sh:inversePath ex:by ] dcterms:title ) ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "No titled book is by this person."@en .
ex:ChapterShape a sh:NodeShape ; sh:targetObjectsOf ex:chapter ; sh:property ex:Chapter-title .
ex:Chapter-title sh:path dcterms:title ; sh:minCount 1 ; sh:message "Give the chapter a title."@en .
"""

FILES = {
    "data/books.ttl": BOOKS,
    "data/more/people.ttl": PEOPLE,
    "ontology.ttl": ONTOLOGY,
    "shapes/all.ttl": SHAPES,
}

SETTINGS = """\
[check]
data = "data/**/*.ttl"
shapes = "shapes/"
ontology = ["ontology.ttl"]
"""

_IDENTITY = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@books.example"}
_COMMITTER = {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@books.example"}


def write(folder: Path, files: dict[str, str] | None = None) -> Path:
    """The files in ``folder``; the prefixes are put before each Turtle file."""
    for name, content in (FILES if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((PREFIXES if name.endswith(".ttl") else "") + content, encoding="utf-8")
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace ``old``, which must be there, in one file."""
    path = folder / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def git(folder: Path, *arguments: str) -> str:
    """Run git in ``folder``, with no settings but its own."""
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],  # noqa: S607  # git is where the developer has it
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **_IDENTITY, **_COMMITTER, **nowhere},
    )
    return done.stdout


def commit(folder: Path) -> None:
    """All files of ``folder`` as a commit of its repository, which is made if there is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "State")
