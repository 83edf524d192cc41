"""Tables in: what is wrong in one is told by row and column, what is right becomes files, and only those."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.ingest.tables.functions import functions, slug
from bibgraph.ingest.tables.pages import page_key, site_of
from bibgraph.turtle import canonical, read_quads
from conftest import CHECKOUT, Outcome

Bibgraph = Callable[..., Outcome]
TABLE = "legal"
CSV = f"data/tables/{TABLE}.csv"
PAGE = "https://example.org/lover/ny"
ROW = {
    "key": "nylov", "id": "nylov", "language": "nb", "kind": "act", "official_id": "LOV-2031-01-01-1",
    "title": "Lov om lesesaler", "in_force": "2031-01-01", "source_url": PAGE,
    "source_checked": "stored page", "confidence": "high",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one table, nothing made of it yet, and what its mapping looks into."""
    for folder in ("ontology", "queries/tables/legal"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    (tmp_path / "shapes").mkdir()
    report = "statusrapport-2025-10-14.ttl"
    kept = ["data/sources.ttl", CSV, f"{CSV}-metadata.json", f"data/law/{report}", f"data/measures/{report}"]
    kept += [path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "queries/tables").glob("*.rq")]
    for name in kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    return tmp_path


def rows(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / CSV).read_text(encoding="utf-8"))))


def written(path: Path, table: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return path


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_next_years_list_needs_no_new_code(bibgraph: Bibgraph, root: Path, tmp_path: Path) -> None:
    assert bibgraph("--root", root, "import", "table").code == 0
    before = contents(root)
    file = written(tmp_path / "next.csv", [*rows(root), ROW])
    outcome = bibgraph("--root", root, "import", "table", file, "--name", TABLE)
    assert outcome.code == 0, outcome.err
    assert "data/law/example.ttl: 1 new, 0 changed, 0 gone." in outcome.out
    after = contents(root)
    changed = {name for name in after if before.get(name) != after[name]} - {"next.csv"}
    assert changed == {CSV, "data/law/example.ttl", "data/websources/example.ttl", "data/tables.ttl"}
    law = (root / "data/law/example.ttl").read_text(encoding="utf-8")
    assert 'dcterms:title "Lov om lesesaler"@nb' in law
    assert 'eli:first_date_entry_in_force "2031-01-01"^^xsd:date' in law
    assert canonical(law, name="law") == law


def test_run_again_it_changes_nothing(bibgraph: Bibgraph, root: Path) -> None:
    bibgraph("--root", root, "import", "table")
    before = contents(root)
    for arguments in ((), (root / CSV,)):
        outcome = bibgraph("--root", root, "import", "table", *arguments)
        assert (outcome.code, outcome.out) == (0, "")
        assert contents(root) == before


def test_the_files_of_the_checkout_are_those_that_its_tables_make(bibgraph: Bibgraph) -> None:
    outcome = bibgraph("--root", CHECKOUT, "import", "table", "--dry-run")
    assert (outcome.code, outcome.out) == (0, ""), outcome.out


def test_a_dry_run_tells_and_writes_nothing(bibgraph: Bibgraph, root: Path) -> None:
    before = contents(root)
    outcome = bibgraph("--root", root, "import", "table", "--dry-run")
    assert "data/law/norgeslover.ttl" in outcome.out
    assert contents(root) == before


def test_a_row_that_goes_takes_its_file_along(bibgraph: Bibgraph, root: Path, tmp_path: Path) -> None:
    kept = rows(root)
    written(root / CSV, [*kept, ROW])
    bibgraph("--root", root, "import", "table")
    assert (root / "data/law/example.ttl").exists()
    file = written(tmp_path / "less.csv", kept)
    outcome = bibgraph("--root", root, "import", "table", file, "--name", TABLE)
    assert "data/law/example.ttl: 0 new, 0 changed, 1 gone." in outcome.out
    assert not (root / "data/law/example.ttl").exists()


def test_a_file_by_hand_is_never_written_over(bibgraph: Bibgraph, root: Path) -> None:
    hand = root / "data/law/norgeslover.ttl"
    hand.write_text("<https://example.org/a> <https://example.org/b> 1 .\n", encoding="utf-8")
    before = contents(root)
    outcome = bibgraph("--root", root, "import", "table")
    assert outcome.code == 2
    assert "data/law/norgeslover.ttl: This file is written by hand" in outcome.err
    assert contents(root) == before


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("confidence", "low", "row 40, column confidence: low is not one of the words known. "),
        ("confidence", "", "row 40, column confidence: The cell is empty."),
        ("kind", "novella", "row 40, column kind: novella is not one of the words known. "),
        ("in_force", "1.1.2031", "row 40, column in_force: 1.1.2031 is not of the form"),
        (
            "source_url",
            "example.org/lover",
            "row 40, column source_url: example.org/lover is no web address.",
        ),
        ("source_url", "http://[::1", "row 40, column source_url: http://[::1 is no web address."),
        ("source_url", "rapport#L1-L2", "row 40, column source_url: There is no document called rapport."),
        ("key", "fbl", "row 40, column key: The key fbl stands in row 2 too."),
        ("key", "Ny Lov", "row 40, column key: Ny Lov is not of the form"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_by_row_and_column(
    bibgraph: Bibgraph, root: Path, tmp_path: Path, column: str, cell: str, told: str
) -> None:
    before = contents(root)
    file = written(tmp_path / "wrong.csv", [*rows(root), {**ROW, column: cell}])
    outcome = bibgraph("--root", root, "import", "table", file, "--name", TABLE)
    assert outcome.code == 1
    assert f"{TABLE}, {told}" in outcome.err
    assert outcome.err.rstrip().endswith("Nothing is written.")
    assert contents(root) == {**before, "wrong.csv": file.read_bytes()}


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", TABLE, "The file is empty."),
        (b"key,id\n\xff\xfe", TABLE, "The file is not UTF-8"),
        (b"key,id\n\0", TABLE, "The file is no text."),
        (b"key,id,tittel\n", TABLE, "There is no column called 'tittel' in this table.\nDid you mean title?"),
        (b"key,key\n", TABLE, "The column 'key' stands twice."),
        (b"key,id\n", TABLE, "The columns language, kind, title, source_url, source_checked"),
        (b'key,"id\n', TABLE, "The file is no CSV"),
        (b"key\n", "leagl", "There is no table called leagl.\nDid you mean legal?"),
        (b"key\n", "ferries", "There is no table called ferries.\nThe tables are: legal."),
    ],
)  # fmt: skip
def test_what_is_no_table_ends_with_two_and_what_to_do(
    bibgraph: Bibgraph, root: Path, tmp_path: Path, content: bytes, name: str, told: str
) -> None:
    file = tmp_path / "given.csv"
    file.write_bytes(content)
    outcome = bibgraph("--root", root, "import", "table", file, "--name", name)
    assert outcome.code == 2
    assert told in outcome.err
    assert "Traceback" not in outcome.err


