"""A model's server, and a run that asks it; nobody waits for real."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal

import pytest

from syncapp.analysis.language_model.asking import ModelRun
from syncapp.analysis.language_model.budget import Budget, SpendLimits
from syncapp.analysis.language_model.client import ModelClient, ModelLimits
from syncapp.analysis.library import KnownLibrary
from tests.model_library import SIX, library_of
from tests.model_server import FakeModel, fake_model

AMPLE = SpendLimits(1_000, 10**9, Decimal(10**6))
QUICK = ModelLimits(connect_s=2, deadline_s=60, max_bytes=2**20, answer_tokens=400)
KNOWN = library_of(*SIX)
KEY = "canary-9f31c0"
StartRun = Callable[..., ModelRun]


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with fake_model() as model:
        yield model


@pytest.fixture
def waited() -> list[float]:
    """Give the pauses that a run made between two tries, in seconds."""
    return []


@pytest.fixture
def start_run(model: FakeModel, waited: list[float]) -> Iterator[StartRun]:
    with ExitStack() as stack:

        def started(
            library: KnownLibrary = KNOWN,
            budget: Budget | None = None,
            limits: ModelLimits = QUICK,
            url: str = "",
        ) -> ModelRun:
            client = ModelClient(url or model.url, "wise-owl-7b", KEY, limits=limits)
            return ModelRun(
                library,
                client=stack.enter_context(client),
                budget=budget or Budget(AMPLE),
                rest=waited.append,
            )

        yield started
