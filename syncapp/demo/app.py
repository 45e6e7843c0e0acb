"""The demo's HTTP: Stash's transport, its sign-in and its way to say no."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

from graphql import GraphQLSchema

from syncapp.demo.execution import Errand, Executor
from syncapp.demo.faults import Alter, Drip, Drop, Effect, Faults, Hang, Late, Reply
from syncapp.demo.gate import POLL_S, Gate, until
from syncapp.demo.library import Library
from syncapp.demo.pictures import picture
from syncapp.demo.protocol import (
    JSON_TYPE,
    TEXT_TYPE,
    Question,
    answered,
    problem,
    question,
)
from syncapp.demo.traffic import Requests, Seen

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Below these Stash has routes of its own; all else without a dot is its page.
PICTURED = ("/scene/", "/performer/", "/tag/", "/studio/")
PAGE = b"<!doctype html><title>Sample library</title><p>It has no pages of its own."


@dataclass(frozen=True)
class Call:
    """One HTTP request and its way back."""

    scope: Mapping[str, Any]
    headers: Mapping[str, str]
    body: bytes
    send: Send
    gone: Callable[[], bool]  # whether the client left or the server stops


@dataclass(frozen=True)
class Terms:
    """How a request is done that an order, or a hold, has its say in."""

    left: Callable[[], bool]  # whether what has not begun is given up
    most: int | None = None  # mutations of it that are done


Make = Callable[[Terms], Awaitable[Reply]]


class App:
    """The ASGI application."""

    def __init__(self, library: Library, schema: GraphQLSchema, api_key: str) -> None:
        self.api_key = api_key
        self.executor = Executor(library, schema)
        self.mutations = self.executor.log
        self.faults = Faults()
        self.gate = Gate()
        self.requests = Requests()
        self.compress = False  # gzip, as Stash does for clients that accept it
        self.stopping = False
        self._tripped = False

    @property
    def library(self) -> Library:
        return self.executor.library

    def use(self, executor: Executor) -> None:
        """Answer with this library and schema from now on."""
        executor.log = self.mutations
        with self.library.lock:
            old, self.executor = self.executor, executor
        old.close()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {
            name.decode(): value.decode("latin-1") for name, value in scope["headers"]
        }
        body = await _read(receive)
        left = asyncio.ensure_future(receive())
        try:
            call = Call(
                scope, headers, body, send, lambda: left.done() or self.stopping
            )
            await self._answer(call)
        finally:
            left.cancel()

    async def _answer(self, call: Call) -> None:
        path = call.scope["path"]
        if path == "/healthz":
            await self._send(call, Reply(200, b".", {"content-type": "text/plain"}))
        elif (refusal := self._refused(call, path)) is not None:
            await self._send(call, refusal)
        elif path in {"/graphql", "/graphql/"}:
            await self._graphql(call)
        else:
            seen = Seen("file", (), {}, path, self.library.now())
            self.requests.add(seen)
            await self._pass(call, seen, lambda _: self._file(call, path))

    async def _file(self, call: Call, path: str) -> Reply:
        """Return a picture, or what stands for Stash's pages at every other address."""
        with self.library.lock:
            if (found := picture(self.library, path)) is not None:
                return Reply(405) if call.scope["method"] != "GET" else found
        if "." in path.rpartition("/")[2] or path.startswith(PICTURED):
            return Reply(404, b"404 page not found\n", TEXT_TYPE)
        return Reply(200, PAGE, {"content-type": "text/html"})

    def _refused(self, call: Call, path: str) -> Reply | None:
        """Check the key. A wrong one is refused even where none is needed."""
        if "x-forwarded-for" in call.headers and not self.api_key:
            self._tripped = True  # Stash then wants its configuration edited
        if self._tripped:
            return Reply(
                403, b"Stash is not meant to be reached from outside", TEXT_TYPE
            )
        asked = parse_qs(call.scope["query_string"].decode("latin-1"))
        given = call.headers.get("apikey") or asked.get("apikey", [""])[0]
        if given == self.api_key:
            return None
        if given and self.library.release < (0, 26):
            return Reply(500, b"unauthorized\n", TEXT_TYPE)
        if given or path == "/graphql":
            return Reply(401, b"", {"www-authenticate": "FormBased"})
        return Reply(302, b"", {"location": f"/login?returnURL={path}"})

    async def _graphql(self, call: Call) -> None:
        asked = question(call.scope, call.headers, call.body)
        if isinstance(asked, Reply):
            await self._send(call, asked)
            return
        seen = self._seen(asked)
        await self._pass(
            call, seen, lambda terms: self._executed(call, asked, seen, terms)
        )

    async def _pass(self, call: Call, seen: Seen, make: Make) -> None:
        """Answer what `make` makes, unless a gate or a fault stands before it."""
        kept = await self._held(call, seen, answered=False)
        if self.faults.latency_s:
            await asyncio.sleep(self.faults.latency_s)
        effect = self.faults.effect_on(seen)
        if isinstance(effect, Late):
            await self._do_late(call, make, effect)
            return
        terms = Terms(self._stops if kept else call.gone)
        reply = effect if isinstance(effect, Reply) else await make(terms)
        if isinstance(effect, Alter):
            reply = _altered(reply, effect)
        await self._held(call, seen, answered=True)
        await self._send_with(call, reply, effect)

    def _stops(self) -> bool:
        return self.stopping

    async def _held(self, call: Call, seen: Seen, *, answered: bool) -> bool:
        return await self.gate.pass_through(
            seen, answered=answered, gone=call.gone, stopping=self._stops
        )

    async def _do_late(self, call: Call, make: Make, effect: Late) -> None:
        """Do what was asked after its connection is closed, or nothing of it."""
        if effect.done:
            await make(Terms(self._stops, effect.done))
        if effect.cut:
            await _abort(call)
        else:
            await until(call.gone)
        if effect.after_s is None:
            return
        now = asyncio.get_running_loop().time
        due = now() + effect.after_s
        await until(lambda: now() >= due, self._stops)
        await make(Terms(self._stops))

    def _seen(self, asked: Question) -> Seen:
        document = self.executor.document(asked.query, asked.operationName)
        seen = Seen(
            operation=document.operation,
            roots=document.root_fields,
            variables=asked.variables or {},
            document=asked.query,
            at=self.library.now(),
        )
        self.requests.add(seen)
        return seen

    async def _executed(
        self, call: Call, asked: Question, seen: Seen, terms: Terms
    ) -> Reply:
        executor = self.executor
        document = executor.document(asked.query, asked.operationName)
        if document.changes and call.scope["method"] == "GET":
            return problem("GET requests only allow query operations", 406, JSON_TYPE)
        variables = asked.variables or {}
        errand = Errand(
            self.faults.on_field, seen.operation, seen.at, terms.left, terms.most
        )
        if document.changes and self.library.hooks:
            # A plugin takes its time, and others are answered meanwhile.
            status, body = await asyncio.to_thread(
                executor.run, document, variables, errand
            )
        else:
            status, body = executor.run(document, variables, errand)
        return answered(status, body, call.headers, self.library.release)

    async def _send_with(self, call: Call, reply: Reply, effect: Effect | None) -> None:
        if isinstance(effect, Hang):
            await until(effect.released.is_set, call.gone)
        if call.gone():
            await _abort(call)
        elif isinstance(effect, Drop):
            await self._drop(call, reply, effect)
        elif isinstance(effect, Drip):
            await self._drip(call, reply, effect)
        else:
            await self._send(call, reply)

    async def _send(self, call: Call, reply: Reply) -> None:
        reply = self._packed(call, reply)
        await self._start(call, reply)
        await call.send({"type": "http.response.body", "body": reply.body})

    def _packed(self, call: Call, reply: Reply) -> Reply:
        if not self.compress or "gzip" not in call.headers.get("accept-encoding", ""):
            return reply
        packed = gzip.compress(reply.body, 4)
        return Reply(
            reply.status, packed, {**reply.headers, "content-encoding": "gzip"}
        )

    async def _start(self, call: Call, reply: Reply) -> None:
        headers = {
            "date": format_datetime(self.library.now(), usegmt=True),
            "cache-control": "no-store",
            "content-length": str(len(reply.body)),
            **reply.headers,
        }
        await call.send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            }
        )

    async def _drip(self, call: Call, reply: Reply, effect: Drip) -> None:
        await self._start(call, reply)
        for start in range(0, len(reply.body), effect.piece):
            if call.gone():
                await _abort(call)
                return
            piece = reply.body[start : start + effect.piece]
            await call.send(
                {"type": "http.response.body", "body": piece, "more_body": True}
            )
            await asyncio.sleep(effect.pause_s)
        await call.send({"type": "http.response.body", "body": b""})

    async def _drop(self, call: Call, reply: Reply, effect: Drop) -> None:
        if effect.sent is not None:
            await self._start(call, reply)
            piece = reply.body[: effect.sent]
            await call.send(
                {"type": "http.response.body", "body": piece, "more_body": True}
            )
            await asyncio.sleep(POLL_S)  # let it reach the client
        await _abort(call)


def _altered(reply: Reply, effect: Alter) -> Reply:
    told = {**reply.headers, **effect.headers}
    status = reply.status if effect.status is None else effect.status
    return Reply(status, effect.change(reply.body), told)


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _abort(call: Call) -> None:
    """Cut the connection, and wait until the server has noticed."""
    transport = call.scope["state"]["transport"]
    transport.abort()
    for _ in range(3):
        await asyncio.sleep(0)
