"""The whole check: every kind of fault is found, with its file, line and column, and nothing else is."""

from pathlib import Path

import pytest

from bibgraph.checking import check
from bibgraph.errors import QueryError, SourceError
from bibgraph.findings import Finding, Severity
from bibgraph.repository import Repository
from small_repository import PREFIXES, TEXT, change, small_repository

BASE = "https://w3id.org/bibgraph/"
SHAPES = BASE + "shapes#"
NUMBER = SHAPES + "Measure-number"
STATUS = SHAPES + "StatusObservation-status"
SHAPE = "shapes#Measure"
M1, M2 = "id/measure/2030/1", "id/measure/2030/2"
OBS, MS = "id/status/2030-05-01/1", "id/milestone/2030-05-01/1-1"
Q35 = "id/quotation/report/3-5"


def place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}:{finding.column}"


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").partition(text)[0].count("\n") + 1


def test_a_project_without_faults_has_no_findings(tmp_path: Path) -> None:
    assert check(small_repository(tmp_path)) == []


# The change in a file; what is found, of which thing, and the text that begins on the line of the finding.
FAULTS = [
    ("quotations", "ut bøker", "ut 9øker", "quotation-differs", Q35, "q:3-5 a"),
    ("measures", "    bg:number 1 ;\n", "", NUMBER, M1, "m:1 a"),
    ("measures", "bg:number 1", "bg:nummber 1", "unknown-term", M1, "bg:nummber 1"),
    ("measures", "bg:number 2", "bg:number 2 , 3", NUMBER, M2, "bg:number 2"),
    ("measures", "bg:number 2", 'bg:number "2"', NUMBER, M2, 'bg:number "2"'),
    (
        "measures",
        "bg:number 2",
        "bg:number 1",
        "measure-number-twice",
        M2,
        'bg:number 1 ;\n    bg:text "Biblioteket skal v',
    ),
    ("measures", "låne ut", "låne bort", "verbatim-differs", M1, "bg:text"),
    ("status", "code:closed", "code:finished", "reference-dangling", OBS, "bg:status code"),
    ("status", "code:closed", "code:part-i", STATUS, OBS, "bg:status code"),
    ("status", "code:closed", '"closed"', STATUS, OBS, 'bg:status "'),
    ("status", "code:closed", "code:ongoing", "status-words-unmapped", OBS, "bg:statusAsStated"),
    ("status", "2030-05-31", "2030-05-30", "date-latest", MS, "bg:date "),
    ("status", '"2030-05"^^', '"2030-55"^^', "date-format", MS, "bg:date "),
    ("status", "2030-05-31", "2030-04-30", "dates-reversed", MS, "bg:latest"),
    ("status", '"Ferdig"@nb', '"Ferdig"@no', "language-no", MS, "rdfs:label"),
    ("others", "bg:Strategy", "bg:Strategi", "unknown-term", "id/strategy/2030", "strategy:2030 a"),
    ("others", "a bg:Strategy", "a bg:StatusReport", SHAPES + "Measure-strategy", M1, "bg:partOfStrategy"),
    ("others", "bg:file", "bg:page", "document-file", "id/source/report", "source:report a"),
    ("quotations", "q:7 a", "q:8 a", "reference-dangling", OBS, "bg:evidence q:7"),
    ("quotations", "q:7 a", "q:8 a", "quotation-uncited", "id/quotation/report/8", "q:8 a"),
    (
        "quotations",
        "l:9 a bg:LayoutPassage ;",
        "l:9",
        "lines-uncovered",
        "id/source/report",
        "source:report a",
    ),
    ("shapes", "Class bg:Measure", "Class bg:Mesure", "unknown-term", SHAPE, "sh:targetClass bg:Mes"),
    ("shapes", "Class bg:Measure", "Class bg:Mesure", "target-unmatched", SHAPE, "sh:targetClass bg:Mes"),
    ("shapes", "Class bg:Measure", "Class bg:Project", "target-unmatched", SHAPE, "sh:targetClass bg:Pro"),
    (
        "shapes",
        "sh:path bg:number",
        "sh:path bg:nummer",
        "path-unused",
        SHAPE + "-number",
        "sh:path bg:nummer",
    ),
    ("shapes", "bgs:Measure-number ,", "bgs:Measure-nr ,", "shape-without-path", SHAPE, "sh:property"),
    (
        "shapes",
        "sh:minCount 1 ; sh:max",
        "sh:MinCount 1 ; sh:max",
        "unknown-term",
        SHAPE + "-number",
        "sh:path bg:n",
    ),
    ("shapes", "    sh:targetClass bg:Measure ;\n", "", "shape-unreachable", SHAPE, "bgs:Measure a"),
    ("shapes", ' , "Number the measure."@en', "", "shape-message-missing", SHAPE + "-number", "sh:message"),
    (
        "ontology/bibgraph",
        '"Tiltak"@nn , ',
        "",
        "term-text-missing",
        "ontology#Measure",
        'rdfs:label "Tiltak"@nb',
    ),
]


