"""Asks a language model about the scenes of a page; keeps what that cost."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from syncapp.analysis.detector import MayStop
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.language_model.asking import ModelRun, Outage
from syncapp.analysis.language_model.budget import Spend
from syncapp.analysis.language_model.client import ModelClient
from syncapp.analysis.language_model.completions import Completion
from syncapp.analysis.language_model.configured import (
    configured_budget,
    configured_client,
    refuse_in_transaction,
)
from syncapp.analysis.language_model.declaration import MODEL
from syncapp.analysis.language_model.errors import ModelError
from syncapp.analysis.language_model.prompt import Prompt
from syncapp.analysis.looking import Analysis
from syncapp.analysis.merging import Said
from syncapp.analysis.proposals import Proposal

NOT_SET_UP = (
    "No language model is set up: STEWARD_MODEL_URL names the one to ask. Set it (the "
    "operations guide says how), or analyse without the detector “model”."
)
ToldOfScenes = dict[int, tuple[Said, ...] | Outage]
LOOK_S = 0.5  # how often it looks whether to stop while a model thinks


class Interruptible:
    """A client that is waited for in short steps; `check` may raise to end it."""

    def __init__(self, client: ModelClient, check: MayStop) -> None:
        self._client = client
        self._check = check
        self._thread = ThreadPoolExecutor(1, "model")

    @property
    def answer_tokens(self) -> int:
        return self._client.answer_tokens

    @property
    def is_hung_up(self) -> bool:
        return self._client.is_hung_up

    def complete(self, prompt: Prompt) -> Completion:
        refuse_in_transaction()  # the thread that asks would not see it
        answer = self._thread.submit(self._client.complete, prompt)
        try:
            while True:
                try:
                    return answer.result(timeout=LOOK_S)
                except TimeoutError:
                    self._check()
        finally:
            if not answer.done():
                self._client.hang_up()

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._check()
            time.sleep(min(LOOK_S, left))

    def close(self) -> None:
        self._thread.shutdown()
        self._client.close()


class ModelPages:
    """The model that the settings name, asked for one analysis.

    `keep` stores what was spent, before each request and after it.
    """

    def __init__(
        self,
        analysis: Analysis,
        spent: Spend,
        keep: Callable[[Spend], None],
        *,
        check: MayStop,
    ) -> None:
        self._analysis = analysis
        try:
            client = configured_client()
        except ModelError as exc:
            raise AnalysisStopped(str(exc), code=exc.code) from exc
        if client is None:
            raise AnalysisStopped(NOT_SET_UP, code="model_not_set_up")
        self._client = Interruptible(client, check)
        self._run = ModelRun(
            analysis.library,
            client=self._client,
            budget=configured_budget(spent, keep),
            rest=self._client.wait,
        )

    @property
    def outage(self) -> Outage | None:
        """What stopped it for good."""
        return self._run.outage

    def ask(self, scenes: Iterable[SceneFacts]) -> ToldOfScenes:
        """Return what it proposes for each scene, or why it was not asked."""
        told: ToldOfScenes = {}
        for scene_id, found in self._run.ask(map(self._analysis.read, scenes)):
            if isinstance(found, Outage):
                told[scene_id] = found
            else:
                told[scene_id] = tuple(
                    (MODEL, each) for each in found if isinstance(each, Proposal)
                )
        return told

    def close(self) -> None:
        self._client.close()


def plain_spend(spend: Spend) -> dict[str, Any]:
    """Return it as a checkpoint keeps it."""
    return {
        "requests": spend.requests,
        "tokens": spend.tokens,
        "money": str(spend.money),
    }


def read_spend(kept: dict[str, Any]) -> Spend:
    if not kept:
        return Spend()
    return Spend(kept["requests"], kept["tokens"], Decimal(kept["money"]))
