"""What ``docs/benchmarks.md`` says in words."""

from __future__ import annotations

from endpoints.load import CONNECTIONS, HOSTILE_CLIENTS
from endpoints.measuring import BUDGET, MOST_MEMORY, POLITE_RATE, WAITED
from endpoints.servers import PATIENCE, TIMEOUT

WRONG = "✗"


def _joined(text: str) -> str:
    return " ".join(text.split())


DATA = _joined("""
    All servers get the same triples, made by `benchmarks/endpoints/graphs.py` from a seed: the ontology
    and, for each unit of scale, one plan in the shape of the project's own data, and about as large:
    strategies with their measures and reports, and the law, bodies, projects, awards, quotations and web
    sources around them. Names, words, amounts and addresses are other ones in every plan, and in all but the
    first so are some of the links, and what is left out or comes twice. Named graphs are kept. The default
    graph of every server is the union of all graphs, each triple once.
""")
CHECKED = _joined(f"""
    Before anything is timed, every server's answers to all questions are compared with bibgraph's, row by
    row. An answer that differs, or does not come within {WAITED:.0f} s, is marked {WRONG} and counts in no
    mean, nor does one that a server is not asked for any more because those before it took {BUDGET:.0f} s
    together. A DESCRIBE may say more than bibgraph's, not less.
""")
LOAD = _joined(f"""
    The load comes from a process of its own over {CONNECTIONS} kept connections. *Same text*: the same
    requests again and again, which whoever has a cache may answer from it. *New text*: every query declares
    a prefix that no query before it had and that it does not use, so that no cache of texts or answers
    helps, and the work is the same. All servers stand beside each other, idle unless asked; in each round
    each of them gets each load once, so that what slows the machine down slows down all. Numbers are
    medians over the rounds. A question that takes a server longer than a load lasts is asked once, by one
    client, and counts with that time under either text; a server that answers a question wrongly or not at
    all has no number for the mix.
""")
SETTINGS = _joined(f"""
    Servers run with their defaults, except: bibgraph has no budget of time for each client, as all requests
    come from one address here; Virtuoso has buffers of the size that its manual advises for 4 GB of free
    memory, and the union as its default graph by a parameter of each request. The time limit
    of Oxigraph's server is off under load: it keeps a sleeping thread for each query, so that thousands of
    quick queries a second end the server. bibgraph's is on, with all its other limits, as is Virtuoso's
    ({TIMEOUT} s).
""")
SAMPLE = _joined("""
    Of the {count} questions {timed} are timed, one of each {every} by the order of their names; all are
    compared.
""")
SUMMARY = _joined("""
    Requests answered per second. *Questions*: the geometric mean over those that the server answers
    rightly. *Mixed*: each question once, and for each of them two look-ups of all that is said of one thing
    and one DESCRIBE, in one stream, with p50 and p99 in ms where every text is new.
""")
RATIOS = "How many times as fast as each of the others bibgraph is:"
SPREAD = "Requests per second: the median, and the least and most of the rounds."
STARTS = _joined("""
    Loaded onto disk: what comes before the first start, for those that keep their data there. Cold start:
    from the start of the process to its first right answer, with the graph read in by those that keep it in
    memory. Memory: of all processes, each page counted once (PSS), and in brackets the sum of their
    resident pages.
""")
HOSTILE = _joined(f"""
    {POLITE_RATE:.0f} look-ups a second, each with a new text, first alone, then beside {HOSTILE_CLIENTS}
    clients that send sorts and counts of products, long paths and growing strings, and wait {TIMEOUT + 1} s
    at most before they send the next. Each look-up has its moment, and its time counts from there; one that
    gets no answer counts as the slowest. Queries may take {TIMEOUT} s where a server can be told. A server
    that takes more than {MOST_MEMORY / 1024:.0f} GiB is stopped, to save the machine.
""")
GROWTH = _joined(f"""
    One server at a time, asked by one client, each text new. Queries may take {PATIENCE} s where a server
    can be told. Questions: the geometric mean of their medians, over those answered rightly. Loading: onto
    disk, and from the start to the first right answer.
""")
