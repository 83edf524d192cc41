"""Requests of OAI-PMH 2.0: their arguments, checked, and the tokens that stand for the rest of a list."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from bibgraph.messages import Message, message

DAY, SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"

TOKEN = "resumptionToken"  # noqa: S105  # the protocol's name for it
_VERBS: Mapping[str, tuple[frozenset[str], frozenset[str], bool]] = {
    # needed, allowed besides, whether a token may stand alone instead
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset(), False),
    "Identify": (frozenset(), frozenset(), False),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), True),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"}), False),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), True),
    "ListSets": (frozenset(), frozenset(), True),
}
VERBS = tuple(_VERBS)

Pairs = Sequence[tuple[str, str]]


class OaiError(Exception):
    """What the protocol has a code for."""

    def __init__(self, code: str, told: Message) -> None:
        super().__init__(code, told)
        self.code = code
        self.told = told


@dataclass(frozen=True)
class Wish:
    """Which records are asked for, and from the how-manieth on (from 0)."""

    prefix: str
    since: str = ""
    until: str = ""
    set: str = ""
    start: int = 0

    def token(self, version: str) -> str:
        """The same as a token, which holds for one version of the records."""
        return urlsafe_b64encode(urlencode({**asdict(self), "version": version}).encode()).decode()

    @classmethod
    def of(cls, token: str, version: str) -> Wish:
        """What a token stands for. Raises OaiError for one that is not ours, or of another version."""
        try:
            told = dict(parse_qsl(urlsafe_b64decode(token.encode()).decode(), keep_blank_values=True))
            start, of = int(told.pop("start")), told.pop("version")
            wish = cls(**told, start=start)
        except (KeyError, TypeError, ValueError, NoBase64) as error:
            raise OaiError("badResumptionToken", message("The token is not one of ours.")) from error
        if wish.token(of) != token:  # the alphabet has more than one way to write the same
            raise OaiError("badResumptionToken", message("The token is not one of ours."))
        if of != version or start <= 0:
            raise OaiError("badResumptionToken", message("The records have changed: begin again."))
        return wish


def arguments_of(asked: Pairs) -> tuple[str, dict[str, str]]:
    """The verb and the other arguments. Raises OaiError."""
    verbs = [value for name, value in asked if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise OaiError("badVerb", message("There must be one verb: {verbs}.", verbs=", ".join(_VERBS)))
    arguments = {name: value for name, value in asked if name != "verb"}
    needed, allowed, resumable = _VERBS[verbs[0]]
    names = set(arguments)
    alone = resumable and names == {TOKEN}
    if len(arguments) != len(asked) - 1:
        raise OaiError("badArgument", message("An argument is there twice."))
    if not alone and (names - needed - allowed or needed - names):
        raise OaiError(
            "badArgument",
            message(
                "Arguments needed: {needed}; allowed: {allowed}.",
                needed=", ".join(sorted(needed)) or "–",
                allowed=", ".join(sorted(allowed)) or "–",
            ),
        )
    return verbs[0], arguments


def wish_of(arguments: Mapping[str, str]) -> Wish:
    """Which records the arguments of a new list ask for. Raises OaiError."""
    since, until = arguments.get("from", ""), arguments.get("until", "")
    moments = [_moment(text) for text in (since, until) if text]
    if since and until and (len(since) != len(until) or moments[0] > moments[1]):
        raise OaiError("badArgument", message("From and until must be alike, and in this order."))
    return Wish(arguments["metadataPrefix"], since, until, arguments.get("set", ""))


def _moment(text: str) -> datetime:
    for form in (DAY, SECOND):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if f"{moment:{form}}" == text:
            return moment
    raise OaiError(
        "badArgument",
        message("{text!r} is no date of the form YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.", text=text),
    )
