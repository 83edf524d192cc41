"""An exported site works from any folder of any web server: all that it leads to is in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.client import HTTPResponse
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin
from urllib.request import urlopen

import pyoxigraph as ox
import pytest
from lxml import etree, html

from bibgraph.config import Settings
from bibgraph.errors import SettingsError, SourceError
from bibgraph.graph import Graph, open_graph
from bibgraph.web import create_app
from bibgraph.web.export import EngineError, Report, Site, engine, renewed
from bibgraph.web.export.addresses import Address, file_of, read, relative
from bibgraph.web.export.folder import MARKER
from bibgraph.web.export.links import anatomy, rewritten
from bibgraph.web.export.searching import Searching
from conftest import Outcome
from site_checks import faults, linked_in_linksets, links, naming_the_server, pages, select
from small_repository import small_repository
from web_world import CHECKOUT

FEW = ("/queries", "/overviews", "/graph", "/status", "/sources", "/changes")
FEWER = (
    *FEW,
    "/doc",
    "/id",
    "/search",
    "/concepts",
    "/linkset",
    "/ontology",
    "/shapes",
    "/catalog",
    "/dumps",
)
DEEP = (*(path for path in FEWER if path != "/status"), "/feed")
BASE = "https://example.org/policy/"
ENGINE = {"assets/oxigraph/web.js": b"export class Store {}", "assets/oxigraph/web_bg.wasm": b"\0asm"}
NOTHING = Address("/")


def quiet(_: int, __: int) -> None:
    return


CODES = """@prefix code: <https://w3id.org/bibgraph/id/code/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

code:status-scheme a skos:ConceptScheme ; skos:prefLabel "Statuskoder"@nb ;
    rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
code:closed a skos:Concept ; skos:prefLabel "Avsluttet"@nb , "Closed"@en ; skos:inScheme code:status-scheme ;
    rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
