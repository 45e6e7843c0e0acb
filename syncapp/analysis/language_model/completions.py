"""Makes sense of a server's HTTP answer: what the model said, or an error."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from syncapp.analysis.language_model.answers import UNREADABLE
from syncapp.analysis.language_model.errors import (
    BadModelAnswer,
    ModelBusy,
    ModelError,
    ModelKeyRefused,
    ModelRefused,
    ModelUnreachable,
    NotModel,
    TokenCounts,
)

LONGEST_MESSAGE = 200
# How an answer ends that did not come to its end.
CUT = {"length", "max_tokens", "model_length"}
REFUSED = {"content_filter", "error"}
# HTTP: who is not let in; who may ask again later; where no model is.
BARRED = {401, 403}
BUSY = {429, 503}
PASSING = {408, 425, *range(500, 600)} - {501, 503}
ELSEWHERE = range(300, 400)
ABSENT = {404, 405, 410, 501}


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: Mapping[str, str]  # whatever the case of their names
    body: bytes  # of a refusal the beginning


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said; `used` is what its server counted, None if it did not."""

    text: str
    used: TokenCounts | None


class _Part(msgspec.Struct):
    type: str = ""
    text: str = ""


class _Message(msgspec.Struct):
    content: str | list[_Part] | None = None
    refusal: str | None = None

    @property
    def text(self) -> str:
        """What it said aloud; thoughts in parts of their own are left out."""
        if isinstance(self.content, str):
            return self.content
        parts = self.content or []
        return "".join(part.text for part in parts if part.type == "text")


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int
    completion_tokens: int


class _Envelope(msgspec.Struct):
    choices: list[_Choice]


class _Counted(msgspec.Struct):
    usage: _Usage


class _Trouble(msgspec.Struct):
    message: str = ""


class _Refusal(msgspec.Struct):
    error: _Trouble | str = ""


_decode = msgspec.json.Decoder(_Envelope).decode
_decode_counted = msgspec.json.Decoder(_Counted).decode
_decode_refusal = msgspec.json.Decoder(_Refusal).decode


def read_completion(answer: HttpAnswer, url: str) -> Completion:
    """Return what the model said in a 200.

    Raises NotModel for a web page, BadModelAnswer for what is not whole; that one knows
    what was used.
    """
    if "html" in answer.headers.get("content-type", ""):
        msg = f"{url} answered with a web page. Check the address of the model."
        raise NotModel(msg)
    try:
        choice = _decode(answer.body).choices[0]
    except (*UNREADABLE, IndexError):
        msg = f"The model at {url} answered with something that is no completion."
        raise BadModelAnswer(msg) from None
    if choice.finish_reason in CUT:
        msg = (
            f"The model at {url} came to the end of its tokens before the end of its "
            "answer. If it thinks at length, allow it more by "
            "STEWARD_MODEL_ANSWER_TOKENS."
        )
        raise BadModelAnswer(msg, _used(answer.body))
    if choice.finish_reason in REFUSED or choice.message.refusal:
        msg = f"The model at {url} declined to answer."
        raise BadModelAnswer(msg, _used(answer.body))
    return Completion(choice.message.text, _used(answer.body))


def _used(body: bytes) -> TokenCounts | None:
    try:
        usage = _decode_counted(body).usage
    except UNREADABLE:
        return None
    if min(usage.prompt_tokens, usage.completion_tokens) < 0:
        return None
    return TokenCounts(usage.prompt_tokens, usage.completion_tokens)


def wants_newer(answer: HttpAnswer) -> bool:
    """Return whether a refusal is of the parameters that newer models do not have."""
    told = _told(answer.body)
    return answer.status in {400, 422} and (
        "max_completion_tokens" in told or "temperature" in told
    )


def refused(answer: HttpAnswer, url: str, secrets: Iterable[str]) -> ModelError:
    """Return the error that any other status than 200 amounts to."""
    status = answer.status
    if status in BARRED:
        return ModelKeyRefused(
            f"The model at {url} refused our key (HTTP {status}). Check "
            "STEWARD_MODEL_KEY."
        )
    if status in BUSY:
        return ModelBusy(
            f"The model at {url} has no room for us now (HTTP {status}).",
            _pause(answer.headers),
        )
    if status in PASSING:
        return ModelUnreachable(f"The model at {url} is in trouble (HTTP {status}).")
    said = _tidy(_told(answer.body), secrets)
    if status in ABSENT:
        return NotModel(
            f"There is no such model at {url} (HTTP {status}){said} Check "
            "STEWARD_MODEL_URL, which ends before /chat/completions, and "
            "STEWARD_MODEL_NAME."
        )
    if status in ELSEWHERE:
        return NotModel(
            f"{url} redirects to another address, and we do not follow. Give the "
            "address to which it leads."
        )
    return ModelRefused(
        f"The model at {url} does not take our requests (HTTP {status}){said}"
    )


def _told(body: bytes) -> str:
    try:
        error = _decode_refusal(body).error
    except UNREADABLE:
        return ""
    return error if isinstance(error, str) else error.message


def _tidy(message: str, secrets: Iterable[str]) -> str:
    """Return what a server said as the end of a sentence, short, without our key."""
    for secret in filter(None, secrets):
        message = message.replace(secret, "[key]")
    line = " ".join(message.split())
    plain = "".join(letter for letter in line if letter.isprintable())
    return f": {plain[:LONGEST_MESSAGE].rstrip('.')}." if plain else "."


def _pause(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds a server wants to be left alone."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(text: str) -> float:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return math.nan
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
