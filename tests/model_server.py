"""A language model's server on loopback: it answers well, or misbehaves as asked.

Real HTTP over real sockets; what it says is prepared, for no model is anywhere near.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.fake_wire import http, read_request

JSON = "Content-Type: application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came."""

    head: bytes
    body: Mapping[str, Any]

    @property
    def asked(self) -> Any:
        """What the user message holds: names, and scenes with their texts and ids."""
        return msgspec.json.decode(self.body["messages"][1]["content"])

    @property
    def rows(self) -> list[dict[str, str]]:
        """What a good model answers: each name that stands in a text as it is."""
        return [row for scene in self.asked["scenes"] for row in self._rows_of(scene)]

    def _rows_of(self, scene: Any) -> list[dict[str, str]]:
        rows = [
            {"scene": scene["scene"], "id": each, "quote": quote}
            for each in scene["ids"]
            if (quote := _found(self.asked["names"][each], scene["texts"].values()))
        ]
        return rows or [{"scene": scene["scene"], "id": "none", "quote": ""}]


def _found(name: str, texts: Sequence[str]) -> str:
    for text in texts:
        at = text.lower().find(name.lower())
        if at >= 0:
            return text[at : at + len(name)]
    return ""


Behaviour = Callable[["FakeModel", socket.socket, Request], None]


@dataclass
class FakeModel:
    """Behaves in turn as told, the last way for ever; keeps what it was asked."""

    behaviours: list[Behaviour] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""
    tokens: tuple[int, int] | None = (700, 60)  # that it says were used

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # who asked has hung up
            while not self.over.is_set():
                head, _, body = read_request(connection).partition(b"\r\n\r\n")
                request = Request(head, msgspec.json.decode(body))
                with self.turn:
                    self.requests.append(request)
                    left = len(self.behaviours) > 1
                    now = self.behaviours.pop(0) if left else self.behaviours[0]
                now(self, connection, request)

    def completion(self, content: Any, finish: str | None = "stop") -> bytes:
        message = {"role": "assistant", "content": content}
        told: dict[str, Any] = {
            "choices": [{"index": 0, "message": message, "finish_reason": finish}]
        }
        if self.tokens:
            sent, answered = self.tokens
            told["usage"] = {"prompt_tokens": sent, "completion_tokens": answered}
        return http(msgspec.json.encode(told), JSON)


@contextmanager
def fake_model(*behaviours: Behaviour) -> Iterator[FakeModel]:
    """Serve on a free port; its `url` is the base address."""
    model = FakeModel()
    model.will(*behaviours or (well,))
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        model.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        accepting = threading.Thread(target=_accept, args=(model, listener, threads))
        accepting.start()
        yield model
        model.over.set()
        listener.shutdown(socket.SHUT_RDWR)
        for thread in (accepting, *threads):
            thread.join(5)


def _accept(
    model: FakeModel, listener: socket.socket, threads: list[threading.Thread]
) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # shut down
            return
        connection.settimeout(5)
        threads.append(threading.Thread(target=model.serve, args=(connection,)))
        threads[-1].start()


def answer_text(rows: Sequence[Mapping[str, Any]]) -> str:
    return msgspec.json.encode({"answers": rows}).decode()


def says(content: Any, finish: str | None = "stop") -> Behaviour:
    """Answer with this text, or with what a function makes of the request."""

    def behave(model: FakeModel, connection: socket.socket, request: Request) -> None:
        text = content(request) if callable(content) else content
        connection.sendall(model.completion(text, finish))

    return behave


def status(code: int, *headers: str, body: bytes = b"{}") -> Behaviour:
    def behave(model: FakeModel, connection: socket.socket, request: Request) -> None:
        answer = http(body, JSON, *headers)
        connection.sendall(answer.replace(b" 200 OK", f" {code} No".encode(), 1))

    return behave


def rows_as(change: Callable[[dict[str, str]], Mapping[str, Any]]) -> Behaviour:
    """Answer well but for a change of each row."""
    return says(lambda request: answer_text([change(row) for row in request.rows]))


