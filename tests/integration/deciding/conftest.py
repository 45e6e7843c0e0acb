"""A plan over five scenes, and two people who decide it."""

from typing import Any

import pytest

from syncapp.models import Source, Studio, Tag
from tests.builders import make_library, make_person, make_scene, make_source
from tests.plan_builders import make_change, make_plan


@pytest.fixture
def source(transactional_db: None) -> Source:
    source = make_source(version="v0.28.1")
    make_library(source)
    return source


@pytest.fixture
def ada(transactional_db: None) -> Any:
    return make_person("ada", "jobs.run_job")


@pytest.fixture
def noor(transactional_db: None) -> Any:
    return make_person("noor", "jobs.run_job")


@pytest.fixture
def plan(source: Source) -> Any:
    """Give a plan of five scenes, each with a studio and a tag to add."""
    plan = make_plan(source)
    studio, tag = Studio.objects.earliest("id"), Tag.objects.get(name="Sea")
    for number in range(11, 16):
        scene = make_scene(source, number, f"Reel {number}")
        make_change(plan, scene, "studio", studio, level="certain", cause="a folder")
        make_change(plan, scene, "tags", tag)
    return plan


@pytest.fixture
def choice(source: Source, plan: Any) -> tuple[Any, Any]:
    """Give two studios of one scene, of which one can be true."""
    first, second = Studio.objects.order_by("id")[:2]
    scene = make_scene(source, 21, "Reel 21")
    return (
        make_change(plan, scene, "studio", first, choice="which", level="certain"),
        make_change(plan, scene, "studio", second, choice="which", level="look"),
    )