code:ongoing a skos:Concept ; skos:prefLabel "Løpende"@nb ; skos:inScheme code:status-scheme .
code:in-progress a skos:Concept ; skos:prefLabel "Under arbeid"@nb ; skos:inScheme code:status-scheme .
code:table-head a skos:Concept ; skos:prefLabel "Tabellhode"@nb .
"""
ODD = """
<https://w3id.org/bibgraph/id/thing/blå> a bg:Project ; rdfs:label "Blå ting"@nb .
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A small project, opened."""
    root = small_repository(tmp_path_factory.mktemp("project")).root
    (root / "ontology/codes.ttl").write_text(CODES, encoding="utf-8")
    with (root / "data/others.ttl").open("a", encoding="utf-8") as file:
        file.write(ODD)
    return open_graph(Settings(root=root), inferred=False)


def write(
    folder: Path,
    world: Graph,
    engine: Mapping[str, bytes] = ENGINE,
    *,
    processes: int = 1,
    leave_out: tuple[str, ...] = FEW,
    more: tuple[str, ...] = (),
) -> Report:
    site = Site(world, Settings(), BASE, engine, processes, leave_out)
    site.app.add_url_rule("/broken", "broken", lambda: '<!doctype html><head></head><a href="/nowhere">x</a>')
    with renewed(folder) as made:
        return site.write(made, quiet, more)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, world: Graph) -> Path:
    folder = tmp_path_factory.mktemp("export") / "site"
    report = write(folder, world)
    assert report.missing == {}
    assert report.files == len([path for path in folder.rglob("*") if path.is_file()]) - 1  # the mark
    return folder


def test_every_link_and_place_of_every_page_is_there(site: Path) -> None:
    assert len(pages(site)) > 30
    assert faults(site, BASE) == []


def test_the_site_does_not_name_the_host_that_it_was_made_on(site: Path) -> None:
    assert naming_the_server(site) == []
    assert not [path for path in pages(site) if b"127.0.0.1" in path.read_bytes()]


def test_every_thing_has_a_page_in_each_language_and_a_document_in_each_format(site: Path) -> None:
    for thing in ("measure/2030/2", "milestone/2030-05-01/1-1", "thing/blå", "source/report"):
        for name in ("html", "ttl", "jsonld", "rdf", "nt", "trig"):
            assert (site / f"doc/{thing}.{name}").is_file(), name
        for language in ("nn", "en"):
            assert (site / f"{language}/doc/{thing}.html").is_file()
        assert (site / f"id/{thing}/index.html").is_file()
    assert not (site / "nb").exists()
    told = set(ox.parse((site / "doc/measure/2030/2.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES))
    assert {str(quad.object) for quad in told} >= {'"Tiltak 2"@nb'}


def test_pages_are_in_their_language_and_lead_to_their_other_languages(site: Path) -> None:
    for language, file in (("nb", "index.html"), ("nn", "nn/index.html"), ("en", "en/index.html")):
        tree = html.fromstring((site / file).read_bytes())
        assert tree.get("lang") == language
        others = {one.get("hreflang"): one.get("href") for one in select(tree, "//head/link[@hreflang]")}
        assert others["en"] == f"{BASE}en/index.html"
        assert set(others) == {"nb", "nn", "en"}
        assert select(tree, "//link[@rel='canonical']/@href") == [BASE + file]


def test_an_iri_leads_on_to_the_page_about_the_thing(site: Path) -> None:
    stub = html.fromstring((site / "id/measure/2030/2/index.html").read_bytes())
    assert select(stub, "//meta[@http-equiv='refresh']/@content") == [
        "0; url=../../../../doc/measure/2030/2.html"
    ]
    assert select(stub, "//link[@rel='canonical']/@href") == [f"{BASE}doc/measure/2030/2.html"]


def test_terms_of_the_ontology_are_found_at_their_own_address(site: Path) -> None:
    page = html.fromstring((site / "ontology/index.html").read_bytes())
    assert select(page, "//*[@id='Measure']")


def test_what_a_server_says_in_headers_stands_in_the_head(site: Path) -> None:
    tree = html.fromstring((site / "doc/measure/2030/2.html").read_bytes())
    assert select(tree, "//link[@rel='cite-as']/@href")
    (policy,) = select(tree, "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_forms_are_left_out_and_scripts_stand_where_the_browser_answers_only(site: Path) -> None:
    for path in pages(site):
        tree = html.fromstring(path.read_bytes())
        assert not select(tree, "//form"), path
        scripts = select(tree, "//script[not(@type='application/ld+json')]")
        assert bool(scripts) == (path.name in ("sparql.html", "search.html")), path


def test_the_page_for_queries_has_the_graph_and_the_engine_beside_it(site: Path, world: Graph) -> None:
    page = site / "sparql.html"
    tree = html.fromstring(page.read_bytes())
    (data,) = select(tree, "//a[@id='data']/@href")
    told = set(ox.parse((page.parent / data).read_bytes(), format=ox.RdfFormat.N_QUADS))
    assert told == set(world.repository.quads("ontology", "data"))
    (policy,) = select(tree, "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "'wasm-unsafe-eval'" in policy
    for name in ("sparql.js", "sparql-worker.js", *ENGINE):
        assert (site / "static" / name).is_file()
    assert "sparql.html" in set(links(site / "index.html"))


@pytest.mark.parametrize(("folder", "name"), [("", "Avsluttet"), ("en/", "Closed")])
def test_the_search_has_an_index_whose_files_are_there(site: Path, folder: str, name: str) -> None:
    parts = json.loads((site / f"{folder}search-index.json").read_bytes())
    names = [entry for part in parts["names"] for entry in json.loads((site / folder / part).read_bytes())]
    assert name in {text for _, text, _ in names}
    assert all((site / folder / unquote(file)).is_file() for file, _, _ in names)
    texts = [entry for part in parts["texts"] for entry in json.loads((site / folder / part).read_bytes())]
    named = {names[number][0] for number, words, _ in texts if "lesesalen" in words}
    assert "doc/measure/2030/2.html" in named
    tree = html.fromstring((site / f"{folder}search.html").read_bytes())
    assert select(tree, "//a[@id='index']/@href") == ["search-index.json"]
    assert (site / "static/search.js").is_file()
    front = html.fromstring((site / f"{folder}index.html").read_bytes())
    assert "search.html" in select(front, "//a[@class='btn']/@href")


def test_without_an_engine_the_page_says_how_else_to_ask(tmp_path: Path, world: Graph) -> None:
    write(tmp_path / "site", world, {}, leave_out=FEWER)
    page = html.fromstring((tmp_path / "site/sparql.html").read_bytes())
    assert not select(page, "//script | //*[@id='ask']")
    assert not (tmp_path / "site/sparql-data.nq").exists()
    assert faults(tmp_path / "site", BASE) == []


def test_link_sets_name_files_of_the_export(site: Path) -> None:
    own = {link for link in linked_in_linksets(site) if not link.startswith(("http://", "https://w3id.org/"))}
    assert own
    for link in own:
        assert link.startswith(BASE) or not link.startswith("/"), link
        if link.startswith(BASE):
            assert (site / unquote(link.removeprefix(BASE))).is_file(), link


def test_the_sitemap_names_every_page_by_its_whole_address(site: Path) -> None:
    tree = etree.parse(site / "sitemap.xml")
    named = [node.text or "" for node in tree.iter("{*}loc")]
    assert len(named) == len(set(named))
    assert all((site / unquote(name.removeprefix(BASE))).is_file() for name in named)
    assert f"{BASE}en/doc/measure/2030/2.html" in named
    assert f"Sitemap: {BASE}sitemap.xml" in (site / "robots.txt").read_text("utf-8")


def test_the_page_for_what_is_not_there_works_at_any_address(site: Path) -> None:
    tree = html.fromstring((site / "404.html").read_bytes())
    inside = [link for link in select(tree, "//@href") if not link.startswith("#")]
    assert inside
    assert all(link.startswith("https://") for link in inside)
    assert (site / ".nojekyll").is_file()


def test_the_same_graph_gives_the_same_files_by_one_process_and_by_two(tmp_path: Path, world: Graph) -> None:
    folders = [tmp_path / str(processes) for processes in (1, 2)]
    for number, folder in enumerate(folders, start=1):
        write(folder, world, processes=number, leave_out=FEWER)
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in folders
    )
    assert first.keys() == second.keys()
    assert not [name for name in first if first[name] != second[name]]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of a plain file server that has the site in a folder of its own."""
    root = site.parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/site/"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(url: str) -> HTTPResponse:
    """What the server of this test answers."""
    assert url.startswith("http://127.0.0.1:")
    answer = urlopen(url, timeout=60)  # noqa: S310  # just looked at
    assert isinstance(answer, HTTPResponse)
    return answer