well = says(lambda request: answer_text(request.rows))
ignores_schema = says("The studio is Blue Planet Films, with Jane Doe.")
other_form = says('{"studio":"Blue Planet Films","performers":["Jane Doe"]}')
cuts_json = says(lambda request: answer_text(request.rows)[:-9])
cut_by_length = says(lambda request: answer_text(request.rows), "length")
declines = says(lambda request: answer_text(request.rows), "content_filter")
fenced = says(lambda r: f"```json\n{answer_text(r.rows)}\n```\nAs you asked!")
in_parts = says(
    lambda request: [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": answer_text(request.rows)},
    ]
)


def _draft(request: Request) -> str:
    """Return an answer that gives every scene all that it may be given."""
    return answer_text(
        [
            {"scene": scene["scene"], "id": each, "quote": request.asked["names"][each]}
            for scene in request.asked["scenes"]
            for each in scene["ids"]
        ]
    )


thinks = says(lambda r: f"<think>Is it {_draft(r)}? No.</think>\n{answer_text(r.rows)}")
thinks_untagged = says(lambda r: f"Is it {_draft(r)}?</think>{answer_text(r.rows)}")
thinks_for_ever = says(lambda request: f"<think>It is {answer_text(request.rows)}")

invents_tag = rows_as(lambda row: row | {"id": "Great Lakes"})
invents_id = rows_as(lambda row: row | {"id": "t999"})
invents_quote = rows_as(lambda row: row | {"quote": "Jane Doe and Blue Planet Films"})
quotes_in_capitals = rows_as(lambda row: row | {"quote": row["quote"].upper()})
leaves_out = says(lambda request: answer_text(request.rows[:1]))
is_sure = rows_as(lambda row: row | {"confidence": 1.0, "new_tag": "Great Lakes"})
busy = status(429, "Retry-After: 7")
redirects = status(307, "Location: http://127.0.0.1:1/v1/chat/completions")


def obeys(model: FakeModel, connection: socket.socket, request: Request) -> None:
    """Do whatever a text says behind "SYSTEM:", for every scene and every id."""
    texts = [t for s in request.asked["scenes"] for t in s["texts"].values()]
    orders = next(text.partition("SYSTEM:")[2] for text in texts if "SYSTEM:" in text)
    rows = [
        {"scene": scene["scene"], "id": each, "quote": orders.strip()[:60]}
        for scene in request.asked["scenes"]
        for each in (*request.asked["names"], "Owned", orders)
    ]
    connection.sendall(model.completion(answer_text(rows)))


def hangs(model: FakeModel, connection: socket.socket, request: Request) -> None:
    connection.settimeout(60)
    connection.recv(1)  # ends when the other side hangs up


def drips(model: FakeModel, connection: socket.socket, request: Request) -> None:
    connection.sendall(http(b"", JSON, length=100_000))
    while not model.over.wait(0.02):
        connection.sendall(b" ")


def floods(model: FakeModel, connection: socket.socket, request: Request) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not model.over.is_set():
        connection.sendall(bytes(2**16))


def closes(model: FakeModel, connection: socket.socket, request: Request) -> None:
    """Close in the middle of an answer."""
    connection.sendall(model.completion(answer_text(request.rows))[:-30])
    connection.shutdown(socket.SHUT_RDWR)


def shows_page(model: FakeModel, connection: socket.socket, request: Request) -> None:
    connection.sendall(http(b"<html>Sign in</html>", "Content-Type: text/html"))


def tells_key(model: FakeModel, connection: socket.socket, request: Request) -> None:
    """Refuse, and repeat all that it was sent."""
    told = {"error": {"message": request.head.decode()[-150:]}}
    status(400, body=msgspec.json.encode(told))(model, connection, request)


def wants_newer(model: FakeModel, connection: socket.socket, request: Request) -> None:
    """Refuse the older names of parameters, as newer models do."""
    if "max_tokens" in request.body or "temperature" in request.body:
        told = {"error": {"message": "Unsupported: use 'max_completion_tokens'."}}
        status(400, body=msgspec.json.encode(told))(model, connection, request)
    else:
        well(model, connection, request)


def behaviour(name: str) -> Behaviour:
    """Return a behaviour by its name here; a number is that HTTP status."""
    found: Behaviour = status(int(name)) if name.isdigit() else globals()[name]
    return found
