"""Asks a source ahead of who takes the answers, so that fetching and writing overlap.

The threads here only fetch: none of them touches the database.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Condition, Event, Lock, Semaphore, Thread
from typing import Generic, TypeVar

from syncapp.stash.errors import StashError
from syncapp.sync.context import SyncContext

Q = TypeVar("Q")
A = TypeVar("A")

DEPTH = 3  # answers that are asked for, or wait to be taken
LOOK_S = 0.2  # how often who waits for an answer looks whether to stop
PATIENCE_S = 10.0  # with fetchers that were cut off: a look-up of a name cannot be


class FetcherDied(Exception):
    """A thread ended by an error of the program; its trace stands in the log."""


@contextmanager
def prefetch(
    context: SyncContext, questions: Iterable[Q], ask: Callable[[Q], A]
) -> Iterator[Iterator[A]]:
    """Yield the answers to `questions`, in their order, while the next are fetched.

    The first error in that order is raised when its turn comes: the answers before it
    are all given. Leaving the block by an error hangs up on the source, so that no
    request outlives the run. Without fetchers the taker's own thread asks.
    """
    if not context.fetchers:
        yield (_checked(context, ask, question) for question in questions)
        return
    queue = PrefetchQueue(iter(questions), ask)
    threads = [
        Thread(target=queue.work, name=f"fetcher {number}", daemon=True)
        for number in range(context.fetchers)
    ]
    for thread in threads:
        thread.start()
    ended = False
    try:
        yield queue.answers(threads, context.reporter.check)
        ended = True
    finally:
        queue.close(len(threads))
        if not ended:
            context.reader.client.hang_up()
        for thread in threads:
            thread.join(PATIENCE_S)


def _checked(context: SyncContext, ask: Callable[[Q], A], question: Q) -> A:
    context.reporter.check()
    return ask(question)


class PrefetchQueue(Generic[Q, A]):
    """Questions that wait for a fetcher, answers that wait for their turn."""

    def __init__(self, questions: Iterator[Q], ask: Callable[[Q], A]) -> None:
        self._questions = questions
        self._ask = ask
        self._taking = Lock()  # who takes a question may have to ask for it
        self._taken = 0
        self._free = Semaphore(DEPTH)
        self._over = Event()
        self._news = Condition()
        # None is the end; an answer stands in a tuple, for it may be anything.
        self._answers: dict[int, tuple[A] | StashError | None] = {}

    # In the fetchers' threads

    def work(self) -> None:
        """Ask until one fetcher ends, however it does: then nothing more is asked for.

        What the others have asked comes still.
        """
        try:
            while self._ask_next():
                pass
        finally:
            self.close(1)

    def _ask_next(self) -> bool:
        self._free.acquire()
        with self._taking:
            if self._over.is_set():
                return False
            number = self._taken
            self._taken += 1
            question = self._next(number)
        return question is not None and self._fetch(number, question)

    def _next(self, number: int) -> Q | None:
        try:
            question = next(self._questions, None)
        except StashError as exc:
            self._put(number, exc)
            return None
        if question is None:
            self._put(number, None)
        return question

    def _fetch(self, number: int, question: Q) -> bool:
        try:
            answer = self._ask(question)
        except StashError as exc:
            self._put(number, exc)
            return False
        self._put(number, (answer,))
        return True

    def _put(self, number: int, answer: tuple[A] | StashError | None) -> None:
        with self._news:
            self._answers[number] = answer
            self._news.notify_all()

    # In the taker's thread

    def close(self, fetchers: int) -> None:
        """Let no more be asked for; wakes fetchers that wait for their turn."""
        self._over.set()
        self._free.release(fetchers)

    def answers(self, threads: list[Thread], check: Callable[[], None]) -> Iterator[A]:
        """Yield the answers; raises what `check` raises, also while it waits."""
        for number in count():
            check()
            answer = self._wait(number, threads, check)
            if answer is None:
                return
            if isinstance(answer, StashError):
                raise answer
            self._free.release()
            yield answer[0]

    def _wait(
        self, number: int, threads: list[Thread], check: Callable[[], None]
    ) -> tuple[A] | StashError | None:
        while True:
            alive = any(thread.is_alive() for thread in threads)
            with self._news:
                if number not in self._answers:
                    self._news.wait(LOOK_S)
                if number in self._answers:
                    return self._answers.pop(number)
            if not alive:
                msg = f"Nobody fetches page {number + 1} any more."
                raise FetcherDied(msg)
            check()
