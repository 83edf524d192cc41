"""The addresses for who follows and harvests the graph, as operations of ``/openapi.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bibgraph.media import BY_NAME
from bibgraph.messages import Message, message
from bibgraph.publish import activity, atom, oai, patches, stratml
from bibgraph.publish.oai_requests import VERBS
from bibgraph.web.documents.mementos import HEADER, LINK_FORMAT
from bibgraph.web.documents.signposting import LINKSET, LINKSET_JSON
from bibgraph.web.http.formats import HTML
from bibgraph.web.openapi.operations import format_parameter
from bibgraph.web.openapi.samples import Samples
from bibgraph.web.openapi.schemas import LENIENT, TEXT, Schema, list_of, reference

JSON = "application/json"
XML = oai.TYPE.partition(";")[0]
_MOST = 1_000_000
_COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": _MOST}
_ANY_FILE: Mapping[str, Schema] = {"*/*": {"schema": {}}}
_STREAM = (activity.TYPE, *(BY_NAME[name].type for name in ("jsonld", "trig", "nq", "ttl")), HTML)
_NAMED = (*(BY_NAME[name].type for name in ("jsonld", "trig", "nq", "ttl")), HTML)
_WORDS: Mapping[str, Message] = {
    "number": message("Its number, from 1 on."),
    "release": message("The number of a release, from 1 on."),
    "index": message("Which change of the release it is, from 1 on."),
    "name": message("The name of a file, as the list of files has it."),
    "strategy": message("The strategy: its address after «id», with hyphens for slashes."),
    "page": message("The path of the page, without the slash before it."),
}
_HARVESTED: Mapping[str, Message] = {
    "verb": message("What is asked for."),
    "identifier": message("The IRI of a thing."),
    "metadataPrefix": message("The format of records: oai_dc."),
    "from": message("The first day or moment of changes."),
    "until": message("The last day or moment of changes."),
    "set": message("The collection that records are in."),
    "resumptionToken": message("What an answer gave to go on with."),
}


def feed_paths(
    samples: Samples, names: Sequence[Schema], language: str
) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """The operations by path and method. names: the parameters of a path that names a thing."""
    examples = _examples(samples)
    spoken = reference(LENIENT, "parameters")
    stream = _contents(_STREAM)
    forms = [format_parameter(_NAMED, language), spoken]

    def told(
        id_: str,
        summary: Message,
        parameters: Sequence[Schema],
        answers: Mapping[str, Schema] | None,
        **more: object,
    ) -> Mapping[str, Mapping[str, object]]:
        told = {"operationId": id_, "summary": summary.text(language), "parameters": list(parameters), **more}
        return {"get": told if answers is None else {**told, "answers": answers}}

    def of_path(*names: str, **schemas: Schema) -> list[Schema]:
        found = {**dict.fromkeys(names, _COUNT), **schemas}
        return [
            _in_path(name, schema, language) | ({"example": examples[name]} if name in examples else {})
            for name, schema in found.items()
        ]

    one = {"type": "string", "pattern": "^[^/]+$"}
    return {
        f"/{atom.PATH}": told(
            "feed", message("What has changed, as Atom"), [spoken], _contents((atom.TYPE,))
        ),
        f"/{atom.PATH}/{{kind}}/{{key}}": told(
            "feed-of",
            message("What has changed around a thing, as Atom"),
            [*names, spoken],
            _contents((atom.TYPE,)),
        ),
        f"/{activity.ENTRY}": told(
            "activity", message("The stream of changes, as Activity Streams and LDES"), forms, stream
        ),
        f"/{activity.ENTRY}/page/{{number}}": told(
            "activity-page", message("A part of the stream of changes"), [*of_path("number"), *forms], stream
        ),
        f"/{activity.ENTRY}/{{release}}/{{index}}": told(
            "activity-one", message("One change of one thing"), [*of_path("release", "index"), *forms], stream
        ),
        "/changes/releases": told(
            "releases",
            message("The releases, the newest first"),
            [spoken],
            {JSON: {"schema": list_of({"type": "object"})}, HTML: {"schema": TEXT}},
        ),
        "/changes/releases/{release}.rdfp": told(
            "release-patch",
            message("What a release changed, as an RDF patch"),
            of_path("release"),
            _contents((patches.MEDIA_TYPE,)),
        ),
        "/changes/releases/{release}.nq": told(
            "release-state",
            message("The graph as it was released"),
            of_path("release"),
            _contents((BY_NAME["nq"].type,)),
        ),
        "/oai": _oai(language),
        "/dumps/": told(
            "dumps", message("The list of files with the whole graph"), [spoken], _contents((HTML,))
        ),
        "/dumps/{name}": told(
            "dump",
            message("A file with the whole graph, or a range of it"),
            of_path(name=one),
            _ANY_FILE,
            partial=True,
        ),
        f"/dumps/{{strategy}}{stratml.SUFFIX}": told(
            "stratml",
            message("A strategy as StratML"),
            of_path(strategy=one),
            _contents((stratml.MEDIA_TYPE,)),
            partial=True,
        ),
        "/linkset/{page}": told(
            "linkset",
            message("All links of a page (RFC 9264)"),
            of_path(page={"type": "string", "minLength": 1}),
            {LINKSET_JSON: {"schema": {"type": "object"}}, LINKSET: {"schema": TEXT}},
        ),
        "/timegate/doc/{kind}/{key}": told(
            "timegate",
            message("The way to a document as it was at a time (Memento)"),
            [*names, _moment(language)],
            None,
            moved="302",
        ),
        "/timemap/doc/{kind}/{key}": told(
            "timemap", message("All versions of a document (Memento)"), names, _contents((LINK_FORMAT,))
        ),
    }


def _contents(types: Sequence[str]) -> Mapping[str, Schema]:
    with_json = {activity.TYPE: {"type": "object"}, BY_NAME["jsonld"].type: {"type": "object"}}
    return {type_: {"schema": with_json.get(type_, TEXT)} for type_ in types}


def _in_path(name: str, schema: Schema, language: str) -> dict[str, object]:
    told = _WORDS[name].text(language)
    return {"name": name, "in": "path", "required": True, "description": told, "schema": schema}


def _examples(samples: Samples) -> Mapping[str, object]:
    """Examples of parts of paths, by name, of what there is."""
    own = {"strategy": "strategy-2023-2025", "page": "catalog"} if samples.project else {}
    numbers = dict.fromkeys(("number", "release", "index"), 1) if samples.released else {}
    return {"name": "bibgraph.nq", **own, **numbers}


def _moment(language: str) -> Schema:
    told = message("The moment, as HTTP writes it; without it, the newest version.")
    example = "Sun, 22 Nov 2026 00:00:00 GMT"
    pattern = r"^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$"
    return {
        "name": HEADER,
        "in": "header",
        "description": told.text(language),
        "schema": {"type": "string", "pattern": pattern, "enum": [example]},
        "example": example,
    }


def _oai(language: str) -> Mapping[str, Mapping[str, object]]:
    """OAI-PMH: whatever is asked or left out, the answer is XML with the status 200, errors too."""
    schemas: Mapping[str, Schema] = {name: {"type": "string"} for name in _HARVESTED}
    schemas = {**schemas, "verb": {"type": "string", "examples": sorted(VERBS)}}
    asked = [
        {"name": name, "in": "query", "description": sentence.text(language)}
        | {"schema": schemas[name], **({"example": "Identify"} if name == "verb" else {})}
        for name, sentence in _HARVESTED.items()
    ]
    summary = message("Harvesting of records (OAI-PMH 2.0)").text(language)
    members = {name: {**schemas[name], "description": _HARVESTED[name].text(language)} for name in schemas}
    form = {"schema": {"type": "object", "properties": members}}
    sent = {**form, "example": {"verb": "Identify"}}
    body = {"content": {"application/x-www-form-urlencoded": sent}}
    spoken, answers = reference(LENIENT, "parameters"), _contents((XML,))
    return {
        "get": {"operationId": "oai-get", "summary": summary, "parameters": asked, "answers": answers},
        "post": {
            "operationId": "oai-post",
            "summary": summary,
            "parameters": [spoken],
            "requestBody": body,
            "answers": answers,
            "fails": (413,),
        },
    }
