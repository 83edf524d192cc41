"""Quotations are proved to the character; what the typesetter did is forgiven, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.findings import Finding, Severity
from bibgraph.repository import Repository
from bibgraph.sources import Words, coverage, difference, judge, prove, read_sources, show_lines, spans
from bibgraph.sources.proof import merge
from small_repository import TEXT, small_repository


def found(text: str, quotation: str, *broken: str) -> list[str]:
    return [
        text[span.start : span.end] for span in spans(text, Words.of(quotation, broken), range(len(text)))
    ]


def faults(repository: Repository) -> list[Finding]:
    return prove(read_sources(repository.quads("ontology", "data"), repository))


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


# --- words against a text ---


@pytest.mark.parametrize(
    ("text", "quotation", "broken"),
    [
        ("ut  \nbøker\xa0 i", "ut bøker i", ()),
        ("i MARC-\nformat til", "i MARC-format til", ()),
        ("i MARC- \n\nformat til", "i MARC-format til", ()),
        ("4. Videre-\nutvikle egne", "4. Videreutvikle egne", ()),
        ("fag- og\nfolkebibliotek", "fag- og folkebibliotek", ()),
        ("utviklings-\nog", "utviklings- og", ()),
        ("Sikt - \nKunnskap", "Sikt - Kunnskap", ()),
        ("i \nleselyststrate\ngiperioden ", "i leselyststrategiperioden", ("leselyststrategiperioden",)),
        ("Nasjonalb\nibliotekar, \nDF", "Nasjonalbibliotekar, DF", ("Nasjonalbibliotekar",)),
        ("n\na\nb", "nab", ("nab",)),
        ("side\x0cto", "side to", ()),
    ],
)
def test_what_the_typesetter_did_is_forgiven(text: str, quotation: str, broken: tuple[str, ...]) -> None:
    assert len(found(text, quotation, *broken)) == 1


@pytest.mark.parametrize(
    ("text", "quotation", "broken"),
    [
        ("offentliggjort 28.08.25 i", "offentliggjort 28.08.26", ()),
        ("offentliggjort 28.08.25 i", "offentliggjort 28.08.2", ()),
        ("i 2030", "030", ()),
        ("låne ut nye bøker", "låne ut bøker", ()),
        ("låne ut bøker", "låne ut nye bøker", ()),
        ("vil blir levert", "vil bli levert", ()),
        ("Bøker", "bøker", ()),
        ("lesesa\nlen", "lesesalen", ()),
        ("lesesa len", "lesesalen", ("lesesalen",)),
        ("MARC-\nformat", "MARCformat", ()),
        ("MARC- format", "MARC-format", ()),
        ("Sikt -\nKunnskap", "Sikt -Kunnskap", ()),
        ("a bc", "abc", ()),
        ("anything", "", ()),
    ],
)
def test_all_else_is_not(text: str, quotation: str, broken: tuple[str, ...]) -> None:
    assert found(text, quotation, *broken) == []


WORD = st.text("abcæøå0123456789.,«»", min_size=1, max_size=6)
GAP = st.sampled_from([" ", "\n", "  \n", "\xa0", "\n\n \n", "\t"])


@given(st.lists(st.tuples(WORD, GAP), min_size=1, max_size=12), st.data())
def test_words_are_found_in_every_setting_of_them_and_not_with_one_sign_changed(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(word + gap for word, gap in pieces)
    quotation = " ".join(word for word, _ in pieces)
    assert text.rstrip() in found(text, quotation)
    place = data.draw(st.integers(0, len(quotation) - 1))
    if quotation[place] != " ":
        changed = quotation[:place] + "X" + quotation[place + 1 :]
        assert found(text, changed) == []
        parting = difference(text, Words.of(changed), range(len(text)))
        assert "X" in parting.wanted
        assert "X" not in parting.found


def test_the_difference_is_told_with_whole_words_at_the_place_of_parting() -> None:
    text = "Siste tildeling offentliggjort 28.08.25 av rådet"
    parting = difference(text, Words.of("tildeling offentliggjort 28.08.26 av"), range(len(text)))
    assert (parting.wanted, parting.found) == ("28.08.26", "28.08.25")
    assert text[parting.offset :].startswith("28.08.25")


# --- documents and quotations ---


def test_a_true_project_proves(tmp_path: Path) -> None:
    repository = small_repository(tmp_path)
    sources = read_sources(repository.quads("ontology", "data"), repository)
    assert prove(sources) == []
    assert len(sources.quotations) == 3
    assert len(sources.values) == 5
    document = next(iter(sources.documents.values()))
    assert document.title == "Status 2030"
    assert "\n".join(document.lines) == TEXT


def test_lines_are_counted_by_line_feeds_only(tmp_path: Path) -> None:
    repository = small_repository(tmp_path)
    (tmp_path / "data/sources/report.txt").write_bytes(b"a\x0cb\x1cc\r\nd\xe2\x80\xa8e\n")
    document = next(iter(read_sources(repository.quads("ontology", "data"), repository).documents.values()))
    assert document.lines == ("a\x0cb\x1cc\r", "d\u2028e", "")


@pytest.mark.parametrize(
    ("old", "new", "rule", "told"),
    [
        ("bøker i MARC", "bøker i MARK", "quotation-differs", "line 4: the quotation has «MARK-format»"),
        ("mai 2030", "mai 2031", "quotation-differs", "quotation has «2031.», the document «2030.»"),
        ("skal låne ut", "skal ut", "quotation-differs", "line 3: the quotation has «ut», the"),
        ("bg:lineStart 3", "bg:lineStart 2", "quotation-misplaced", "lines 2–5 of data/sources/report.txt"),
        ("bg:lineEnd 5", "bg:lineEnd 6", "quotation-misplaced", "they stand in 3–5."),
        ("bg:lineEnd 12", "bg:lineEnd 99", "quotation-lines", "it has 13 lines"),
        ("bg:lineEnd 12", "bg:lineEnd 9", "quotation-lines", "no lines 10–9"),
        ("    bg:brokenWord \"lesesalen\" ;\n", "", "quotation-differs", "the document «lesesa»"),
        ('"lesesalen"', '"lesesalen" , "sovesalen"', "broken-word", "«sovesalen» is named as broken"),
        ("wasQuotedFrom source:report", "wasQuotedFrom source:r", "quotation-without-document", "no doc"),
    ],
)  # fmt: skip
def test_a_quotation_that_is_not_in_its_lines(
    tmp_path: Path, old: str, new: str, rule: str, told: str
) -> None:
    repository = small_repository(tmp_path, quotations=(old, new))
    findings = [finding for finding in faults(repository) if finding.rule == rule]
    assert told in findings[0].text("en")
    assert findings[0].severity is Severity.VIOLATION
    assert findings[0].thing.startswith("https://w3id.org/bibgraph/id/quotation/report/")


def test_a_document_that_was_changed(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, TEXT.replace("Status", "status"))
    finding = only(faults(repository))
    assert finding.rule == "document-hash"
    assert finding.thing == "https://w3id.org/bibgraph/id/source/report"


@pytest.mark.parametrize("file", ["data/sources/none.txt", "../report.txt", "/etc/hostname", "data/sources"])
def test_a_document_without_a_text_in_the_project(tmp_path: Path, file: str) -> None:
    (tmp_path / "report.txt").write_text("outside", encoding="utf-8")
    repository = small_repository(tmp_path / "project", others=("data/sources/report.txt", file))
    rules = {finding.rule for finding in faults(repository)}
    assert rules == {"document-file", "quotation-without-document"}


def test_a_document_that_is_not_utf_8(tmp_path: Path) -> None:
    repository = small_repository(tmp_path)
    (tmp_path / "data/sources/report.txt").write_bytes("låne".encode("latin-1"))
    told = [finding.text("en") for finding in faults(repository) if finding.rule == "document-file"]
    assert told == ["data/sources/report.txt is not UTF-8 text."]


# --- values that are words of a source ---


def test_a_value_may_lie_in_several_quotations_with_uncited_lines_between(tmp_path: Path) -> None:
    both = '"1. Biblioteket skal låne ut bøker i MARC-format til alle."@nb'
    repository = small_repository(
        tmp_path,
        quotations=(both, '"1. Biblioteket skal låne"@nb'),
        measures=("bg:evidence q:3-5", "bg:evidence q:3 , q:4-5"),
    )
    path = tmp_path / "data/quotations/report.ttl"
    content = path.read_text(encoding="utf-8")
    first = content.replace("q:3-5 a", "q:3 a").replace(
        "bg:lineStart 3 ;\n    bg:lineEnd 5", "bg:lineStart 3 ;\n    bg:lineEnd 3"
    )
    path.write_text(
        first
        + "q:4-5 a bg:Quotation ; prov:wasQuotedFrom source:report ; bg:lineStart 4 ; bg:lineEnd 5 ;\n"
        + '    prov:value "i MARC-format til alle."@nb .\n',
        encoding="utf-8",
    )
    assert faults(repository) == []


def test_a_value_that_the_source_does_not_have(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=("videreutvikle", "utvikle"))
    finding = only(faults(repository))
    assert finding.rule == "verbatim-differs"
    assert finding.thing == "https://w3id.org/bibgraph/id/measure/2030/2"
    assert finding.path == "bg:text"
    assert "line 10: the value has «utvikle», the document «videre-»" in finding.text("en")


def test_a_value_that_stands_elsewhere_in_the_document_only(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=("bg:evidence q:10-12", "bg:evidence q:7"))
    assert only(faults(repository)).rule == "verbatim-differs"


def test_a_value_without_evidence(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=(" ;\n    bg:evidence q:10-12", ""))
    finding = only(faults(repository))
    assert (finding.rule, finding.path) == ("verbatim-without-evidence", "bg:text")


def test_a_match_does_not_reach_from_one_document_into_the_next(tmp_path: Path) -> None:
    repository = small_repository(
        tmp_path,
        measures=("bg:evidence q:3-5", "bg:evidence q:3 , q:b"),
        others=(
            "agent:bibgraph a",
            'source:b a bg:SourceDocument ; bg:file "data/sources/b.txt" .\nagent:bibgraph a',
        ),
    )
    (tmp_path / "data/sources/b.txt").write_text("i MARC-\nformat til alle.", encoding="utf-8")
    (tmp_path / "data/quotations/more.ttl").write_text(
        (tmp_path / "data/quotations/report.ttl").read_text(encoding="utf-8").partition("q:3-5")[0]
        + "q:3 a bg:Quotation ; prov:wasQuotedFrom source:report ; bg:lineStart 3 ; bg:lineEnd 3 ;\n"
        + '    prov:value "1. Biblioteket skal låne ut bøker"@nb .\n'
        + "q:b a bg:Quotation ; prov:wasQuotedFrom source:b ; bg:lineStart 1 ; bg:lineEnd 2 ;\n"
        + '    prov:value "i MARC-format til alle."@nb .\n',
        encoding="utf-8",
    )
    assert "verbatim-differs" in {finding.rule for finding in faults(repository)}


# --- coverage ---


def test_cited_and_layout_lines_are_accounted_for_and_blank_ones_do_not_count(tmp_path: Path) -> None:
    repository = small_repository(tmp_path)
    [result] = coverage(read_sources(repository.quads("ontology", "data"), repository))
    assert result.lines == 9
    assert result.quoted == {3, 4, 5, 7, 10, 11, 12}
    assert result.layout == {1, 9}
    assert result.uncovered == ()
    assert result.share == 1
    assert judge([result]) == []


def test_a_quotation_that_nothing_cites_accounts_for_nothing(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=(" ;\n    bg:evidence q:10-12", ""))
    [result] = coverage(read_sources(repository.quads("ontology", "data"), repository))
    assert result.uncovered == ((10, "2. Biblioteket skal videre-"), (11, "utvikle lesesa"), (12, "len. "))
    assert result.share == pytest.approx(6 / 9)
    finding = only(judge([result]))
    assert (finding.rule, finding.severity) == ("lines-uncovered", Severity.WARNING)
    assert "3 of 9 lines" in finding.text("en")
    assert "10–12" in finding.text("en")


def test_a_line_that_is_both_cited_and_layout(tmp_path: Path) -> None:
    repository = small_repository(
        tmp_path, quotations=("bg:lineStart 9 ;\n    bg:lineEnd 9", "bg:lineStart 9 ;\n    bg:lineEnd 10")
    )
    finding = only(judge(coverage(read_sources(repository.quads("ontology", "data"), repository))))
    assert (finding.rule, finding.severity) == ("lines-twice", Severity.WARNING)
    assert "layout: 10." in finding.text("en")


def test_a_layout_passage_without_a_reason_accounts_for_nothing(tmp_path: Path) -> None:
    repository = small_repository(
        tmp_path, quotations=("bg:lineEnd 9 ;\n    bg:reason code:table-head", "bg:lineEnd 9")
    )
    [result] = coverage(read_sources(repository.quads("ontology", "data"), repository))
    assert result.uncovered == ((9, "- 2 -"),)


def test_ranges_that_touch_or_overlap_are_one() -> None:
    assert merge([(7, 9), (1, 2), (3, 3), (8, 12), (14, 14)]) == [(1, 3), (7, 12), (14, 14)]
    assert show_lines([(1, 3), (7, 7)]) == "1–3, 7"