@pytest.mark.parametrize("start", ["", "id/measure/2030/2", "doc/measure", "ontology", "en/index.html"])
def test_any_file_server_answers_at_the_addresses_that_people_know(served: str, start: str) -> None:
    with fetch(served + start) as answer:
        assert answer.status == 200
        assert answer.headers.get_content_type() == "text/html"


def test_a_walk_over_the_served_site_finds_everything(served: str) -> None:
    waiting, seen = [served], set[str]()
    while waiting and len(seen) < 150:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        with fetch(url) as answer:
            body = answer.read() if answer.headers.get_content_type() == "text/html" else b""
        if body:
            found = (
                urldefrag(urljoin(url, str(link)))[0] for link in select(html.fromstring(body), "//@href")
            )
            waiting += [link for link in found if link.startswith(served)]
    assert len(seen) > 50
    with pytest.raises(HTTPError, match="404"), fetch(f"{served}nothing"):
        pass


def test_the_checkouts_own_site_leads_nowhere_wrong(tmp_path: Path) -> None:
    settings = Settings(root=CHECKOUT)
    site = Site(open_graph(settings, inferred=False), settings, BASE, {}, leave_out=DEEP)
    with renewed(tmp_path / "site") as made:
        report = site.write(made, quiet)
    assert report.missing == {}
    assert {"index.html", "status.html", "sparql.html"} <= {path.name for path in pages(tmp_path / "site")}
    assert faults(tmp_path / "site", BASE) == []


