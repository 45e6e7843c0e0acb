"""A language model in an analysis: what it adds to a plan, and what an outage does."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from syncapp.analysis.errors import AnalysisStopped
from syncapp.models import Change, SceneAnalysis
from tests.integration.analysis.conftest import SCENES, Archive
from tests.mirror import Interrupted, PlainReporter
from tests.model_server import FakeModel, fake_model, hangs, status

pytestmark = pytest.mark.django_db(transaction=True)
ASKED: dict[str, Any] = {"detectors": ["model"]}


@pytest.fixture
def model(settings: Settings) -> Iterator[FakeModel]:
    with fake_model() as model:
        settings.MODEL_URL = model.url
        settings.MODEL_NAME = "wise-owl-7b"
        settings.MODEL_DEADLINE_S = 60
        settings.MODEL_REQUESTS = 100
        yield model


def test_what_the_model_quotes_is_proposed(archive: Archive, model: FakeModel) -> None:
    told = archive.run(**ASKED)

    found = Change.objects.filter(plan_id=told["plan"])
    assert set(found.values_list("detector", "evidence_kind", "level")) == {
        ("model", "model quoted", "look")
    }
    assert SceneAnalysis.objects.count() == SCENES
    assert told["model"]["requests"] == len(model.requests) > 0
    assert told["model"]["tokens"] > 0


def test_without_a_model_one_is_told_which_setting_names_it(
    archive: Archive, settings: Settings
) -> None:
    settings.MODEL_URL = ""

    with pytest.raises(AnalysisStopped, match="MODEL_URL"):
        archive.run(**ASKED)


def test_an_outage_leaves_scenes_unanalysed_and_says_so(
    archive: Archive, model: FakeModel
) -> None:
    model.will(*[status(401)] * 100)

    with pytest.raises(AnalysisStopped, match="0 scenes were analysed before"):
        archive.run(**ASKED)

    assert not SceneAnalysis.objects.exists()
    assert not Change.objects.exists()


def test_a_budget_ends_the_run_and_is_kept_for_the_next_attempt(
    archive: Archive, model: FakeModel, settings: Settings
) -> None:
    settings.MODEL_REQUESTS = 1

    with pytest.raises(AnalysisStopped, match="limit of 1 requests"):
        archive.run(**ASKED)
    saved = archive.reporter.saved
    told = archive.run(reporter=PlainReporter(resume_from=saved), **ASKED)

    assert (len(model.requests), told["model"]["requests"]) == (1, 1)
    left = told["scenes"]["not answered by the model"]
    assert left == SCENES - SceneAnalysis.objects.count() > 0


def test_a_run_is_stopped_while_the_model_thinks(
    archive: Archive, model: FakeModel
) -> None:
    model.will(hangs)
    asked = threading.Event()

    def is_asked() -> bool:
        if model.requests:
            asked.set()
        return asked.is_set()

    with pytest.raises(Interrupted):
        archive.run(reporter=PlainReporter(stop_when=is_asked), **ASKED)

    assert not SceneAnalysis.objects.exists()
    assert not connection.in_atomic_block
