"""Answers of OAI-PMH 2.0, by which library systems harvest the graph's things in simple Dublin Core.

The libraries that there are for providers leave out what the protocol demands: the verb in the answer, or the
empty token that ends a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from bibgraph.messages import message
from bibgraph.publish.markup import add, clean, document
from bibgraph.publish.oai_requests import SECOND, TOKEN, OaiError, Pairs, Wish, arguments_of, wish_of
from bibgraph.publish.records import Header, Records

TYPE = "text/xml; charset=utf-8"
PART = 100
"""Records in one answer."""

_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_PREFIX, _DC_NAMESPACE = "oai_dc", f"{_NAMESPACE}oai_dc/"
_DC_SCHEMA = f"{_NAMESPACE}oai_dc.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_UNDERSTOOD = ("badVerb", "badArgument")
_BEGINNING = "1970-01-01T00:00:00Z"


class Provider:
    """Answers with ``records``, as the repository at the address ``base``; errors in ``language``.

    mailboxes: of whoever runs it; without, those that the records name.
    """

    def __init__(
        self, records: Records, base: str, language: str = "en", mailboxes: Sequence[str] = ()
    ) -> None:
        self._records = records
        self._log = records.log
        self._base = base
        self._language = language
        self._mailboxes = [address.removeprefix("mailto:") for address in mailboxes]

    def answer(self, asked: Pairs, now: datetime) -> bytes:
        """The answer to a request with these arguments, errors included."""
        root = Element(
            "OAI-PMH",
            {
                "xmlns": _NAMESPACE,
                "xmlns:xsi": _INSTANCE,
                "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd",
            },
        )
        add(root, "responseDate", f"{now.astimezone(UTC):{SECOND}}")
        request = add(root, "request", self._base)
        try:
            verb, arguments = arguments_of(asked)
            body = Element(verb)
            self._verbs[verb](body, arguments)
        except OaiError as error:
            body = Element("error", {"code": error.code})
            body.text = clean(error.told.text(self._language))
        if body.get("code") not in _NOT_UNDERSTOOD:
            for name, value in asked:
                request.set(name, clean(value))
        root.append(body)
        return document(root)

    @property
    def _verbs(self) -> Mapping[str, Callable[[Element, Mapping[str, str]], None]]:
        return {
            "GetRecord": self._get_record,
            "Identify": self._identify,
            "ListIdentifiers": self._list_identifiers,
            "ListMetadataFormats": self._list_formats,
            "ListRecords": self._list_records,
            "ListSets": self._list_sets,
        }

    def _identify(self, body: Element, _: Mapping[str, str]) -> None:
        first = self._log.releases[0].published if self._log.releases else _BEGINNING
        add(body, "repositoryName", "bibgraph")
        add(body, "baseURL", self._base)
        add(body, "protocolVersion", "2.0")
        # The protocol demands an address; RFC 2142 has this one for every host.
        usual = [f"webmaster@{urlsplit(self._base).hostname}"]
        for address in self._mailboxes or self._records.contacts() or usual:
            add(body, "adminEmail", address)
        add(body, "earliestDatestamp", first)
        add(body, "deletedRecord", "persistent")
        add(body, "granularity", "YYYY-MM-DDThh:mm:ssZ")

    def _list_formats(self, body: Element, arguments: Mapping[str, str]) -> None:
        if "identifier" in arguments:
            self._known(arguments["identifier"])
        found = add(body, "metadataFormat")
        add(found, "metadataPrefix", _PREFIX)
        add(found, "schema", _DC_SCHEMA)
        add(found, "metadataNamespace", _DC_NAMESPACE)

    def _list_sets(self, body: Element, arguments: Mapping[str, str]) -> None:
        if TOKEN in arguments:
            raise OaiError("badResumptionToken", message("All sets come at once."))
        if not self._records.headers:
            raise OaiError("noSetHierarchy", message("There are no records yet, and so no sets."))
        for spec in sorted({spec for header in self._records.headers.values() for spec in header.sets}):
            found = add(body, "set")
            add(found, "setSpec", spec)
            add(found, "setName", spec.replace(":", " / "))

    def _get_record(self, body: Element, arguments: Mapping[str, str]) -> None:
        header = self._known(arguments["identifier"])
        _refuse_other_formats(arguments["metadataPrefix"])
        self._show(body, [header])

    def _list_identifiers(self, body: Element, arguments: Mapping[str, str]) -> None:
        self._part(body, arguments, lambda part: _headers(body, part))

    def _list_records(self, body: Element, arguments: Mapping[str, str]) -> None:
        self._part(body, arguments, lambda part: self._show(body, part))

    def _part(
        self, body: Element, arguments: Mapping[str, str], show: Callable[[Sequence[Header]], None]
    ) -> None:
        """Show the part of the list that is asked for, and a token for the next; an empty one ends a list."""
        version = self._log.latest.version if self._log.latest else ""
        wish = Wish.of(arguments[TOKEN], version) if TOKEN in arguments else wish_of(arguments)
        _refuse_other_formats(wish.prefix)
        found = [header for header in self._records.headers.values() if _fits(header, wish)]
        part = found[wish.start : wish.start + PART]
        if not part:
            code = "badResumptionToken" if TOKEN in arguments else "noRecordsMatch"
            raise OaiError(code, message("There are no such records."))
        show(part)
        following = wish.start + PART
        if wish.start or following < len(found):
            rest = Wish(wish.prefix, wish.since, wish.until, wish.set, following)
            told = {"completeListSize": str(len(found)), "cursor": str(wish.start)}
            add(body, TOKEN, rest.token(version) if following < len(found) else "", told)

    def _known(self, identifier: str) -> Header:
        if identifier not in self._records.headers:
            raise OaiError("idDoesNotExist", message("There is no record with this identifier."))
        return self._records.headers[identifier]

    def _show(self, body: Element, headers: Sequence[Header]) -> None:
        said = self._records.dublin_core([header.identifier for header in headers if not header.deleted])
        for header in headers:
            record = add(body, "record")
            _header(record, header)
            if not header.deleted:
                told = {
                    "xmlns:oai_dc": _DC_NAMESPACE,
                    "xmlns:dc": _DC,
                    "xsi:schemaLocation": f"{_DC_NAMESPACE} {_DC_SCHEMA}",
                }
                dc = add(add(record, "metadata"), "oai_dc:dc", attributes=told)
                add(dc, "dc:identifier", header.identifier)
                for element, value, language in said.get(header.identifier, ()):
                    add(dc, f"dc:{element}", value, {"xml:lang": language} if language else {})


def _fits(header: Header, wish: Wish) -> bool:
    """Whether a record is in the set and the time; days are compared with days."""
    stamp = header.release.published
    return (
        (not wish.set or wish.set in header.sets)
        and (not wish.since or wish.since <= stamp[: len(wish.since)])
        and (not wish.until or stamp[: len(wish.until)] <= wish.until)
    )


def _refuse_other_formats(prefix: str) -> None:
    if prefix != _PREFIX:
        raise OaiError(
            "cannotDisseminateFormat", message("Records are to be had as {format} only.", format=_PREFIX)
        )


def _header(parent: Element, header: Header) -> None:
    made = add(parent, "header", attributes={"status": "deleted"} if header.deleted else {})
    add(made, "identifier", header.identifier)
    add(made, "datestamp", header.release.published)
    for spec in header.sets:
        add(made, "setSpec", spec)


def _headers(parent: Element, headers: Sequence[Header]) -> None:
    for header in headers:
        _header(parent, header)