def test_links_that_lead_nowhere_are_told_and_taken_away(tmp_path: Path, world: Graph) -> None:
    report = write(tmp_path / "site", world, {}, leave_out=FEWER, more=("/broken",))
    assert report.missing["/nowhere"][0] == "/broken"
    assert "<a>x</a>" in (tmp_path / "site/broken.html").read_text("utf-8")


# --- Addresses and links ---


@pytest.mark.parametrize(
    ("url", "address", "fragment"),
    [
        ("/doc/a?lang=nn#x", Address("/doc/a", "", "nn"), "x"),
        ("/doc/a.html", Address("/doc/a"), ""),
        ("/doc/a/", Address("/doc/a"), ""),
        ("/doc?page=2&lang=nb", Address("/doc", "page=2"), ""),
        ("b", Address("/b"), ""),
        ("/static/style.css?v=1", Address("/static/style.css"), ""),
        ("http://export.invalid/x", Address("/x"), ""),
        ("/doc/bl%C3%A5", Address("/doc/bl%C3%A5"), ""),
        ("/id/a", Address("/doc/a"), ""),
        ("/id", Address("/doc"), ""),
        ("/sources/a?lines=3-5&lang=en#L3", Address("/sources/a", "", "en"), "L3"),
        ("/q?lines=3", Address("/q", "lines=3"), ""),
    ],
)
def test_one_document_has_one_address(url: str, address: Address, fragment: str) -> None:
    assert read(url, NOTHING, "nb") == (address, fragment)


def test_the_index_comes_in_parts_of_a_size_that_a_phone_can_fetch(
    monkeypatch: pytest.MonkeyPatch, world: Graph
) -> None:
    whole = Searching(world, "nb")
    few = len(list(whole.addresses(["nb"])))
    monkeypatch.setattr("bibgraph.web.export.searching.MOST", 400)
    cut = Searching(world, "nb")
    webs = []
    for each in (whole, cut):
        app = create_app(Settings(), world)
        app.register_blueprint(each.blueprint())
        webs.append((each, app.test_client()))
    told: list[set[str]] = []
    for each, web in webs:
        texts = [a for a in each.addresses(["nb"]) if a.path.startswith("/search-texts")]
        found = [web.get(address.path) for address in texts]
        told.append({json.dumps(entry) for answer in found for entry in json.loads(answer.data)})
    assert told[0] == told[1]
    assert len(list(cut.addresses(["nb"]))) > few
    assert webs[1][1].get("/search-texts-999.json").status_code == 404


@pytest.mark.parametrize("url", ["https://w3id.org/bibgraph/id/x", "mailto:a@example.org", "//example.org/x"])
def test_other_sites_are_left_alone(url: str) -> None:
    assert read(url, NOTHING, "nb") is None


@pytest.mark.parametrize(
    ("address", "media_type", "file"),
    [
        (Address("/"), "text/html", "index.html"),
        (Address("/", "", "en"), "text/html", "en/index.html"),
        (Address("/doc/a.b"), "text/html", "doc/a.b.html"),
        (Address("/doc", "page=2"), "text/html", "doc_page-2.html"),
        (Address("/feed"), "application/atom+xml", "feed.atom"),
        (Address("/x.ttl"), "text/turtle", "x.ttl"),
        (Address("/doc/bl%C3%A5"), "text/html", "doc/blå.html"),
    ],
)
def test_files_are_named_after_addresses(address: Address, media_type: str, file: str) -> None:
    assert file_of(address, media_type) == file


