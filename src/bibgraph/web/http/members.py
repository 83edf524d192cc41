"""What errors tell programs beside their words: places, limits, values that can be asked for."""

from __future__ import annotations

from collections.abc import Mapping

from bibgraph.errors import BibgraphError, LimitError, NotAcceptable, ParameterError, QueryError
from bibgraph.sparql.phrases import expected_in


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
        more["available"] = error.available
    return more
