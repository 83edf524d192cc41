"""What errors tell programs beside their words: places, limits, values that can be asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bibgraph.errors import BibgraphError, LimitError, NotAcceptable, ParameterError, QueryError
from bibgraph.media import BY_NAME, with_aliases
from bibgraph.messages import Message
from bibgraph.sparql.phrases import expected_in
from bibgraph.web.http.formats import HTML


def members_of(error: BibgraphError) -> Mapping[str, object]:
    """What programs are told of ``error`` in members of their own (RFC 9457, section 3.2), by name.

    A message among them is to be told in the reader's language.
    """
    more: dict[str, object] = {}
    if isinstance(error, QueryError) and (place := error.line_and_column):
        more |= dict(zip(("line", "column"), place, strict=True))
        if error.hint and (expected := expected_in(error.hint)):
            more["expected"] = expected
    if isinstance(error, ParameterError):
        more |= error.members
    if isinstance(error, LimitError):
        more |= {"limit": error.limit, "value": error.value}
    if isinstance(error, NotAcceptable):
        more["available"] = error.available or _instead(error.hint)
    return more


def _instead(hint: Message | None) -> Sequence[str]:
    """The media types in a hint of who writes answers out, and knows nothing of pages and of aliases."""
    listed = str(hint.values.get("offered", "")) if hint else ""
    names = [name for name in listed.split(", ") if name]
    return [*with_aliases([BY_NAME[name].type if name in BY_NAME else name for name in names]), HTML]
