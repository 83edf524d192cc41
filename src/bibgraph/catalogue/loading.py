"""All ready questions, by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bibgraph.catalogue.question import Question, check_form, read_question
from bibgraph.errors import NotFound, QueryError
from bibgraph.messages import message
from bibgraph.sparql import in_file
from bibgraph.suggestions import suggestion
from bibgraph.turtle import read_text

_LIST = ("value", "term", "label")


class Catalogue:
    """Questions in the order of their ids: iterated over as questions, looked up by id."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = {question.id: question for question in sorted(questions, key=lambda q: q.id)}

    @classmethod
    def load(cls, paths: Iterable[Path], *, root: Path | None = None) -> Catalogue:
        """The questions in these files, and for each file's parameters the lists in ``../values``.

        root: file names in errors begin here. Raises SourceError for a file that cannot be read, QueryError
        with file and line for one that is no question.
        """
        lists: dict[Path, dict[str, str]] = {}
        questions = []
        for path in paths:
            folder = path.absolute().parent.parent / "values"
            if folder not in lists:
                lists[folder] = _lists(folder, root)
            name = _name(path, root)
            questions.append(read_question(read_text(path, name=name), name, path.stem, lists[folder]))
        return cls(questions)

    def get(self, id_: str) -> Question:
        """The question with this id. Raises NotFound that names those with ids like it."""
        if id_ not in self._questions:
            raise NotFound(
                message("There is no question «{id}».", id=id_), hint=suggestion(id_, self._questions)
            )
        return self._questions[id_]

    __getitem__ = get

    def __contains__(self, id_: object) -> bool:
        return id_ in self._questions

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __len__(self) -> int:
        return len(self._questions)


def _lists(folder: Path, root: Path | None) -> dict[str, str]:
    """The queries that list the values of a type, by the type's name."""
    found = {}
    for path in sorted(folder.glob("*.rq")):
        name = _name(path, root)
        text = read_text(path, name=name)
        try:
            variables = check_form(text, "select")
        except QueryError as error:
            raise in_file(error, name) from error
        if variables != _LIST:
            raise QueryError(
                message("A list of values selects {variables}.", variables=" ".join(f"?{v}" for v in _LIST)),
                where=f"{name}:1",
            )
        found[path.stem] = text
    return found


def _name(path: Path, root: Path | None) -> str:
    inside = root is not None and path.absolute().is_relative_to(root.absolute())
    return path.absolute().relative_to(root.absolute()).as_posix() if root and inside else str(path)
