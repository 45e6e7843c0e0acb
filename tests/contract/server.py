"""Asks one server the lines of the contract, and compares."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import monotonic, sleep
from typing import Any, Self

import httpx2

from tests.contract.line import (
    Data,
    Http,
    Like,
    Line,
    Misfit,
    Number,
    Page,
    Refused,
    Release,
)

MISSING = "2000000000"  # an id that no library reaches
HELLO = """{ version { version } systemStatus { appSchema status }
    __schema { queryType { fields { name } } } }"""
# A server that was built by hand tells no version: its schema's number does.
BY_SCHEMA = {54: (0, 24, 3), 55: (0, 25, 1), 58: (0, 26, 2), 68: (0, 27, 2)}
BY_SCHEMA |= {72: (0, 28, 1), 75: (0, 30, 1)}
MAKE = {
    "scene": "mutation($i: SceneCreateInput!) { sceneCreate(input: $i) { id } }",
    "tag": "mutation($i: TagCreateInput!) { tagCreate(input: $i) { id } }",
    "studio": "mutation($i: StudioCreateInput!) { studioCreate(input: $i) { id } }",
    "performer": """mutation($i: PerformerCreateInput!) {
        performerCreate(input: $i) { id } }""",
}
FIRST_OF = """query($f: FindFilterType) {{
    find{0}s(filter: $f) {{ {1}s {{ id }} }} }}"""


class Unasked(Exception):
    """The line cannot be asked here; the text says why."""


class Unready(Exception):
    """What had to be done before the question was refused; the text says how."""


@dataclass(frozen=True)
class Outcome:
    """How a line went: "ok", "differs" or "not asked"."""

    line: Line
    result: str
    told: str = ""  # both answers, or why it was not asked


class Asked:
    """One server that is asked."""

    def __init__(self, url: str, api_key: str = "", *, writes: bool = False) -> None:
        self.url = url.rstrip("/")
        self.api_key = api_key
        self.writes = writes
        headers = {"Accept": "application/json"}  # as Steward's own client
        if api_key:
            headers["ApiKey"] = api_key
        self.http = httpx2.Client(headers=headers, timeout=30, trust_env=False)
        self.bare = httpx2.Client(timeout=30, trust_env=False)  # sends what it is told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self.bare.close()

    @cached_property
    def release(self) -> Release:
        """What the server is, asked when somebody wants to know."""
        told = self.data(HELLO, {})
        if found := re.match(r"v(\d+)\.(\d+)\.(\d+)", told["version"]["version"] or ""):
            return tuple(int(part) for part in found.groups())
        number = told["systemStatus"]["appSchema"]
        release = max(one for schema, one in BY_SCHEMA.items() if schema <= number)
        fields = {one["name"] for one in told["__schema"]["queryType"]["fields"]}
        return (0, 29, 3) if number == 72 and "findFiles" in fields else release

    def post(self, document: str, given: Mapping[str, Any]) -> httpx2.Response:
        body = {"query": document, "variables": dict(given)}
        return self.http.post(f"{self.url}/graphql", json=body)

    def data(self, document: str, given: Mapping[str, Any]) -> Any:
        """Return the data of an answer that must have no error."""
        response = self.post(document, given)
        told = _json(response)
        if told is None or "errors" in told:
            msg = f"{document} {dict(given)} was answered {response.text[:300]}."
            raise Unready(msg)
        return told["data"]

    def ask(self, line: Line) -> Outcome:
        """Ask one line."""
        why = self._why_not(line)
        try:
            if why is None:
                return self._compared(line, Place(self, line))
        except Unasked as exc:
            why = str(exc)
        except (Unready, httpx2.RequestError) as exc:
            return Outcome(line, "differs", f"it could not be asked: {exc}")
        return Outcome(line, "not asked", why)

    def _why_not(self, line: Line) -> str | None:
        if line.since > self.release:
            return f"since {_dotted(line.since)}"
        if line.keyed and not self.api_key:
            return "it needs a server with a key"
        return "it writes" if line.writes and not self.writes else None

    def _compared(self, line: Line, place: "Place") -> Outcome:
        for step in line.before:
            sleep(step.after_s)
            told = self.data(step.document, place.filled(step.given))
            place.keep(step.keep, told)
        right = place.filled(line.right(self.release))
        until = monotonic() + line.within_s
        while True:
            got = self._answer(line, place, right)
            if right == got:
                return Outcome(line, "ok")
            if monotonic() >= until:
                told = f"it should be {right}\n    but it was {got}"
                return Outcome(line, "differs", told)
            sleep(0.1)

    def _answer(self, line: Line, place: "Place", right: Any) -> Any:
        """Return the answer in the form of the right one."""
        if isinstance(line.ask, Http):
            response = self._http(place.filled(line.ask))
        else:
            response = self.post(line.ask, place.filled(line.given))
        if isinstance(right, Page):
            return _page(response, right)
        return _graphql(response)

    def _http(self, ask: Http) -> httpx2.Response:
        headers = {**self.http.headers}
        headers |= {name.lower(): value for name, value in ask.headers.items()}
        return self.bare.request(
            ask.method,
            self.url + ask.path,
            headers={name: value for name, value in headers.items() if value},
            content=ask.body or None,
            params=dict(ask.params) or None,
        )


def _dotted(release: Release) -> str:
    return ".".join(map(str, release))


def _page(response: httpx2.Response, right: Page) -> Page:
    kind = response.headers.get("content-type", "").partition(";")[0]
    return Page(
        response.status_code,
        None if right.kind is None else kind,
        None if right.body is None else response.text,
        {name: response.headers.get(name) for name in right.headers},
    )


def _json(response: httpx2.Response) -> dict[str, Any] | None:
    """Return the body, or None: it is a page."""
    plain = response.headers.get("content-type", "").startswith("application/json")
    return response.json() if plain else None


def _graphql(response: httpx2.Response) -> Any:
    told = _json(response)
    if told is None or response.status_code not in {200, 422}:
        return Page(response.status_code, body=response.text[:300])
    errors = told.get("errors") or []
    if response.status_code == 422:
        return Misfit(errors[0].get("extensions", {}).get("code"))
    if errors:
        first = errors[0]
        return Refused(first["message"], told.get("data"), first.get("path"))
    return Data(told["data"])


class Place:
    """What the texts in braces stand for in one line.

    "{tag}", "{tag2}", "{scene}": the id of an object, made for a line that writes and
    looked for otherwise; "{tag.name}" its name. "{missing}": an id without an object.
    "{word}", "{WORD}", "{wild}": a new name, in capitals, and with "_" for a letter.
    And what a step before the question kept.
    """

    def __init__(self, server: Asked, line: Line) -> None:
        self._server = server
        self._line = line
        word = "k" + secrets.token_hex(4)
        self._known = {
            "missing": MISSING,
            "word": word,
            "WORD": word.upper(),
            "wild": f"_{word[1:]}",
        }

    def filled(self, value: Any) -> Any:
        """Return the value with everything put in."""
        if isinstance(value, str):
            return re.sub(r"\{([A-Za-z0-9.]+)\}", lambda m: self._of(m[1]), value)
        if isinstance(value, Number):
            return int(self.filled(value.text))
        if isinstance(value, Mapping):
            return {name: self.filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if isinstance(value, Data | Refused | Page | Http | Like):
            parts = {name: self.filled(one) for name, one in vars(value).items()}
            return type(value)(**parts)
        return value

    def keep(self, wanted: Mapping[str, str], told: Any) -> None:
        """Keep parts of an answer under their names; "a.0.b" is the way to one."""
        for name, way in wanted.items():
            part = told
            for step in way.split("."):
                part = part[int(step)] if step.isdecimal() else part[step]
            self._known[name] = part

    def _of(self, name: str) -> str:
        owner = name.partition(".")[0]
        if name not in self._known and owner.rstrip("0123456789") in MAKE:
            self._know(owner)
        return self._known[name]

    def _know(self, name: str) -> None:
        kind = name.rstrip("0123456789")
        if not self._line.writes:
            self._known[name] = self._first(kind)
            return
        called = f"{name} {self._known['word']}"
        given = {"title" if kind == "scene" else "name": called}
        made = self._server.data(MAKE[kind], {"i": given})
        self._known[name] = made[f"{kind}Create"]["id"]
        self._known[f"{name}.name"] = called

    def _first(self, kind: str) -> str:
        document = FIRST_OF.format(kind.capitalize(), kind)
        given = {"f": {"per_page": 1, "sort": "id"}}
        (found,) = self._server.data(document, given).values()
        if not found[f"{kind}s"]:
            msg = f"the server has no {kind}"
            raise Unasked(msg)
        return str(found[f"{kind}s"][0]["id"])
