"""Fetches pictures beside the requests: so many at once, in a line of bounded length.

No thread of the database waits for a Stash: who asked is told when a picture comes.
What comes too late for them is there for the next.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from syncapp.services.cover_files import CoverName
from syncapp.stash.errors import NoPicture, StashError
from syncapp.stash.pictures import IN_FLIGHT, NONE, Picture, PictureClient

AT_ONCE = 4  # of all sources
LONGEST_LINE = 100  # of each source, those at work included
PATIENCE_S = 1.0  # how long somebody waits at most
FAILURES = 3  # in a row, after which a source is not asked for a while
REST_S = 30.0
REMEMBERED_S, REMEMBERED = 60.0, 1_000  # what was no picture is not asked for again

KeepPicture = Callable[[CoverName, Picture], None]
Clock = Callable[[], float]
Tell = Callable[["Cover"], None]  # called in a thread of ours


class Standing(Enum):
    """What there is to show of a row."""

    HERE = auto()
    NONE = auto()  # the source says that it has no picture
    REMOVED = auto()  # the row is a tombstone
    AWAY = auto()  # it cannot be had now
    REFUSED = auto()  # what the source sent is none


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture, or how it stands; for one that is coming one may wait so long."""

    standing: Standing
    picture: Picture = NONE
    patience_s: float = 0.0


REFUSED, AWAY = Cover(Standing.REFUSED), Cover(Standing.AWAY)


def cover_of(picture: Picture) -> Cover:
    return Cover(Standing.HERE if picture.body else Standing.NONE, picture)


class _Coming(NamedTuple):
    asked_at: float
    tells: list[Tell]


class WayToCovers:
    """The pictures of one source: two on their way at once, and a rest after failures.

    `threads` are shared by all sources; `keep` is given what came.
    """

    def __init__(
        self,
        client: PictureClient,
        threads: ThreadPoolExecutor,
        keep: KeepPicture,
        *,
        clock: Clock = time.monotonic,
    ) -> None:
        self._client = client
        self._threads = threads
        self._keep = keep
        self._clock = clock
        self._lock = threading.Lock()
        self._coming: dict[CoverName, _Coming] = {}
        self._line: deque[tuple[CoverName, int]] = deque()
        self._at_work = 0
        self._failures = 0
        self._rests_until = 0.0
        self._remembered: dict[CoverName, tuple[Cover, float]] = {}

    def ask(self, name: CoverName, remote_id: int, tell: Tell) -> Cover:
        """Return how a picture stands, and set about fetching it if that helps.

        Then `tell` is called with it. Who asks while another has waited in vain is not
        to wait.
        """
        with self._lock:
            now = self._clock()
            if (known := self._known(name, now)) is not None:
                return known
            patience_s = 0.0 if self._is_slow(now) else PATIENCE_S
            if name not in self._coming:
                self._line_up(name, remote_id, now)
            self._coming[name].tells.append(tell)
            return Cover(Standing.AWAY, patience_s=patience_s)

    def close(self) -> None:
        """Ask for nothing any more; who still waits does so in vain."""
        with self._lock:
            self._line.clear()
            self._rests_until = float("inf")
        self._client.close()

    def _known(self, name: CoverName, now: float) -> Cover | None:
        """Return what is known without asking; None if it has to be fetched."""
        cover, until = self._remembered.get(name, (AWAY, 0.0))
        if now < until:
            return cover
        is_full = len(self._coming) >= LONGEST_LINE and name not in self._coming
        return AWAY if is_full or now < self._rests_until else None

    def _is_slow(self, now: float) -> bool:
        """Return whether the first in the line has waited for too long."""
        first = next(iter(self._coming.values()), None)
        return first is not None and now - first.asked_at >= PATIENCE_S

    def _line_up(self, name: CoverName, remote_id: int, now: float) -> None:
        self._coming[name] = _Coming(now, [])
        self._line.append((name, remote_id))
        self._set_to_work()

    def _set_to_work(self) -> None:
        while self._line and self._at_work < IN_FLIGHT:
            name, remote_id = self._line.popleft()
            self._threads.submit(self._work, name, remote_id)
            self._at_work += 1

    def _work(self, name: CoverName, remote_id: int) -> None:
        cover = AWAY
        try:
            cover = self._fetched(name, remote_id)
        finally:
            self._hand_out(name, cover)

    def _fetched(self, name: CoverName, remote_id: int) -> Cover:
        if self._clock() < self._rests_until:
            return AWAY
        try:
            picture = self._client.fetch(name.kind, remote_id)
        except NoPicture:
            return self._answered(name, REFUSED)
        except StashError:
            self._failed()
            return AWAY
        if picture is None:
            return self._answered(name, AWAY)
        self._keep(name, picture)
        return self._answered(name, cover_of(picture))

    def _answered(self, name: CoverName, cover: Cover) -> Cover:
        """Note that the source answers, and what need not be asked for again."""
        with self._lock:
            self._failures = 0
            if cover.standing in {Standing.REFUSED, Standing.AWAY}:
                if len(self._remembered) >= REMEMBERED:
                    self._remembered.clear()
                self._remembered[name] = (cover, self._clock() + REMEMBERED_S)
        return cover

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = max(self._rests_until, self._clock() + REST_S)

    def _hand_out(self, name: CoverName, cover: Cover) -> None:
        with self._lock:
            self._at_work -= 1
            tells = self._coming.pop(name).tells
            self._set_to_work()
        for tell in tells:
            tell(cover)
