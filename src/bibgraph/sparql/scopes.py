"""Faults that a query's grammar does not show: variables, labels and values that do not go together.

The engine finds them when it has read the clause that they are in, and says little or nothing of them. Only
what it has refused is looked at here: by walks over the tokens, without recursion, and for some clauses only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bibgraph.errors import QueryError
from bibgraph.messages import Message, message
from bibgraph.sparql.tokens import Kind, Token, place
from bibgraph.sparql.words import AGGREGATES

_OPENING = frozenset(("(", "[", "{", "{|"))
_CLOSING = frozenset((")", "]", "}", "|}"))
_MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_MOST_CLAUSES = 20


class _Item(NamedTuple):
    """What is asked for: a variable, or a name for an expression; used: variables that this takes."""

    name: Token
    used: tuple[Token, ...] | None


class Scopes:
    """The tokens of a query, or of its beginning, with their brackets paired.

    whole: whether these are all the tokens of the query.
    """

    def __init__(self, text: str, found: Sequence[Token], *, whole: bool) -> None:
        self._text, self._found, self._whole = text, found, whole
        self._pairs: dict[int, int] = {}
        self._around: list[int] = []
        opened: list[int] = []
        for index, token in enumerate(found):
            if token.text in _CLOSING and opened:
                self._pairs[opened.pop()] = index
            self._around.append(opened[-1] if opened else -1)
            if token.text in _OPENING:
                opened.append(index)

    def fault(self) -> QueryError | None:
        """What is wrong with the first clause of those looked at that is at fault; None if none is."""
        checks = {
            "SELECT": self._select,
            "DESCRIBE": self._select,
            "CONSTRUCT": self._construct,
            "BIND": self._bind,
            "VALUES": self._values,
        }
        clauses = [index for index, token in enumerate(self._found) if token.is_word(*checks)]
        for index in clauses[-_MOST_CLAUSES:]:
            if problem := checks[self._found[index].text.upper()](index):
                return problem
        return None

    def aggregate(self) -> QueryError | None:
        """That the last bracket ends a COUNT or the like where there is nothing to sum up."""
        last = len(self._found) - 1
        opening = next((one for one, other in self._pairs.items() if other == last), 0)
        name = self._found[max(0, opening - 1)]
        if not name.is_word(*AGGREGATES):
            return None
        return self._error(
            name,
            message("{word} sums up rows, which cannot be done here.", word=name.text.upper()),
            message("It can stand in SELECT, HAVING and ORDER BY."),
        )

    def label(self) -> QueryError | None:
        """That the last token is the label of a blank node, and stands in an earlier group too."""
        *before, last = self._found
        if last.kind is not Kind.BLANK or all(token.text != last.text for token in before):
            return None
        return self._error(
            last,
            message("The label {label} stands in two groups; it can stand in one only.", label=last.text),
            message("Put a variable in its place, or give one of the two another label."),
        )

    def visible(self, start: int) -> Iterator[str]:
        """The names of variables from ``start`` on, as they come: those with values, and maybe others."""
        return self._visible(start, len(self._found))

    def _error(self, token: Token, problem: Message, hint: Message | None = None) -> QueryError:
        return QueryError(problem, where=place(self._text, token.start), hint=hint)

    def _along(self, start: int, stop: int) -> Iterator[int]:
        """The places from ``start`` on, without what stands in brackets that open there."""
        at = start
        while at < stop:
            yield at
            at = self._pairs.get(at, at) + 1

    def _select(self, index: int) -> QueryError | None:
        """What is wrong with the SELECT or DESCRIBE at ``index``, if all that belongs to it is there."""
        level = self._level(index)
        opening = next((at for at in level if self._found[at].text == "{"), None)
        if opening is None or opening not in self._pairs:
            return None
        after = [at for at in level if at > opening]
        head = [at for at in level if at < opening]
        keys = self._keys(after)
        if keys is not None and head and self._found[head[0]].text == "*":
            return self._error(
                self._found[head[0]],
                message("{word} * cannot stand with GROUP BY.", word=self._found[index].text.upper()),
                message("Name the variables of GROUP BY, and sum up the others, as in (COUNT(?x) AS ?n)."),
            )
        sums = (self._found[at] for part in (head, after) for one in part for at in self._inside(one))
        grouped = keys is not None or any(token.is_word(*AGGREGATES) for token in sums)
        known = keys or set() if grouped else set(self._visible(opening + 1, self._pairs[opening]))
        return self._projected([self._item(at) for at in head], known, grouped=grouped)

    def _level(self, index: int) -> list[int]:
        """The places of what belongs to the form at ``index``, no brackets; none if not all is there."""
        outer = self._around[index]
        if outer not in self._pairs if outer >= 0 else not self._whole:
            return []
        return list(self._along(index + 1, self._pairs.get(outer, len(self._found))))

    def _construct(self, index: int) -> QueryError | None:
        group = next((at for at in self._level(index) if self._found[at].is_word("GROUP")), None)
        if group is None:
            return None
        return self._error(
            self._found[group],
            message("CONSTRUCT cannot stand with GROUP BY."),
            message("Group in a SELECT of its own within WHERE."),
        )

    def _inside(self, at: int) -> range:
        """The places of the bracket that opens there and all in it, or of the one token."""
        return range(at, self._pairs.get(at, at) + 1)

    def _keys(self, after: Sequence[int]) -> set[str] | None:
        """The names of the variables that are grouped by; None without GROUP BY."""
        found = self._found
        group = next((at for at in after if found[at].is_word("GROUP")), None)
        if group is None:
            return None
        end = next((at for at in after if at > group and found[at].is_word(*_MODIFIERS)), len(found))
        items = (self._item(at) for at in after if group < at < end)
        return {_name(item.name) for item in items if item}

    def _item(self, at: int) -> _Item | None:
        """The variable there, or ``(… AS ?name)``; None for anything else."""
        if self._found[at].kind is Kind.VARIABLE:
            return _Item(self._found[at], None)
        name = self._named(at)
        return _Item(name, tuple(self._taken(at + 1, self._pairs[at] - 2))) if name else None

    def _named(self, opening: int) -> Token | None:
        """The variable after AS at the end of the bracket that opens there."""
        end = self._pairs.get(opening, 0)
        alias = end - opening > 2 and self._found[end - 2].is_word("AS")  # noqa: PLR2004
        return self._found[end - 1] if alias and self._found[end - 1].kind is Kind.VARIABLE else None

    def _taken(self, start: int, stop: int) -> Iterator[Token]:
        """The variables of an expression that are not summed up and stand in no group of its own."""
        at = start
        while at < stop:
            token = self._found[at]
            if token.is_word(*AGGREGATES, "EXISTS"):
                at = self._pairs.get(at + 1, at)
            elif token.kind is Kind.VARIABLE:
                yield token
            at += 1

    def _projected(
        self, items: Sequence[_Item | None], known: set[str], *, grouped: bool
    ) -> QueryError | None:
        """What is wrong with these items; known: the variables that there are, or that are grouped by."""
        asked: set[str] = set()
        for item in items:
            if item is None:
                continue
            needed = (item.name,) if item.used is None else item.used
            loose = next((one for one in needed if grouped and _name(one) not in known), None)
            if loose:
                return self._error(
                    loose,
                    message(
                        "{variable} is asked for of a group, and is neither in GROUP BY nor summed up.",
                        variable=loose.text,
                    ),
                    message(
                        "Put {variable} into GROUP BY, or sum it up, as in {example}.",
                        variable=loose.text,
                        example=f"(SAMPLE({loose.text}) AS ?one)",
                    ),
                )
            if item.used is not None and _name(item.name) in known:
                return self._given_twice(item.name)
            if _name(item.name) in asked:
                return self._error(
                    item.name,
                    message("{variable} stands twice in SELECT.", variable=item.name.text),
                    message("Leave one of the two out."),
                )
            asked.add(_name(item.name))
            known = known | {_name(item.name)} if item.used is not None else known
        return None

    def _given_twice(self, variable: Token) -> QueryError:
        return self._error(
            variable,
            message("{variable} has a value already, and AS would give it another.", variable=variable.text),
            message("Put another name after AS."),
        )

    def _bind(self, index: int) -> QueryError | None:
        name = self._named(index + 1)
        if name is None or _name(name) not in self._visible(self._around[index] + 1, index):
            return None
        return self._given_twice(name)

    def _visible(self, start: int, stop: int) -> Iterator[str]:
        """The names of the variables that have values after what stands between these places of a group."""
        at = start
        while at < stop:
            token = self._found[at]
            if token.is_word("FILTER", "MINUS", "EXISTS"):
                at = self._after_bracket(at, stop)
            elif token.is_word("BIND"):
                at = max(at, self._pairs.get(at + 1, at) - 2)
            elif token.is_word("SELECT") and at + 1 < stop and self._found[at + 1].text != "*":
                end = min(stop, self._pairs.get(self._around[at], stop))
                yield from (_name(item.name) for item in self._asked(at, end))
                at = end
            elif token.kind is Kind.VARIABLE:
                yield _name(token)
            at += 1

    def _after_bracket(self, at: int, stop: int) -> int:
        opening = next((one for one in range(at, stop) if self._found[one].text in ("(", "{")), at)
        return self._pairs.get(opening, opening)

    def _asked(self, select: int, end: int) -> Iterator[_Item]:
        for at in self._along(select + 1, end):
            if self._found[at].text == "{" or self._found[at].is_word("WHERE"):
                return
            if item := self._item(at):
                yield item

    def _values(self, index: int) -> QueryError | None:
        """What is wrong with the VALUES at ``index``: a variable named twice, a row too long or too short."""
        end = self._pairs.get(index + 1)
        if end is None or self._found[index + 1].text != "(":
            return None
        names = self._found[index + 2 : end]
        seen: set[str] = set()
        for name in names:
            if _name(name) in seen:
                return self._error(
                    name,
                    message("{variable} stands twice in VALUES.", variable=name.text),
                    message("Leave one of the two out."),
                )
            seen.add(_name(name))
        for row in self._along(end + 2, self._pairs.get(end + 1, len(self._found))):
            count = self._count(row)
            if count is not None and count != len(names):
                return self._error(
                    self._found[row],
                    message(
                        "This row has not as many values ({count}) as VALUES has variables ({wanted}).",
                        count=count,
                        wanted=len(names),
                    ),
                    message("Where there is no value, write UNDEF."),
                )
        return None

    def _count(self, row: int) -> int | None:
        """How many values a row of VALUES has; None for what is no row, and for triples as values."""
        inside = [self._found[at] for at in self._inside(row)]
        if inside[0].text != "(" or inside[-1].text != ")" or any(token.text == "<" for token in inside):
            return None
        datatypes = sum(token.text == "^^" for token in inside)
        return sum(token.kind not in (Kind.SIGN, Kind.LANGUAGE) for token in inside) - datatypes


def _name(variable: Token) -> str:
    return variable.text[1:]
