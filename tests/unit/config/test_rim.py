"""Requests are let in, wait or are refused, whatever browsers do at their end."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from config.rim import BoundedRim
from tests.asgi import Browser
from tests.unit.config.test_request_threads import until

PAGE = b"A page. " * 10


class Site:
    """A site whose pages stay in their thread until `go`; its probes do not."""

    def __init__(self, **bounds: int) -> None:
        self.go = threading.Event()
        self.began: list[str] = []
        given = {"threads": 1, "longest_line": 1, "largest_body": 1_000, **bounds}
        self.rim = BoundedRim(self.application, **given)

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        request = await receive()
        await sync_to_async(self.work)(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": PAGE + request["body"]})

    def work(self, path: str) -> None:
        self.began.append(path)
        if path != "/healthz":
            self.go.wait(10)

    async def full(self) -> "list[asyncio.Task[None]]":
        """Let one request be at work and another wait; returns both."""
        inside = [Browser("/one").open(self.rim), Browser("/two").open(self.rim)]
        await until(lambda: len(self.rim.pages.line) == 1 and len(self.began) == 1)
        return inside

    async def empty(self, inside: "list[asyncio.Task[None]]") -> None:
        self.go.set()
        await asyncio.gather(*inside)


@pytest.fixture
def site() -> Site:
    return Site()


async def test_in_a_full_house_a_browser_is_told_to_come_back_soon(site: Site) -> None:
    inside = await site.full()
    late = Browser("/three")
    await late.open(site.rim)

    assert late.status == 503
    assert late.headers["retry-after"] == "2"
    assert late.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Try again in a few seconds." in late.text
    await site.empty(inside)
    assert site.began == ["/one", "/two"]


async def test_in_a_full_house_a_program_is_told_so_in_json(site: Site) -> None:
    inside = await site.full()
    late = Browser("/three", headers={"accept": "application/json"})
    await late.open(site.rim)

    assert (late.status, late.headers["content-type"]) == (503, "application/json")
    assert late.error.startswith("Steward has more to do than it can")
    await site.empty(inside)


async def test_a_full_house_is_told_of_in_the_log_now_and_then(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    inside = await site.full()
    for _ in range(3):
        await Browser("/three").open(site.rim)
    await site.empty(inside)

    assert caplog.messages == [
        "Requests are refused: 1 wait for a thread, and more than 1 may not."
    ]


async def test_probes_are_answered_in_a_full_house(site: Site) -> None:
    inside = await site.full()
    probe = Browser("/healthz")
    await probe.open(site.rim)

    assert probe.status == 200
    await site.empty(inside)


async def test_who_leaves_the_line_makes_room_and_costs_no_work(site: Site) -> None:
    at_work = Browser("/one").open(site.rim)
    await until(lambda: len(site.began) == 1)
    left, next_one = Browser("/two"), Browser("/three")
    leaving = left.open(site.rim)
    await until(lambda: len(site.rim.pages.line) == 1)
    left.leave()
    await leaving
    waiting = next_one.open(site.rim)
    await site.empty([at_work, waiting])

    assert (left.status, next_one.status) == (0, 200)
    assert site.began == ["/one", "/three"]


async def test_who_waited_is_served_whole_with_what_was_sent(site: Site) -> None:
    at_work = Browser("/one").open(site.rim)
    await until(lambda: len(site.began) == 1)
    waits = Browser("/two", method="POST", sent=(b"name=", b"Harbour"))
    waiting = waits.open(site.rim)
    await until(lambda: len(site.rim.pages.line) == 1)
    await site.empty([at_work, waiting])

    assert waits.text == f"{PAGE.decode()}name=Harbour"
    assert site.rim.bodies.kept == 0


async def test_who_sends_slowly_keeps_no_thread(site: Site) -> None:
    site.go.set()
    slow = Browser("/one", method="POST", sent=(b"n",), whole=False)
    sending = slow.open(site.rim)
    other = Browser("/two")
    await other.open(site.rim)
    slow.leave()
    await sending

    assert (slow.status, other.status) == (0, 200)
    assert site.rim.bodies.kept == 0


async def test_who_reads_slowly_keeps_no_thread(site: Site) -> None:
    site.go.set()
    slow, other = Browser("/one"), Browser("/two")
    slow.reads.clear()
    reading = slow.open(site.rim)
    await until(lambda: len(site.rim.pages.free) == 1)
    await other.open(site.rim)
    slow.reads.set()
    await reading

    assert (slow.text, other.text) == (PAGE.decode(), PAGE.decode())


async def test_who_reads_slowly_keeps_nothing_of_what_they_sent(site: Site) -> None:
    site.go.set()
    slow = Browser("/one", method="POST", sent=(b"n" * 900,))
    slow.reads.clear()
    reading = slow.open(site.rim)
    await until(lambda: bool(site.began and site.rim.pages.free))

    assert site.rim.bodies.kept == 0
    slow.reads.set()
    await reading


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        pytest.param({"content-length": "1001"}, (), id="by what it says"),
        pytest.param({}, (b"n" * 600, b"n" * 600), id="by what it sends"),
    ],
)
async def test_more_than_a_form_can_be_is_refused_before_it_is_here(
    site: Site, headers: dict[str, str], sent: tuple[bytes, ...]
) -> None:
    large = Browser("/one", method="POST", headers=headers, sent=sent, whole=False)
    await large.open(site.rim)

    assert large.status == 413
    assert large.headers["connection"] == "close"
    assert "larger than 1,000 bytes" in large.text
    assert site.rim.bodies.kept == 0


async def test_what_never_comes_whole_is_refused_in_the_end(site: Site) -> None:
    site.rim.bodies.seconds = 0.01
    endless = Browser("/one", method="POST", sent=(b"n",), whole=False)
    await endless.open(site.rim)

    assert endless.status == 408
    assert site.rim.bodies.kept == 0


async def test_of_many_who_send_at_once_only_so_much_is_kept(site: Site) -> None:
    site.rim.bodies.most_of_all = 1_500
    slow = Browser("/one", method="POST", sent=(b"n" * 900,), whole=False)
    sending = slow.open(site.rim)
    await until(lambda: site.rim.bodies.kept == 900)
    late = Browser("/two", method="POST", sent=(b"n" * 900,))
    await late.open(site.rim)
    slow.leave()
    await sending

    assert late.status == 503
    assert site.rim.bodies.kept == 0


class Stream:
    """A site whose one page is made piece by piece, each in a thread."""

    def __init__(self, *, pieces: int, threads: int = 1) -> None:
        self.pieces, self.made, self.closed = pieces, 0, False
        self.rim = BoundedRim(
            self.application, threads=threads, longest_line=1, largest_body=1_000
        )

    async def application(self, _scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await sync_to_async(self.work)()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            for number in range(self.pieces):
                piece = f"Piece {number}. ".encode()
                await send(
                    {"type": "http.response.body", "body": piece, "more_body": True}
                )
                await sync_to_async(self.work)()
            await send({"type": "http.response.body", "body": b"End."})
        finally:
            await sync_to_async(self.close)()

    def work(self) -> None:
        self.made += 1

    def close(self) -> None:
        self.closed = True

    @property
    def free(self) -> int:
        return len(self.rim.pages.free)


async def test_an_answer_in_pieces_comes_whole_and_in_order() -> None:
    stream, browser = Stream(pieces=3), Browser()
    await browser.open(stream.rim)
    await until(lambda: stream.free == 1)

    assert browser.text == "Piece 0. Piece 1. Piece 2. End."


async def test_pieces_wait_for_their_reader_without_a_thread() -> None:
    """Neither a thread is kept, nor what nobody reads yet."""
    stream, slow, other = Stream(pieces=50), Browser(), Browser("/two")
    slow.reads.clear()
    reading = slow.open(stream.rim)
    await until(lambda: stream.made == 1 and stream.free == 1)
    await other.open(stream.rim)
    made = stream.made
    slow.reads.set()
    await reading

    assert other.text.endswith("End.")
    assert made == 1 + 51  # what the other was sent, and the first of the slow one's
    assert slow.text.endswith("Piece 49. End.")


async def test_who_has_begun_is_not_turned_away_by_a_full_line(site: Site) -> None:
    threads = site.rim.pages
    thread = await threads.take()
    waits = [asyncio.ensure_future(threads.take()) for _ in range(1)]
    begun = asyncio.ensure_future(threads.take(begun=True))
    await asyncio.sleep(0)
    for each in (*waits, begun):
        threads.give_back(thread)
        thread = await each
    threads.give_back(thread)

    assert len(threads.line) == 0
    await until(lambda: len(threads.free) == 1)


async def test_who_reads_nothing_is_cut_off_and_leaves_nothing_behind() -> None:
    stream, silent = Stream(pieces=50), Browser()
    stream.rim.reading_s = 0.01
    silent.reads.clear()
    await silent.open(stream.rim)
    await until(lambda: stream.free == 1)

    assert (silent.text, stream.made, stream.closed) == ("", 1, True)
