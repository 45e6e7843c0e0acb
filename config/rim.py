"""What a request passes before Django sees it: bounds for what it sends, and a line."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.http import HttpResponse

from config.middleware import PICTURES
from config.origin import AsgiApp
from config.refusals import Busy, NotLetIn, answer
from config.request_body import AsgiMessage, AsgiReceive, Bodies, Inbox, Left
from config.request_threads import RequestThreads
from config.request_turn import Turn

AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
# Machines ask these, of a full house too: each has a thread and a line of its own. Only
# the second asks the database; while that hangs the process is no less alive.
PROBES = ("/healthz", "/readyz")
PROBES_WAITING = 16
PROBE_TURN_S = 0.4  # with what the view may take (LONGEST_S), less than two seconds
MOST_OF_ALL = 32_000_000  # bytes of all bodies together
BODY_S = 30.0  # until a body is here, whole
READ_S = 60.0  # for which a reader may leave a piece of an answer where it is
QUIET_S = 60.0  # between two lines of the log about a full house

logger = logging.getLogger(__name__)


class BoundedRim:
    """Lets so many requests in at once, so many wait, and refuses all others.

    A thread is lent when all that a browser sends is here, and is given back before the
    answer is sent, or each piece of it: who sends or reads slowly keeps none.
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
        self.reading_s = READ_S
        self.bodies = Bodies(most=largest_body, most_of_all=MOST_OF_ALL, seconds=BODY_S)
        self._told_at = -QUIET_S

    async def __call__(self, scope: Any, receive: AsgiReceive, send: AsgiSend) -> None:
        try:
            inbox = Inbox(await self.bodies.read(scope, receive), receive)
            turn, patience_s = self._turn(scope)
            outbox = Outbox(send, turn, self.reading_s)
            try:
                await turn.begin(inbox, patience_s)
                await self._serve(scope, inbox, outbox, turn)
            finally:
                # Whoever does not read the answer must not keep what they sent.
                self.bodies.drop(inbox.size)
                await inbox.close()
                await outbox.close()
        except (Left, NobodyReads):
            pass
        except NotLetIn as refusal:
            self._tell(refusal)
            await _send_response(answer(refusal, scope), send)

    def _turn(self, scope: Any) -> tuple[Turn, float | None]:
        """Return a turn among those that ask alike, and how long it waits at most."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in self.probes:
            return Turn(self.probes[path]), PROBE_TURN_S
        if path.startswith(PICTURES):  # these wait for a Stash, a second at most
            return Turn(self.pictures), None
        return Turn(self.pages), None

    async def _serve(
        self, scope: Any, inbox: Inbox, outbox: "Outbox", turn: Turn
    ) -> None:
        try:
            async with ThreadSensitiveContext(executor=turn):
                await self.application(scope, inbox.receive, outbox.send)
        finally:
            turn.end()

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


class NobodyReads(asyncio.CancelledError):
    """A piece of an answer lies unread for too long.

    Django takes it for what it does when a browser has left, and puts things away.
    """


class Outbox:
    """Sends on what the site answers.

    A whole answer is not waited for: it is here, however slowly it is read. One that is
    made while it is read waits for its reader at each piece, without its thread.
    """

    def __init__(self, send: AsgiSend, turn: Turn, reading_s: float) -> None:
        self._send, self._turn, self._reading_s = send, turn, reading_s
        self._messages: asyncio.Queue[AsgiMessage | None] = asyncio.Queue()
        self._sending: asyncio.Task[None] | None = None
        self._streams = False

    async def send(self, message: AsgiMessage) -> None:
        """Take what is to be sent; raises NobodyReads."""
        if message["type"] == "http.response.start":
            self._streams = not _tells_length(message)
        self._messages.put_nowait(message)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_on())
        if self._streams and message.get("more_body"):
            await self._wait_for_reader()

    async def close(self) -> None:
        """Return when everything is sent."""
        if self._sending is not None:
            self._messages.put_nowait(None)
            await self._sending

    async def _wait_for_reader(self) -> None:
        self._turn.end()
        try:
            async with asyncio.timeout(self._reading_s):
                await self._messages.join()
        except TimeoutError:
            self._give_up()
            raise NobodyReads from None
        finally:
            # Whatever is done next needs it: the next piece, or what the end takes.
            await self._turn.go_on()

    def _give_up(self) -> None:
        """Leave the rest unsent: the connection is cut, so the reader notices."""
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    async def _send_on(self) -> None:
        while (message := await self._messages.get()) is not None:
            await self._send(message)
            self._messages.task_done()


def _tells_length(start: AsgiMessage) -> bool:
    return any(name.lower() == b"content-length" for name, _ in start["headers"])


async def _send_response(response: HttpResponse, send: AsgiSend) -> None:
    headers = [
        (name.lower().encode("ascii"), value.encode("latin-1"))
        for name, value in response.items()
    ]
    headers.append((b"content-length", str(len(response.content)).encode("ascii")))
    start = {"type": "http.response.start", "status": response.status_code}
    await send({**start, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