@pytest.mark.parametrize(("part", "old", "new", "rule", "thing", "at"), FAULTS)
def test_a_fault_is_found_where_it_is(
    tmp_path: Path, part: str, old: str, new: str, rule: str, thing: str, at: str
) -> None:
    repository = small_repository(tmp_path, **{part: (old, new)})
    findings = check(repository)
    [finding] = [each for each in findings if (each.rule, each.thing) == (rule, BASE + thing)]
    assert finding.line == line_of(tmp_path / finding.file, at)
    assert finding.column > 0


def test_columns_are_those_of_the_object_and_of_the_subject(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=("bg:number 2", 'bg:number "2"'))
    change(tmp_path, "measures", "    bg:number 1 ;\n", "")
    found = {each.thing: each for each in check(repository) if each.rule == NUMBER}
    assert (found[BASE + M2].column, found[BASE + M1].column) == (15, 1)
    assert found[BASE + M1].label == "Tiltak 1"
    assert found[BASE + M2].file == "data/measures/report.ttl"


def test_two_observations_of_one_measure_in_one_report(tmp_path: Path) -> None:
    other = "obs:x a bg:StatusObservation ; bg:ofMeasure m:1 ; bg:inReport report:2030-05-01 .\nobs:1 a"
    repository = small_repository(tmp_path, status=("obs:1 a", other))
    assert {each.thing for each in check(repository) if each.rule == "observation-twice"} == {
        BASE + "id/status/2030-05-01/1",
        BASE + "id/status/2030-05-01/x",
    }


@pytest.mark.parametrize(
    ("stated", "rule", "severity"),
    [
        ("", "period-reversed", Severity.VIOLATION),
        ('bg:periodAsStated "2030"@nb ; bg:evidence q:7 ;', "period-reversed-as-stated", Severity.WARNING),
    ],
)
def test_a_project_that_ends_before_it_starts(
    tmp_path: Path, stated: str, rule: str, severity: Severity
) -> None:
    project = f"agent:p a bg:Project ; {stated} bg:startYear 2018 ; bg:endYear 2001 .\nagent:bibgraph a"
    repository = small_repository(tmp_path, others=("agent:bibgraph a", project))
    [finding] = check(repository)
    assert (finding.rule, finding.severity) == (rule, severity)
    assert finding.thing == BASE + "id/organisation/p"


def test_shapes_that_cannot_be_run_do_not_hide_the_rest(tmp_path: Path) -> None:
    repository = small_repository(
        tmp_path, shapes=("sh:maxCount 1 ; sh:datatype", "sh:maxCount 'x' ; sh:datatype")
    )
    change(tmp_path, "measures", "bg:number 2", "bg:number 1")
    assert {each.rule for each in check(repository)} == {"shapes-unusable", "measure-number-twice"}


def test_a_shape_marked_as_expected_to_be_empty_may_match_nothing(tmp_path: Path) -> None:
    repository = small_repository(
        tmp_path, shapes=("sh:targetClass bg:StatusO", "bg:expectedEmpty true ; sh:targetClass bg:StatusO")
    )
    (tmp_path / "data/status/2030-05-01.ttl").unlink()
    rules = {each.rule for each in check(repository)}
    assert "target-unmatched" not in rules


@pytest.mark.parametrize("folder", ["data", "shapes"])
def test_nothing_to_check_is_a_violation(tmp_path: Path, folder: str) -> None:
    repository = small_repository(tmp_path)
    for path in (tmp_path / folder).rglob("*.ttl"):
        path.unlink()
    found = {each.rule: each.severity for each in check(repository)}
    assert found[f"no-{folder}"] is Severity.VIOLATION


def test_a_misspelt_term_in_a_query_is_found_at_its_line(tmp_path: Path) -> None:
    repository = small_repository(tmp_path)
    query = tmp_path / "queries/questions/own.rq"
    query.write_text(
        "PREFIX bg: <https://w3id.org/bibgraph/ontology#>\nSELECT * { ?a bg:nummber ?b }", encoding="utf-8"
    )
    [finding] = check(repository)
    assert (finding.rule, finding.file, finding.line) == ("unknown-term", "queries/questions/own.rq", 2)


def test_findings_are_sorted_by_file_and_place_and_the_same_every_time(tmp_path: Path) -> None:
    repository = small_repository(
        tmp_path, measures=("bg:number", "bg:nummber"), status=("code:closed", "code:x")
    )
    findings = check(repository)
    assert [each.file for each in findings] == sorted(each.file for each in findings)
    assert findings == check(Repository(tmp_path))
    lines = [each.line for each in findings if each.file == "data/measures/report.ttl"]
    assert lines == sorted(lines)


# --- some files only ---


