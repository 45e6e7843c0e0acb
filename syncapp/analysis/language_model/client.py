"""The way to a language model: an OpenAI-compatible server, over HTTP, in bounds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import httpx2
import msgspec
from httpx2 import codes

from syncapp.analysis.language_model import completions
from syncapp.analysis.language_model.completions import Completion, HttpAnswer
from syncapp.analysis.language_model.errors import (
    BadModelAddress,
    BadModelAnswer,
    ModelAway,
    ModelError,
    ModelKeyRefused,
    ModelTimedOut,
    ModelUnreachable,
    OtherParameters,
)
from syncapp.analysis.language_model.prompt import Prompt
from syncapp.stash.address import normalize
from syncapp.stash.errors import (
    BadAddress,
    NameUnknown,
    NotListening,
    StashTimedOut,
    StashUnreachable,
    TlsFailed,
)
from syncapp.stash.network import Transport, deadline, failure
from syncapp.stash.way_in import OPEN, WayIn

IN_FLIGHT = 4
MOST_TOLD = 4_096  # bytes that are read of a refusal


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """What one request may take. Times are in seconds."""

    connect_s: float = 5
    deadline_s: float = 120  # for all of it; a model says nothing while it works
    max_bytes: int = 2**20
    answer_tokens: int = 2_000  # its thoughts included


class ModelClient:
    """A connection to one server, usable from several threads.

    The key goes out in a header and is shown nowhere. `before_each` is called before
    each request, and may refuse it. Raises BadModelAddress, and ModelKeyRefused for a
    key that no header can hold.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: str = "",
        *,
        limits: ModelLimits = ModelLimits(),
        way_in: WayIn = OPEN,
        before_each: Callable[[], None] = lambda: None,
    ) -> None:
        self.url = _address(url)
        self.model = model
        self.limits = limits
        self._key = _sendable(key.strip(), self.url)
        self._before_each = before_each
        self.is_hung_up = False
        self._is_newer = False  # whether the model takes the newer parameters alone
        self._slots = threading.BoundedSemaphore(IN_FLIGHT)
        tls = self.url.startswith("https:")
        self._wire = Transport(way_in, tls=tls, connections=IN_FLIGHT)
        self._http = httpx2.Client(
            headers=self._headers(),
            timeout=httpx2.Timeout(limits.deadline_s, connect=limits.connect_s),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            transport=self._wire,
        )

    def _headers(self) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            # What is packed anyway is left so, and is no answer: no bomb is unpacked.
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "Steward",
        }
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

    def __repr__(self) -> str:
        return f"ModelClient({self.url!r}, {self.model!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def answer_tokens(self) -> int:
        """How many tokens an answer may be, thoughts included."""
        return self.limits.answer_tokens

    def hang_up(self) -> None:
        """Break off whatever any thread asks now; nothing can be asked any more."""
        self.is_hung_up = True
        self._wire.cut()

    def complete(self, prompt: Prompt) -> Completion:
        """Ask once, no longer than the deadline; raises ModelError."""
        self._before_each()
        body = msgspec.json.encode(self._request(prompt))
        try:
            with self._slots, deadline(self.limits.deadline_s):
                answer = self._posted(body)
        except httpx2.HTTPError as exc:
            raise _failed(failure(exc, self.url), self.url) from exc
        except BadAddress as exc:  # what the name stands for is looked at last
            raise _forbidden(self.url) from exc
        return self._read(answer)

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        most = self.limits.answer_tokens
        form = {"name": "matches", "strict": True, "schema": prompt.schema}
        return {
            "model": self.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "response_format": {"type": "json_schema", "json_schema": form},
            "stream": False,
            **(
                {"max_completion_tokens": most}
                if self._is_newer
                else {"max_tokens": most, "temperature": 0}
            ),
        }

    def _posted(self, body: bytes) -> HttpAnswer:
        url = f"{self.url}/chat/completions"
        with self._http.stream("POST", url, content=body) as response:
            is_refusal = response.status_code != codes.OK
            most = MOST_TOLD if is_refusal else self.limits.max_bytes
            received = _received(response, most)
            if len(received) > most and not is_refusal:
                msg = f"{self.url} sent more than {most} bytes, so we hung up."
                raise BadModelAnswer(msg)
        return HttpAnswer(response.status_code, response.headers, bytes(received))

    def _read(self, answer: HttpAnswer) -> Completion:
        if answer.status == codes.OK:
            return completions.read_completion(answer, self.url)
        if not self._is_newer and completions.wants_newer(answer):
            self._is_newer = True
            msg = f"The model {self.model} at {self.url} takes other parameters."
            raise OtherParameters(msg)
        raise completions.refused(answer, self.url, (self._key,))


def _received(response: httpx2.Response, most: int) -> bytearray:
    """Read the body as it came, until it is longer than we are willing to hold."""
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > most:
            break
    return body


def _address(url: str) -> str:
    try:
        return normalize(url, cut_pages=False)
    except BadAddress as exc:
        raise _forbidden(url if "@" not in url else "that address") from exc


def _forbidden(url: str) -> BadModelAddress:
    return BadModelAddress(
        f"No model can be asked at {url}. Give the base address of its server, such as "
        "http://127.0.0.1:8080/v1; link-local and metadata addresses are not called."
    )


def _sendable(key: str, url: str) -> str:
    if not key.isascii() or not (key + "x").isprintable() or " " in key:
        msg = f"The key for the model at {url} holds characters that no key has."
        raise ModelKeyRefused(msg)
    return key


def _failed(error: StashUnreachable, url: str) -> ModelError:
    """Return what a failure on the wire means, in words for a model's server."""
    match error:
        case StashTimedOut():
            return ModelTimedOut(f"The model at {url} did not answer in time.")
        case NameUnknown():
            return ModelAway(f"No server of the name in {url} was found.")
        case NotListening():
            return ModelAway(
                f"Nothing answers at {url}. Does the model's server run, and is the "
                "port right?"
            )
        case TlsFailed():
            return ModelAway(f"No secure connection to {url} could be made.")
    return ModelUnreachable(
        f"The connection to {url} broke off before the answer was complete."
    )
