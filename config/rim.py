"""What a request passes before Django sees it: bounds for what it sends, and a line."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.http import HttpResponse

from config.middleware import PICTURES
from config.origin import AsgiApp
from config.refusals import Busy, NotLetIn, Unanswered, answer
from config.request_body import AsgiMessage, AsgiReceive, Bodies, Inbox, Left
from config.request_threads import FullHouse, RequestThreads

AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
# Machines ask these, of a full house too: each has a thread and a line of its own. Only
# the second asks the database; while that hangs the process is no less alive.
PROBES = ("/healthz", "/readyz")
PROBES_WAITING = 16
PROBE_TURN_S = 0.4  # with what the view may take (LONGEST_S), less than two seconds
MOST_OF_ALL = 32_000_000  # bytes of all bodies together
BODY_S = 30.0  # until a body is here, whole
QUIET_S = 60.0  # between two lines of the log about a full house

logger = logging.getLogger(__name__)


class BoundedRim:
    """Lets so many requests in at once, so many wait, and refuses all others.

    A thread is lent when all that a browser sends is here, and is given back before the
    answer is sent: who sends or reads slowly keeps none.
    """

    def __init__(
        self,
        application: AsgiApp,
        *,
        threads: int,
        longest_line: int,
        largest_body: int,
        picture_threads: int = 2,
    ) -> None:
        self.application = application
        self.pages = RequestThreads(threads, longest_line=longest_line)
        self.pictures = RequestThreads(picture_threads, longest_line=longest_line)
        self.probes = {
            path: RequestThreads(1, longest_line=PROBES_WAITING) for path in PROBES
        }
        self.bodies = Bodies(most=largest_body, most_of_all=MOST_OF_ALL, seconds=BODY_S)
        self._told_at = -QUIET_S

    async def __call__(self, scope: Any, receive: AsgiReceive, send: AsgiSend) -> None:
        try:
            inbox = Inbox(await self.bodies.read(scope, receive), receive)
            outbox = Outbox(send)
            try:
                await self._serve(scope, inbox, outbox)
            finally:
                # Whoever does not read the answer must not keep what they sent.
                self.bodies.drop(inbox.size)
                await inbox.close()
                await outbox.close()
        except Left:
            pass
        except NotLetIn as refusal:
            self._tell(refusal)
            await _send_response(answer(refusal, scope), send)

    async def _serve(self, scope: Any, inbox: Inbox, outbox: "Outbox") -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        threads = self._threads_for(path)
        patience_s = PROBE_TURN_S if path in self.probes else None
        thread = await _in_turn(threads, inbox, patience_s)
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.application(scope, inbox.receive, outbox.send)
        finally:
            threads.give_back(thread)

    def _threads_for(self, path: str) -> RequestThreads:
        if path.startswith(PICTURES):  # these wait for a Stash, a second at most
            return self.pictures
        return self.probes.get(path, self.pages)

    def _tell(self, refusal: NotLetIn) -> None:
        """Log that requests are refused, now and then."""
        now = time.monotonic()
        if isinstance(refusal, Busy) and now - self._told_at > QUIET_S:
            self._told_at = now
            logger.warning(
                "Requests are refused: %d wait for a thread, and more than %d may not.",
                max(len(self.pages.line), len(self.pictures.line)),
                self.pages.longest_line,
            )


class Outbox:
    """Sends on what the site answers, which does not wait until it is read."""

    def __init__(self, send: AsgiSend) -> None:
        self._send = send
        self._messages: asyncio.Queue[AsgiMessage | None] = asyncio.Queue()
        self._sending: asyncio.Task[None] | None = None

    async def send(self, message: AsgiMessage) -> None:
        self._messages.put_nowait(message)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_on())

    async def close(self) -> None:
        """Return when everything is sent."""
        if self._sending is not None:
            self._messages.put_nowait(None)
            await self._sending

    async def _send_on(self) -> None:
        while (message := await self._messages.get()) is not None:
            await self._send(message)


async def _in_turn(
    threads: RequestThreads, inbox: Inbox, patience_s: float | None
) -> ThreadPoolExecutor:
    """Return a thread.

    Raises Busy if too many wait for one, Left for who gave up, and Unanswered after
    `patience_s`: the one before may be at work for as long as the database hangs.
    """
    if threads.free:
        return await threads.take()
    turn = asyncio.ensure_future(threads.take())
    either: set[asyncio.Future[Any]] = {turn, inbox.leaving()}
    try:
        done, _ = await asyncio.wait(
            either, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            raise Unanswered
        if turn in done:
            return turn.result()
    except FullHouse:
        raise Busy from None
    finally:
        turn.cancel()
    raise Left


async def _send_response(response: HttpResponse, send: AsgiSend) -> None:
    headers = [
        (name.lower().encode("ascii"), value.encode("latin-1"))
        for name, value in response.items()
    ]
    headers.append((b"content-length", str(len(response.content)).encode("ascii")))
    start = {"type": "http.response.start", "status": response.status_code}
    await send({**start, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