def test_a_table_that_is_too_large_is_refused(bibgraph: Bibgraph, root: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{TABLE}.csv"
    with file.open("wb") as sparse:
        sparse.truncate(20_000_001)
    outcome = bibgraph("--root", root, "import", "table", file)
    assert outcome.code == 2
    assert "The file is larger than 20000000 bytes." in outcome.err


def test_a_file_that_is_missing_is_told(bibgraph: Bibgraph, root: Path, tmp_path: Path) -> None:
    outcome = bibgraph("--root", root, "import", "table", tmp_path / f"{TABLE}.csv")
    assert outcome.code == 2
    assert "legal.csv" in outcome.err


def test_line_ends_and_byte_order_mark_of_a_spreadsheet_do_not_matter(
    bibgraph: Bibgraph, root: Path, tmp_path: Path
) -> None:
    bibgraph("--root", root, "import", "table")
    file = tmp_path / "saved.csv"
    text = (root / CSV).read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    outcome = bibgraph("--root", root, "import", "table", file, "--name", TABLE)
    assert (outcome.code, outcome.out) == (0, "")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?s { ?s ?p ?o }", "The header lacks title-nb, title-nn, title-en."),
        ("{titles}ASK { ?s ?p ?o }", "A mapping is a CONSTRUCT."),
        ("{titles}CONSTRUCT { ?s ?p ", "queries/tables/legal/odd.rq"),
        (
            "{titles}CONSTRUCT {{ [] ?p ?s }} {{ ?s a <https://w3id.org/bibgraph/table#Row> ; ?p ?o }}",
            "The mapping makes things without an IRI.",
        ),
    ],
)
def test_a_mapping_that_cannot_be_asked_is_named(
    bibgraph: Bibgraph, root: Path, query: str, told: str
) -> None:
    titles = "".join(f"#+ title-{each}: Rart hos {{site}}\n" for each in ("nb", "nn", "en"))
    text = query.replace("{titles}", titles).replace("{{", "{").replace("}}", "}")
    (root / "queries/tables/legal/odd.rq").write_text(text, encoding="utf-8")
    outcome = bibgraph("--root", root, "import", "table")
    assert outcome.code == 2
    assert told in outcome.err


