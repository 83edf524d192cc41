"""What docs/api.md shows is what is answered."""

from __future__ import annotations

import json
import re
from itertools import islice

import pytest
from flask.testing import FlaskClient

from bibgraph.config import Settings
from bibgraph.graph import open_graph
from bibgraph.media import ALIASES, BY_NAME, BY_TYPE
from bibgraph.repository import Repository
from bibgraph.web import create_app
from conftest import CHECKOUT

PAGE = (CHECKOUT / "docs" / "api.md").read_text("utf-8")
HOST = "http://127.0.0.1:8000"
ADDRESSES = sorted(set(re.findall(rf"{HOST}(/[^\s'\"]+)", PAGE)))
REFUSED = {"unit=BUI": 400, "format=png": 406, "query=ASK+": 400}
"""The status of what is refused, by a part of its address."""
SHOWN = re.findall(rf"```console\n\$ curl -s '{HOST}([^']*)'(?: \| head -(\d+))?\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def web(repository: Repository) -> FlaskClient:
    graph = open_graph(Settings(root=repository.root))
    return create_app(Settings(language="nb"), graph).test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_address_is_answered(web: FlaskClient, address: str) -> None:
    refused = (status for part, status in REFUSED.items() if part in address)
    assert web.get(address).status_code == next(refused, 200)


def test_what_is_refused_is_shown_with_all_that_is_told() -> None:
    shown = {address: json.loads(printed) for address, _, printed in SHOWN if printed.startswith("{")}
    assert sorted(told["status"] for told in shown.values()) == sorted(REFUSED.values())
    members = set().union(*shown.values())
    assert {"parameter", "given", "allowed", "available", "where", "line", "column", "expected"} <= members


@pytest.mark.parametrize(("address", "lines", "printed"), SHOWN)
def test_each_answer_is_the_one_shown(web: FlaskClient, address: str, lines: str, printed: str) -> None:
    answer = web.get(address).text.replace("\r\n", "\n").splitlines(keepends=True)
    assert "".join(islice(answer, int(lines) if lines else None)) == printed


def test_the_part_shown_is_told_as_shown(web: FlaskClient) -> None:
    (address,) = (address for address in ADDRESSES if "limit=" in address)
    answer = web.head(address)
    (path,) = re.findall(r"^(</.*>)$", PAGE, re.MULTILINE)
    assert f'{path}; rel="next"' in answer.headers.getlist("Link")
    assert f"X-Total-Count: {answer.headers['X-Total-Count']}\n" in PAGE


def test_the_table_of_formats_is_right() -> None:
    rows = re.findall(r"^\| (`\..*?) \| .*? \| (.*?) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 6
    for endings, types in rows:
        name = re.findall(r"`\.(\w+)`", endings)[0]
        told = re.findall(r"`([^`]+)`", types)
        assert BY_NAME[name].type == told[0]
        assert all(type_ in BY_TYPE or BY_NAME[name].type == ALIASES[type_] for type_ in told)