def test_a_file_of_the_project_is_checked_within_the_whole(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=("bg:number 2", "bg:number 1"), status=("-31", "-30"))
    found = check(repository, [tmp_path / "data/status/2030-05-01.ttl"])
    assert {each.rule for each in found} == {"date-latest"}
    assert {each.file for each in check(repository, [tmp_path / "data"])} == {
        "data/measures/report.ttl",
        "data/status/2030-05-01.ttl",
    }


def elsewhere(folder: Path, turtle: str, name: str = "given.ttl") -> Path:
    path = folder / name
    path.write_text(turtle if name.endswith(".nt") else PREFIXES + turtle, encoding="utf-8")
    return path


def test_other_files_are_data_of_their_own(tmp_path: Path) -> None:
    repository = small_repository(tmp_path / "project")
    path = elsewhere(
        tmp_path, "strategy:x a bg:Strategy .\nm:9 a bg:Measure ; bg:partOfStrategy strategy:x ."
    )
    findings = check(repository, [path])
    at_fault = [each for each in findings if each.severity is Severity.VIOLATION]
    assert [(each.rule, each.thing, place(each)) for each in at_fault] == [
        (NUMBER, BASE + "id/measure/2030/9", f"{path.as_posix()}:{line_of(path, 'm:9 a')}:1")
    ]
    assert {each.rule for each in findings if each.severity is Severity.INFO} == {"target-unmatched"}


@pytest.mark.parametrize("name", ["given.nt", "given.trig", "given.ttl"])
def test_other_formats_are_read_too(tmp_path: Path, name: str) -> None:
    repository = small_repository(tmp_path / "project")
    measure = "<https://w3id.org/bibgraph/id/measure/2030/9>"
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    path = elsewhere(tmp_path, f"{measure} {type_} <https://w3id.org/bibgraph/ontology#Measure> .\n", name)
    [finding] = [each for each in check(repository, [path]) if each.rule == NUMBER]
    assert finding.line == line_of(path, measure)


def test_a_folder_is_all_rdf_files_in_it(tmp_path: Path) -> None:
    repository = small_repository(tmp_path / "project")
    (tmp_path / "more/deep").mkdir(parents=True)
    elsewhere(tmp_path / "more", "m:8 a bg:Measure .")
    elsewhere(tmp_path / "more/deep", "m:9 a bg:Measure .")
    found = {each.thing for each in check(repository, [tmp_path / "more"]) if each.rule == NUMBER}
    assert found == {BASE + "id/measure/2030/8", BASE + "id/measure/2030/9"}


def test_given_data_that_no_shape_looks_at_do_not_pass(tmp_path: Path) -> None:
    repository = small_repository(tmp_path / "project")
    path = elsewhere(tmp_path, "agent:x rdfs:label 'no type'@nb .")
    assert "type-missing" in {each.rule for each in check(repository, [path])}
    empty = elsewhere(tmp_path, "", "empty.ttl")
    assert "no-data" in {each.rule for each in check(repository, [empty])}


def test_quotations_in_given_data_are_proved_against_the_project_s_documents(tmp_path: Path) -> None:
    repository = small_repository(tmp_path / "project")
    quotation = (
        "q:x a bg:Quotation ; prov:wasQuotedFrom source:report ; prov:value 'Ferdig i {} 2030.'@nb ;"
        " bg:lineStart 7 ; bg:lineEnd 7 .\n"
    )
    true = {each.rule for each in check(repository, [elsewhere(tmp_path, quotation.format("mai"))])}
    false = {each.rule for each in check(repository, [elsewhere(tmp_path, quotation.format("juni"))])}
    assert false - true == {"quotation-differs"}


# --- what cannot be read ---


def test_a_file_that_does_not_parse_is_named_with_line_and_column(tmp_path: Path) -> None:
    repository = small_repository(tmp_path, measures=("bg:number 1 ;", "bg:number 1 1 ;"))
    with pytest.raises(SourceError) as raised:
        check(repository)
    line = line_of(tmp_path / "data/measures/report.ttl", "bg:number 1 1")
    assert raised.value.where.startswith(f"data/measures/report.ttl:{line}:")


@pytest.mark.parametrize("name", ["none.ttl", "empty", "text.txt"])
def test_paths_that_hold_no_rdf(tmp_path: Path, name: str) -> None:
    repository = small_repository(tmp_path / "project")
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(SourceError):
        check(repository, [tmp_path / name])


def test_a_lint_query_that_does_not_run(tmp_path: Path) -> None:
    repository = small_repository(tmp_path)
    rule = tmp_path / "queries/lint/blank-node.rq"
    rule.write_text(rule.read_text(encoding="utf-8").replace("SELECT", "SELEKT"), encoding="utf-8")
    with pytest.raises(QueryError) as raised:
        check(repository)
    assert raised.value.where.startswith("queries/lint/blank-node.rq:")
