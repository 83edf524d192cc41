"""What differs between two status reports: as data, and as sentences."""

from bibgraph.changes.comparing import Change, Kind, compare, word_diff
from bibgraph.changes.reports import Report, known_reports, read_report
from bibgraph.changes.telling import as_csv, as_json, as_text, by_line, lead, sentence

__all__ = [
    "Change",
    "Kind",
    "Report",
    "as_csv",
    "as_json",
    "as_text",
    "by_line",
    "compare",
    "known_reports",
    "lead",
    "read_report",
    "sentence",
    "word_diff",
]
