"""OAI-PMH 2.0: what the protocol demands, harvested by a client that others use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import _Element as Element
from lxml.etree import fromstring
from oaipmh.client import BaseClient
from oaipmh.metadata import MetadataRegistry, oai_dc_reader

from bibgraph.publish import oai
from bibgraph.publish.oai_requests import OaiError, Wish, arguments_of
from bibgraph.publish.records import Records
from releases_world import BASE, MEASURE, OBSERVATION, World, releases_world

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return releases_world(tmp_path_factory.mktemp("project") / "root")


@pytest.fixture(scope="module")
def client(world: World) -> FlaskClient:
    return world.client()


@pytest.fixture(autouse=True)
def _several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PART", 20)


def ask(client: FlaskClient, arguments: Mapping[str, str] | str) -> Element:
    query = arguments if isinstance(arguments, str) else urlencode(arguments)
    response = client.get(f"/oai?{query}")
    assert (response.status_code, response.content_type) == (200, "text/xml; charset=utf-8")
    root = fromstring(response.data)
    assert root.tag == f"{OAI}OAI-PMH"
    assert [child.tag for child in root][:2] == [f"{OAI}responseDate", f"{OAI}request"]
    assert len(root) == 3
    return root


def error(client: FlaskClient, arguments: Mapping[str, str] | str) -> tuple[str, dict[str, str]]:
    """The code of the error, and what the answer says was asked."""
    root = ask(client, arguments)
    assert root[2].tag == f"{OAI}error"
    assert root[2].text
    return str(root[2].get("code")), {str(key): str(value) for key, value in root[1].items()}


class Harvester(BaseClient):  # type: ignore[misc]  # it comes without types
    """The client of a library, which asks the application instead of the network."""

    def __init__(self, client: FlaskClient) -> None:
        registry = MetadataRegistry()
        registry.registerReader("oai_dc", oai_dc_reader)
        super().__init__(registry)
        self.client = client

    def makeRequest(self, **told: str) -> bytes:  # noqa: N802  # the library's name
        answer: bytes = self.client.post("/oai", data=told).data
        return answer


def test_the_record_set_is_harvested_from_nothing(client: FlaskClient, world: World) -> None:
    harvested = {
        header.identifier(): None if header.isDeleted() else metadata.getMap()
        for header, metadata, _ in Harvester(client).listRecords(metadataPrefix="oai_dc")
    }
    ever = {thing for thing in world.log.by_thing if thing.startswith(f"{BASE}id/")}
    assert harvested.keys() == ever
    assert {thing for thing, said in harvested.items() if said is None} == set(world.log.gone())
    first = harvested[f"{MEASURE}1"]
    assert first is not None
    assert first["title"] == ["Tiltak 1"]
    assert first["identifier"] == [f"{MEASURE}1"]
    assert first["description"] == ["Biblioteket skal låne ut bøker i MARC-format til alle."]
    assert first["relation"] == [f"{BASE}id/strategy/2030"]
    assert first["type"] == ["Tiltak"]


def test_harvesting_step_by_step_gives_the_same_as_all_at_once(client: FlaskClient) -> None:
    """Whoever comes again after each release has what one has who comes once."""
    harvester = Harvester(client)
    days = [datetime(2026, 11, 22), datetime(2026, 12, 1), datetime(2027, 1, 15)]  # noqa: DTZ001  # as the client has them
    found: dict[str, bool] = {}
    for day in days:
        until = day.replace(hour=23, minute=59, second=59)
        part = harvester.listRecords(metadataPrefix="oai_dc", from_=day, until=until)
        found |= {header.identifier(): header.isDeleted() for header, _, _ in part}
    every = harvester.listRecords(metadataPrefix="oai_dc")
    assert found == {header.identifier(): header.isDeleted() for header, _, _ in every}


def test_a_record_is_dated_by_its_last_change_or_that_of_a_name_in_it(client: FlaskClient) -> None:
    def stamp(identifier: str) -> str:
        root = ask(client, {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": identifier})
        return root.findtext(f".//{OAI}datestamp") or ""

    assert stamp(f"{MEASURE}1") == "2027-01-15T00:00:00Z"
    assert stamp(f"{MEASURE}2") == "2026-12-01T00:00:00Z"
    assert stamp(OBSERVATION) == "2027-01-15T00:00:00Z"  # it names measure 1
    assert stamp(f"{BASE}id/strategy/2030") == "2026-11-22T00:00:00Z"


def test_the_parts_of_a_list_end_with_an_empty_token(client: FlaskClient) -> None:
    arguments, sizes, cursors = LIST, [], []
    while True:
        root = ask(client, arguments)
        sizes.append(len(root.findall(f".//{OAI}record")))
        token = root.find(f".//{OAI}resumptionToken")
        assert token is not None
        cursors.append(int(str(token.get("cursor"))))
        assert int(str(token.get("completeListSize"))) >= sum(sizes)
        if not token.text:
            break
        arguments = {"verb": "ListRecords", "resumptionToken": token.text}
        longer = {**arguments, "resumptionToken": f"{token.text}z"}
        assert error(client, longer)[0] == "badResumptionToken"
    assert cursors == list(range(0, 20 * len(sizes), 20))
    assert sum(sizes) == int(str(token.get("completeListSize")))
    assert len(sizes) > 2


def test_identify(client: FlaskClient) -> None:
    root = ask(client, {"verb": "Identify"})
    assert root[1].text == "http://localhost/oai"
    assert dict(root[1].items()) == {"verb": "Identify"}
    told = {str(child.tag).removeprefix(OAI): child.text for child in root[2]}
    assert list(told) == [
        "repositoryName",
        "baseURL",
        "protocolVersion",
        "adminEmail",
        "earliestDatestamp",
        "deletedRecord",
        "granularity",
    ]
    assert told["protocolVersion"] == "2.0"
    assert told["deletedRecord"] == "persistent"
    assert told["earliestDatestamp"] == "2026-11-22T00:00:00Z"
    assert "@" in (told["adminEmail"] or "")


def test_formats_and_sets(client: FlaskClient) -> None:
    harvester = Harvester(client)
    assert [prefix for prefix, _, _ in harvester.listMetadataFormats()] == ["oai_dc"]
    assert [p for p, _, _ in harvester.listMetadataFormats(identifier=f"{MEASURE}1")] == ["oai_dc"]
    sets = [spec for spec, _, _ in harvester.listSets()]
    assert {"measure", "measure:2030", "status", "strategy"} <= set(sets)
    headers = list(harvester.listIdentifiers(metadataPrefix="oai_dc", set="measure:2030"))
    assert {h.identifier(): h.isDeleted() for h in headers} == {
        f"{MEASURE}1": False,
        f"{MEASURE}2": True,
        f"{MEASURE}3": False,
    }
    assert all({"measure", "measure:2030"} == set(header.setSpec()) for header in headers)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=measure", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-1-1", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-01&until=2026-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=none", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2099-01-01", "noRecordsMatch"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=2000-01-01T00:00:00Z", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=%C3%A6", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x", "idDoesNotExist"),
        (
            "verb=GetRecord&metadataPrefix=marc&identifier=https://w3id.org/bibgraph/id/measure/2030/1",
            "cannotDisseminateFormat",
        ),
        ("verb=ListMetadataFormats&identifier=x", "idDoesNotExist"),
    ],
)
def test_errors_have_the_protocols_codes(client: FlaskClient, arguments: str, code: str) -> None:
    found, repeated = error(client, arguments)
    assert found == code
    # The request is repeated only where it could be understood.
    assert bool(repeated) is (code not in ("badVerb", "badArgument"))


def test_a_token_of_another_version_is_refused(client: FlaskClient) -> None:
    token = Wish("oai_dc", start=20).token("another")
    assert error(client, {"verb": "ListRecords", "resumptionToken": token})[0] == "badResumptionToken"


@given(
    wish=st.builds(
        Wish,
        st.text(max_size=9),
        st.text(max_size=9),
        st.text(max_size=9),
        st.text(max_size=9),
        st.integers(1, 10**9),
    )
)
def test_a_token_stands_for_a_wish(wish: Wish) -> None:
    assert Wish.of(wish.token("v"), "v") == wish


@given(st.text())
def test_no_token_of_a_strangers_making_is_a_fault_of_ours(text: str) -> None:
    with pytest.raises(OaiError):
        Wish.of(text, "version")


@given(st.lists(st.tuples(st.sampled_from(["verb", "set", "from", "x"]), st.text(max_size=5))))
def test_no_arguments_are_a_fault_of_ours(asked: list[tuple[str, str]]) -> None:
    with pytest.raises(OaiError):
        arguments_of(asked)


def test_without_releases_there_are_no_records(world: World) -> None:
    empty = type(world)(world.repository, type(world.log)(world.log.folder), ())
    provider = oai.Provider(Records(empty.versions), "http://localhost/oai")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert b'code="noRecordsMatch"' in provider.answer(list(LIST.items()), now)
    assert b'code="noSetHierarchy"' in provider.answer([("verb", "ListSets")], now)
    assert b"<adminEmail>webmaster@localhost<" in provider.answer([("verb", "Identify")], now)
