"""GraphQL over HTTP as Stash speaks it: how a question comes, how an answer goes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from syncapp.demo.faults import Reply

JSON_TYPE = {"content-type": "application/json"}
NEW_TYPE = {"content-type": "application/graphql-response+json"}
TEXT_TYPE = {"content-type": "text/plain; charset=utf-8"}
# From here on a client that does not ask for application/json gets the new type, and
# in it a document that does not fit is a 400.
NEW_TYPE_SINCE = (0, 29)

REFUSED = 422  # a document that does not fit


class Question(msgspec.Struct):
    """What was asked, by whatever method."""

    query: str = ""
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 - the protocol's name


def question(
    scope: Mapping[str, Any], headers: Mapping[str, str], body: bytes
) -> Question | Reply:
    """Return what is asked, or the refusal: this is no way to ask."""
    kind = headers.get("content-type", "").partition(";")[0].strip()
    try:
        if scope["method"] == "GET":
            return _from_address(scope["query_string"].decode("latin-1"))
        if scope["method"] == "POST" and kind == "application/json":
            return msgspec.json.decode(body, type=Question)
    except msgspec.MsgspecError as exc:
        message = f"json request body could not be decoded: {exc} body:"
        return problem(message + body.decode(errors="replace"), kind=JSON_TYPE)
    return problem("transport not supported")


def _from_address(query: str) -> Question:
    given = {name: values[0] for name, values in parse_qs(query).items()}
    variables = msgspec.json.decode(given.get("variables", "null"))
    name = given.get("operationName")
    return Question(given.get("query", ""), variables, name)


def problem(
    message: str, status: int = 400, kind: Mapping[str, str] = TEXT_TYPE
) -> Reply:
    """Return the refusal of a request as a whole."""
    told = {"errors": [{"message": message}], "data": None}
    return Reply(status, msgspec.json.encode(told), kind)


def answered(
    status: int, body: bytes, headers: Mapping[str, str], release: tuple[int, ...]
) -> Reply:
    """Return the answer in the type that the client takes."""
    plain = "application/json" in headers.get("accept", "")
    if plain or release < NEW_TYPE_SINCE:
        return Reply(status, body, JSON_TYPE)
    return Reply(400 if status == REFUSED else status, body, NEW_TYPE)
