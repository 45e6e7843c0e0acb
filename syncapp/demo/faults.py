"""Faults on order: what a test or a person makes the demo Stash do wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Unpack

import msgspec

from syncapp.demo.traffic import Asked, Seen, matches

LOCKED = "database is locked"


@dataclass(frozen=True)
class Reply:
    """An answer instead of the true one."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """No answer until `release`, or until the server stops."""

    released: Event = field(default_factory=Event)

    def release(self) -> None:
        self.released.set()


@dataclass(frozen=True)
class Drip:
    """The true answer, in pieces with pauses between them."""

    piece: int
    pause_s: float


@dataclass(frozen=True)
class Drop:
    """The connection breaks: before the answer, or with so many bytes of it sent."""

    sent: int | None


@dataclass(frozen=True)
class Alter:
    """The true answer, with its body changed, and headers beside its own."""

    change: Callable[[bytes], bytes]
    headers: Mapping[str, str]
    status: int | None = None  # instead of the true one


@dataclass(frozen=True)
class Late:
    """The connection is closed first, and what was asked is done later, or never."""

    after_s: float | None  # None: never
    cut: bool  # closed by the server at once, otherwise by the client when it will
    done: int = 0  # so many mutations of the document are done before it is closed


Effect = Reply | Hang | Drip | Drop | Alter | Late
ALWAYS = 10**9  # times


@dataclass
class _Rule:
    effect: Effect
    times: int
    skip: int
    asked: Asked


@dataclass
class _FieldRule:
    message: str
    times: int
    field: str | None
    alias: str | None
    number: int | None
    act: Callable[[], object] | None = None  # instead of a failure

    def fits(self, key: str, name: str, args: Mapping[str, Any]) -> bool:
        return (
            self.times > 0
            and self.field in {None, name}
            and self.alias in {None, key}
            and (self.number is None or str(args.get("id")) == str(self.number))
        )


class Faults:
    """Orders for the next requests. Each is used up by `times` requests that match.

    Requests are meant by `operation`, `root`, `page`, `after` or `where` (see `Asked`);
    the first `skip` of them pass untouched. Of several orders the oldest is used first.
    """

    def __init__(self) -> None:
        self.latency_s = 0.0  # before every answer
        self._lock = Lock()
        self._rules: list[_Rule] = []
        self._fields: list[_FieldRule] = []

    def clear(self) -> None:
        """Forget all orders and let go what hangs."""
        with self._lock:
            for rule in self._rules:
                if isinstance(rule.effect, Hang):
                    rule.effect.release()
            self._rules.clear()
            self._fields.clear()
            self.latency_s = 0.0

    @property
    def ordered(self) -> bool:
        """Whether an order waits for a request."""
        with self._lock:
            return any(rule.times for rule in self._rules) or any(
                rule.times for rule in self._fields
            )

    def order(
        self, effect: Effect, *, times: int = 1, skip: int = 0, **asked: Unpack[Asked]
    ) -> None:
        """Give `times` matching requests this effect."""
        with self._lock:
            self._rules.append(_Rule(effect, times, skip, asked))

    def status(
        self,
        status: int,
        *,
        times: int = 1,
        landed: bool = False,
        **asked: Unpack[Asked],
    ) -> None:
        """Answer with a bare status: 500, 401, 503.

        With `landed=True` what was asked is done all the same, as behind a proxy that
        lost the answer.
        """
        bare = Alter(lambda _: b"", {}, status) if landed else Reply(status)
        self.order(bare, times=times, **asked)

    def login(self, *, times: int = 1, **asked: Unpack[Asked]) -> None:
        """Send to the login page, as Stash does without a session."""
        to = {"location": "/login?returnURL=%2Fgraphql"}
        self.order(Reply(302, b"", to), times=times, **asked)

    def html(self, *, times: int = 1, **asked: Unpack[Asked]) -> None:
        """Answer with a page, as another program on that port does."""
        kind = {"content-type": "text/html; charset=utf-8"}
        page = b"<!doctype html><title>Router</title><h1>Welcome</h1>"
        self.order(Reply(200, page, kind), times=times, **asked)

    def error(self, message: str, *, times: int = 1, **asked: Unpack[Asked]) -> None:
        """Answer 200 with a GraphQL error and no data."""
        told = {"errors": [{"message": message}], "data": None}
        self.order(Reply(200, msgspec.json.encode(told)), times=times, **asked)

    def locked(self, *, times: int = 1, **asked: Unpack[Asked]) -> None:
        """Answer 200 with "database is locked"."""
        self.error(LOCKED, times=times, **asked)

    def hang(self, *, times: int = 1, **asked: Unpack[Asked]) -> Hang:
        """Answer nothing until the returned order is released."""
        effect = Hang()
        self.order(effect, times=times, **asked)
        return effect

    def drip(
        self,
        *,
        piece: int = 64,
        pause_s: float = 0.05,
        times: int = 1,
        **asked: Unpack[Asked],
    ) -> None:
        """Send the answer in pieces of so many bytes with pauses between them."""
        self.order(Drip(piece, pause_s), times=times, **asked)

    def drop(
        self, *, sent: int | None = None, times: int = 1, **asked: Unpack[Asked]
    ) -> None:
        """Break the connection before the answer, or with `sent` bytes of its body."""
        self.order(Drop(sent), times=times, **asked)

    def late(
        self,
        after_s: float = 1.5,
        *,
        cut: bool = True,
        times: int = 1,
        **asked: Unpack[Asked],
    ) -> None:
        """Break the connection, and do what was asked so much later.

        With `cut=False` the connection stays open and silent until the client closes
        it, and the time counts from there.
        """
        self.order(Late(after_s, cut), times=times, **asked)

    def vanish(
        self,
        *,
        cut: bool = True,
        done: int = 0,
        times: int = 1,
        **asked: Unpack[Asked],
    ) -> None:
        """Break the connection, and never do what was asked, as Stash mostly does.

        The first `done` mutations of the document are done, for Stash cuts between.
        """
        self.order(Late(None, cut, done), times=times, **asked)

    def alter(
        self,
        change: Callable[[bytes], bytes],
        *,
        headers: Mapping[str, str] | None = None,
        times: int = ALWAYS,
        **asked: Unpack[Asked],
    ) -> None:
        """Send the true answers with their bodies changed."""
        self.order(Alter(change, headers or {}), times=times, **asked)

    def fail_field(
        self,
        message: str = LOCKED,
        *,
        times: int = 1,
        field: str | None = None,
        alias: str | None = None,
        number: int | None = None,
    ) -> None:
        """Fail one root field while its neighbours answer.

        It is meant by its name ("findScene"), its alias, the id it asks for.
        """
        with self._lock:
            self._fields.append(_FieldRule(message, times, field, alias, number))

    def between(
        self,
        act: Callable[[], object],
        *,
        times: int = 1,
        field: str | None = None,
        alias: str | None = None,
        number: int | None = None,
    ) -> None:
        """Do this right before a root field is answered, as somebody who came between.

        `between(edit, alias="wrote")` edits after `seen` was answered.
        """
        with self._lock:
            rule = _FieldRule("", times, field, alias, number, act)
            self._fields.append(rule)

    # Asked by the server

    def effect_on(self, seen: Seen) -> Effect | None:
        """Return what to do to this request, using up one order."""
        with self._lock:
            for rule in self._rules:
                if not rule.times or not matches(seen, rule.asked):
                    continue
                if rule.skip:
                    rule.skip -= 1
                    continue
                rule.times -= 1
                return rule.effect
        return None

    def on_field(self, key: str, name: str, args: Mapping[str, Any]) -> str | None:
        """Return the error of this root field, using up one order.

        Orders to do something between are done first.
        """
        while (rule := self._next(key, name, args)) is not None:
            if rule.act is None:
                return rule.message
            rule.act()
        return None

    def _next(self, key: str, name: str, args: Mapping[str, Any]) -> _FieldRule | None:
        with self._lock:
            fitting = [rule for rule in self._fields if rule.fits(key, name, args)]
            fitting.sort(key=lambda rule: rule.act is None)
            if not fitting:
                return None
            fitting[0].times -= 1
            return fitting[0]
