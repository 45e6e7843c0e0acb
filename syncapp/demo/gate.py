"""The gate: holds chosen requests until a test opens it."""

import asyncio
from collections.abc import Callable
from functools import partial
from threading import Condition, Event
from types import TracebackType
from typing import Self, Unpack

from syncapp.demo.traffic import Asked, Seen, matches

POLL_S = 0.005


async def until(*done: Callable[[], bool]) -> None:
    """Wait until one of these is true; other threads decide, so ask them often."""
    while not any(one() for one in done):  # noqa: ASYNC110 - see above
        await asyncio.sleep(POLL_S)


class Hold:
    """Requests of one kind being held. Leaving its `with` block opens it."""

    def __init__(
        self,
        asked: Asked,
        skip: int,
        *,
        answered: bool,
        kept: bool = False,
        last_first: bool = False,
    ) -> None:
        self.answered = answered
        self.kept = kept
        self._last_first = last_first
        self._asked = asked
        self._skip = skip
        self._inside: list[Seen] = []
        self._open = Event()
        self._arrival = Condition()
        self._arrived: list[Seen] = []

    def wait(self, timeout_s: float = 5.0, count: int = 1) -> Seen:
        """Wait until `count` requests were caught; returns the latest of them."""
        with self._arrival:
            if not self._arrival.wait_for(self._enough(count), timeout_s):
                msg = (
                    f"The gate caught {len(self._arrived)} of {count} requests "
                    f"that match {dict(self._asked)} in {timeout_s} s."
                )
                raise TimeoutError(msg)
            return self._arrived[-1]

    def _enough(self, count: int) -> Callable[[], bool]:
        return lambda: len(self._arrived) >= count

    @property
    def caught(self) -> int:
        """How many requests were caught so far, held or let go."""
        return len(self._arrived)

    def opened(self) -> bool:
        return self._open.is_set()

    def open(self) -> None:
        """Let the held requests go, and hold none any more."""
        self._open.set()

    def catches(self, seen: Seen) -> bool:
        """Say whether this request stops here; counts it if so."""
        if self.opened() or not matches(seen, self._asked):
            return False
        with self._arrival:
            if self._skip:
                self._skip -= 1
                return False
            self._arrived.append(seen)
            self._inside.append(seen)
            self._arrival.notify_all()
        return True

    def lets_go(self, seen: Seen) -> bool:
        """Say whether a request that was caught may go on, now that it is its turn."""
        return self.opened() and (not self._last_first or self._inside[-1] is seen)

    def forget(self, seen: Seen) -> None:
        """Note that a request that was caught is no more here."""
        self._inside = [one for one in self._inside if one is not seen]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.open()


class Gate:
    """All holds of one server."""

    def __init__(self) -> None:
        self._holds: list[Hold] = []

    def hold(
        self,
        *,
        skip: int = 0,
        answered: bool = False,
        kept: bool = False,
        last_first: bool = False,
        **asked: Unpack[Asked],
    ) -> Hold:
        """Hold matching requests until the returned hold is opened.

        The first `skip` of them pass. Held requests are answered when let go, from the
        library as it is then; with `answered=True` the answer is made first and held.
        With `kept=True` a write is done when let go although its client has left, as
        one that was left open behind a long write. With `last_first=True` they go in
        the reverse of the order in which they came: Stash's queue knows no order.
        """
        hold = Hold(asked, skip, answered=answered, kept=kept, last_first=last_first)
        self._holds.append(hold)
        return hold

    def open(self) -> None:
        """Open every hold."""
        for hold in self._holds:
            hold.open()
        self._holds.clear()

    async def pass_through(
        self,
        seen: Seen,
        *,
        answered: bool,
        gone: Callable[[], bool],
        stopping: Callable[[], bool],
    ) -> bool:
        """Wait here as long as a hold wants the request, or until `gone` says so.

        Returns whether it is to be done even if its client has gone.
        """
        kept = False
        for hold in list(self._holds):
            if hold.answered != answered or not hold.catches(seen):
                continue
            left = stopping if hold.kept else gone
            await until(partial(hold.lets_go, seen), left)
            hold.forget(seen)
            kept = kept or hold.kept
        return kept