def test_a_table_without_mapping_and_a_description_that_is_none_are_told(
    bibgraph: Bibgraph, root: Path
) -> None:
    metadata = root / f"data/tables/{TABLE}.csv-metadata.json"
    shutil.rmtree(root / "queries/tables/legal")
    assert "There is no mapping for the table legal." in bibgraph("--root", root, "import", "table").err
    for broken in (
        "{",
        "[]",
        "{}",
        json.dumps({"tableSchema": {"columns": [{"name": "a", "datatype": "date"}]}}),
    ):
        metadata.write_text(broken, encoding="utf-8")
        outcome = bibgraph("--root", root, "import", "table")
        assert outcome.code == 2
        assert "The description of the table is not understood" in outcome.err


def test_a_page_that_is_described_by_hand_keeps_its_address(bibgraph: Bibgraph, root: Path) -> None:
    bibgraph("--root", root, "import", "table")
    law = (root / "data/law/norgeslover.ttl").read_text(encoding="utf-8")
    assert "dcterms:source source:norgeslover-folkebibliotekloven" in law
    assert not (root / "data/websources/norgeslover.ttl").exists()


def test_each_graph_that_is_made_says_so(bibgraph: Bibgraph, root: Path) -> None:
    bibgraph("--root", root, "import", "table")
    derived = "http://www.w3.org/ns/prov#wasDerivedFrom"
    said = {
        (str(quad.subject).strip("<>"), str(quad.object).strip("<>"))
        for quad in read_quads(root / "data/tables.ttl")
        if quad.predicate.value == derived
    }
    base = "https://w3id.org/bibgraph/"
    for graph in ("law/norgeslover", "websources/stortinget", "tables"):
        assert (f"{base}graph/{graph}", f"{base}id/table/{TABLE}") in said
    assert (f"{base}graph/law/norgeslover", f"{base}id/source/norgeslover-folkebibliotekloven") in said


@pytest.mark.parametrize(
    ("text", "key"),
    [("Øst og Vest", "ost-og-vest"), ("Ærlig § 4 – «på»", "aerlig-4-pa"), ("Café  Ðø", "cafe-do"), ("…", "")],
)
def test_keys_are_lower_case_words_of_ascii(text: str, key: str) -> None:
    assert slug(text) == key


@pytest.mark.parametrize(
    ("call", "told", "made"),
    [
        ("edtf", ("2020", "year (spring)"), "2020-21"),
        ("edtf", ("2026-06-30", "half-year (planned, no later than)"), "2026-40"),
        ("edtf", ("2023", "year (from document id, unverified)"), "2023?"),
        ("edtf", ("2023-09-29", ""), "2023-09-29"),
        ("edtf", ("om litt", "day"), None),
        ("period", ("2020", ""), "2020/.."),
        ("period", ("", "2030"), "/2030"),
        ("period", ("2023-09-29", "2025-12-31"), "2023-09-29/2025-12-31"),
        ("earliest", ("2020-21",), "2020-03-01"),
        ("latest", ("2020-21",), "2020-05-31"),
        ("latest", ("2020/..",), None),
        ("slug", ("–",), None),
    ],
)
def test_functions_of_mappings(call: str, told: tuple[str, ...], made: str | None) -> None:
    by_name = {iri.value.rpartition("#")[2]: function for iri, function in functions().items()}
    answer = by_name[call](*map(ox.Literal, told))
    assert (str(getattr(answer, "value", None)) if answer is not None else None) == made


@pytest.mark.parametrize(
    ("address", "site", "key"),
    [
        ("https://www.regjeringen.no/no/x/id1/", "regjeringen", "regjeringen-no-x-id1"),
        ("https://beta.bibliotekutvikling.no/a/", "beta-bibliotekutvikling", "beta-bibliotekutvikling-a"),
    ],
)
def test_pages_are_called_after_their_address(address: str, site: str, key: str) -> None:
    assert site_of(address) == site
    assert page_key(address) == key


def test_pages_that_differ_in_what_the_key_leaves_out_have_a_mark() -> None:
    address = "https://bibliotekutvikling.no/"
    keys = {page_key(address + rest) for rest in ("", "?p=20305", "?p=1", "#a", "a" * 100, "a" * 99 + "b")}
    assert len(keys) == 6
    assert page_key(address) != page_key("http://bibliotekutvikling.no/")
