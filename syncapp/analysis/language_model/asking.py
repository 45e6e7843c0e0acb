"""Asks a model about scene after scene; tells of each what it found, or why not."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from syncapp.analysis.language_model.answers import JudgedAnswer, judge_answer
from syncapp.analysis.language_model.budget import Budget
from syncapp.analysis.language_model.candidates import CandidateIndex
from syncapp.analysis.language_model.completions import Completion
from syncapp.analysis.language_model.errors import (
    BadModelAnswer,
    ModelBusy,
    ModelError,
    ModelTimedOut,
    ModelUnreachable,
    ModelUseless,
    OtherParameters,
    TokenCounts,
)
from syncapp.analysis.language_model.excerpts import excerpts
from syncapp.analysis.language_model.prompt import (
    Prompt,
    SceneQuestion,
    compose,
    request_batches,
    to_ask,
)
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.proposals import Finding
from syncapp.analysis.reading import SceneReading

ATTEMPTS = 3  # for what may pass: busy, broken off
LONGEST_WAIT_S = 60.0  # for one who is busy; who wants longer is left for this time
BACKOFF_S = 1.0
UNUSED = TokenCounts(0, 0)
MOST_USELESS = 3  # batches in a row without a usable answer


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a scene was not analysed; it must not be counted as if it were."""

    code: str
    reason: str  # a sentence or two for a person
    retriable: bool  # later, without a person
    retry_after_s: float | None = None  # as the server said


class AsksModel(Protocol):
    """What a run needs of a client."""

    @property
    def answer_tokens(self) -> int: ...  # of one answer at most

    @property
    def is_hung_up(self) -> bool: ...

    def complete(self, prompt: Prompt) -> Completion: ...


ToldByModel = tuple[Finding, ...] | Outage


class ModelRun:
    """One analysis by a model, to be asked page after page.

    What stops it stops it for good: a server that is away, a refused key, a spent
    budget. Every scene after that has the same outage and costs nothing. `rest` waits
    so many seconds, and may raise to end the run.
    """

    def __init__(
        self,
        library: KnownLibrary,
        *,
        client: AsksModel,
        budget: Budget,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        self._index = CandidateIndex(library)
        self._client = client
        self._budget = budget
        self._rest = rest
        self._useless = 0
        self.outage: Outage | None = None  # what stopped it

    def ask(
        self, readings: Iterable[SceneReading]
    ) -> Iterator[tuple[int, ToldByModel]]:
        """Yield for each scene, in order, what was found in it or why it was not asked.

        No transaction may be open while this goes on. A scene that nothing can be
        asked of has no findings, and is analysed.
        """
        for batch in request_batches(map(self._question, readings)):
            told = self._told(to_ask(batch))
            for question in batch:
                yield question.scene_id, told.get(question.scene_id, ())

    def _question(self, reading: SceneReading) -> SceneQuestion:
        shown = excerpts(reading)
        candidates = self._index.shortlist(reading, shown)
        return SceneQuestion(reading.facts.scene_id, shown, candidates)

    def _told(self, questions: Sequence[SceneQuestion]) -> dict[int, ToldByModel]:
        """Return what is told of each scene that there is something to ask of."""
        told: dict[int, ToldByModel] = {}
        if not questions:
            return told
        if outage := self.outage or self._asked(tuple(questions), told):
            for question in questions:
                told.setdefault(question.scene_id, outage)
        return told

    def _asked(
        self, questions: tuple[SceneQuestion, ...], told: dict[int, ToldByModel]
    ) -> Outage | None:
        """Ask, and once more about what was of no use; returns why some are left."""
        why = ""
        try:
            for again in (False, True):
                judged = self._judged(compose(questions, again=again))
                told.update(judged.findings)
                questions, why = judged.failed, judged.why
                if not questions:
                    break
        except ModelError as exc:
            self.outage = _outage(exc)
            return self.outage
        self._useless = 0 if told else self._useless + 1
        if self._useless == MOST_USELESS:
            self.outage = _outage(ModelUseless(f"{why} It was so time after time."))
        return _outage(BadModelAnswer(why)) if questions else None

    def _judged(self, prompt: Prompt) -> JudgedAnswer:
        try:
            completion = self._completion(prompt)
        except BadModelAnswer as exc:
            return JudgedAnswer(failed=tuple(prompt.scenes.values()), why=str(exc))
        return judge_answer(completion.text, prompt)

    def _completion(self, prompt: Prompt) -> Completion:
        """Ask until there is an answer, or there will be none; each try is paid for."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(prompt)
            except OtherParameters:
                continue
            except (ModelBusy, ModelUnreachable) as exc:
                if self._client.is_hung_up or not _may_pass(exc):
                    raise
                self._rest(_pause_before(exc, attempt))
        return self._once(prompt)

    def _once(self, prompt: Prompt) -> Completion:
        most = TokenCounts(prompt.tokens_at_most, self._client.answer_tokens)
        reserved = self._budget.reserve(most)
        try:
            completion = self._client.complete(prompt)
        except BadModelAnswer as exc:
            self._budget.settle(reserved, exc.used)
            raise
        except ModelError as exc:
            self._budget.settle(reserved, None if exc.may_have_cost else UNUSED)
            raise
        self._budget.settle(reserved, completion.used)
        return completion


def ask(
    readings: Iterable[SceneReading],
    library: KnownLibrary,
    *,
    client: AsksModel,
    budget: Budget,
) -> Iterator[tuple[int, ToldByModel]]:
    """Ask about these scenes as `ModelRun.ask` does, with a library of their own."""
    yield from ModelRun(library, client=client, budget=budget).ask(readings)


def _may_pass(error: ModelError) -> bool:
    """Return whether it is worth to ask again within this run."""
    if isinstance(error, ModelBusy):
        return (error.retry_after_s or 0) <= LONGEST_WAIT_S
    return not isinstance(error, ModelTimedOut)


def _pause_before(error: ModelError, attempt: int) -> float:
    told = error.retry_after_s if isinstance(error, ModelBusy) else None
    return BACKOFF_S * 2 ** (attempt - 1) if told is None else told


def _outage(error: ModelError) -> Outage:
    pause = error.retry_after_s if isinstance(error, ModelBusy) else None
    return Outage(error.code, str(error), error.retriable, pause)