def test_two_queries_have_two_files() -> None:
    queries = ["a=1", "a=2", "a=%C3%A5", "a=%C3%B8", "b=" + "x" * 200]
    assert len({file_of(Address("/q", query), "text/html") for query in queries}) == len(queries)


def test_links_are_relative_to_the_page() -> None:
    assert relative("doc/a.html", "index.html") == "doc/a.html"
    assert relative("index.html", "en/doc/a.html") == "../../index.html"
    assert relative("doc/blå.html", "doc/a.html") == "bl%C3%A5.html"


def test_only_links_are_changed_in_a_page() -> None:
    page = (
        '<!doctype html>\n<head><title>«a»</title><link rel="x" href="/gone"></head>\n'
        "<a class='q' href=\"/a?b=1&amp;c=2\">æ</a> href=\"/text\" <!-- <a href='/c'> -->\n"
        '<form action="/f"><form></form><a href="/in">x</a></form><p data-served><b>y</b></p>\n'
        '<svg viewBox="0 0 1 1"><a href="/s"><rect/></a></svg>'
    )
    found = anatomy(page)
    targets = {"/a?b=1&c=2": "a.html?x=1&y", "/s": "s.html"}
    assert rewritten(page, found, lambda spot: targets.get(spot.url), "<meta>") == (
        "<!doctype html>\n<head><title>«a»</title><meta></head>\n"
        "<a class='q' href=\"a.html?x=1&amp;y\">æ</a> href=\"/text\" <!-- <a href='/c'> -->\n"
        "\n"
        '<svg viewBox="0 0 1 1"><a href="s.html"><rect/></a></svg>'
    )


# --- The folder ---


def test_a_folder_with_other_things_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(SettingsError), renewed(tmp_path):
        pytest.fail("it must not begin")
    assert (tmp_path / "mine.txt").read_text() == "x"


def test_an_export_takes_the_place_of_the_last_one_and_keeps_the_history(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    with renewed(folder) as made:
        (made / "old.html").touch()
    (folder / ".git").mkdir()
    with renewed(folder) as made:
        (made / "new.html").touch()
    assert {path.name for path in folder.iterdir()} == {"new.html", ".git", MARKER}


def test_a_failure_leaves_the_last_export(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    with renewed(folder) as made:
        (made / "old.html").touch()
    with pytest.raises(SourceError, match="full"), renewed(folder):
        raise OSError(28, "the disk is full")
    assert (folder / "old.html").exists()
    assert list(tmp_path.iterdir()) == [folder]


# --- The command and the engine ---


def test_the_command_refuses_a_folder_with_other_things(
    tmp_path: Path, bibgraph: Callable[..., Outcome]
) -> None:
    (tmp_path / "mine.txt").touch()
    outcome = bibgraph("export", str(tmp_path), "--base-url", BASE, "--no-sparql")
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "https://example.org/?a=1", ""])
def test_the_command_refuses_what_is_no_address(
    tmp_path: Path, bibgraph: Callable[..., Outcome], url: str
) -> None:
    outcome = bibgraph("export", str(tmp_path / "site"), "--base-url", url, "--no-sparql")
    assert outcome.code == 2
    assert not (tmp_path / "site").exists()


def test_the_engine_is_what_the_build_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibgraph.web.parts.assets.FOLDER", tmp_path)
    (tmp_path / "oxigraph").mkdir()
    for name in ("oxigraph/web.js", "oxigraph/web_bg.wasm", "licences.txt"):
        (tmp_path / name).write_text(name)
    assert engine() == {
        f"assets/{name}": name.encode()
        for name in ("oxigraph/web.js", "oxigraph/web_bg.wasm", "licences.txt")
    }


def test_without_an_engine_there_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bibgraph.web.parts.assets.FOLDER", tmp_path)
    with pytest.raises(EngineError) as caught:
        engine()
    assert "make assets" in caught.value.text("en")
