"""The ready questions: ``.rq`` files with a header, and parameters that are bound as RDF terms.

A file is a SPARQL query that any engine can run as it stands, with its parameters open. Before the query
stands a header of lines ``#+ key: value``::

    #+ id: status-as-of                   the file's name without its ending
    #+ question-nb: Hva var statusen?     likewise -nn and -en
    #+ why-nb: Viser hva ...              what the answer is good for; likewise -nn and -en
    #+ kind: select                       or ask, construct
    #+ columns-nb: measure=Tiltak, ...    select only: the projection, with headings; likewise -nn and -en
    #+ parameter: date date latest        any number: name, type, and a default unless it must be given
    #+ labels-nb: date=På datoen          optional: what the parameters are called; likewise -nn and -en
    #+ tags: status, history              optional
    #+ chart: bar x=status y=count        optional: how to draw the answer, perhaps with series=column
    #+ coded: status                      optional: the columns that hold codes, few values in many rows
    #+ choices: thing=before after        optional: the columns that hold what can be chosen for a thing

A parameter stands in the query as one or more blocks ``VALUES $name { UNDEF }``. A value takes the place of
UNDEF there, among the tokens of the query, as a term that we write; no text is ever pasted. The types are
``date``, ``integer``, ``text``, ``thing``, ``language``, and each name for which the folder ``values`` beside
the questions' has a query that lists what is allowed (``?value ?term ?label``). The defaults ``any``,
``latest`` and ``none`` leave the parameter open, and ``reader`` is the language of whoever asks. The names
``lang``, ``format``, ``limit`` and ``offset`` belong to the addresses of answers and are no parameters.

A query orders its rows, but never by what is a number in one row and a text in another: such values have no
total order, and Oxigraph's sort may end the process over them. The rest is settled by ``windows``.
"""

from bibgraph.catalogue.hints import Chart
from bibgraph.catalogue.loading import Catalogue
from bibgraph.catalogue.question import Question

__all__ = ["Catalogue", "Chart", "Question"]
