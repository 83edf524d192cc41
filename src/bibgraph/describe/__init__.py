"""All that a page or a document says about one thing.

Works through any ``SparqlStore``. What properties mean for a page (a name, a proof, a source's own words)
stands in ``queries/pages/describe-*.rq``.
"""

from bibgraph.describe.asking import MOST_LISTED, MOST_POINTING, Describer
from bibgraph.describe.description import (
    MOST_DETAILED,
    Collection,
    Description,
    Evidence,
    Group,
    Section,
    by_property,
    nearest,
    reading,
)
from bibgraph.describe.names import Name, Names, Traits
from bibgraph.describe.statements import (
    Row,
    Statement,
    Term,
    about,
    ask,
    collect,
    iris,
    natural,
    select,
    settled,
    value_of,
    window,
)

__all__ = [
    "MOST_DETAILED",
    "MOST_LISTED",
    "MOST_POINTING",
    "Collection",
    "Describer",
    "Description",
    "Evidence",
    "Group",
    "Name",
    "Names",
    "Row",
    "Section",
    "Statement",
    "Term",
    "Traits",
    "about",
    "ask",
    "by_property",
    "collect",
    "iris",
    "natural",
    "nearest",
    "reading",
    "select",
    "settled",
    "value_of",
    "window",
]
