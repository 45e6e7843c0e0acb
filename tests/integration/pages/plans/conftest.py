"""A plan with a change, who looks at it, and what its page shows."""

import re
from typing import Any

import pytest
from django.test import AsyncClient, Client

from syncapp.models import Source, Studio, Tag
from tests.builders import make_person, make_scene
from tests.plan_builders import make_change, make_plan

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202egnp"
PATH = "/films/Tideline Films/reel 9.mkv"
MARKED = "/films/<mark>Tideline Films</mark>/reel 9.mkv"
FACET = re.compile(r'<bdi>([^<]*)</bdi> <span class="number">([0-9,]+)</span></a>')


@pytest.fixture
def site(operator: AsyncClient, client: Client) -> Client:
    """Give the browser of somebody who may run jobs."""
    client.cookies = operator.cookies
    return client


@pytest.fixture
def looker(reader: AsyncClient, client: Client) -> Client:
    """Give the browser of somebody who may look, and no more."""
    client.cookies = reader.cookies
    return client


@pytest.fixture
def writer(transactional_db: None, client: Client) -> Client:
    """Give the browser of somebody who may decide and write to Stash."""
    person = make_person("eva", "jobs.run_job", "syncapp.apply_plan")
    client.force_login(person)
    return client


@pytest.fixture
def scene(source: Source) -> Any:
    """Give a scene of which nothing is known but its path."""
    return make_scene(source, 9, "", path=PATH)


@pytest.fixture
def studio(source: Source) -> Any:
    return Studio.objects.get(name="Tideline Films")


@pytest.fixture
def plan(source: Source, scene: Any, studio: Any) -> Any:
    """Give a plan of one scene: a studio by its folder, and a tag."""
    plan = make_plan(source)
    make_change(
        *(plan, scene, "studio", studio),
        spans=[["path", 7, 21]],
        level="certain",
        confidence=0.995,
    )
    make_change(plan, scene, "tags", Tag.objects.get(name="Sea"), detector="tags")
    return plan


def page(site: Client, plan: Any, **asked: Any) -> str:
    response = site.get(f"/plans/{plan.pk}/", asked)
    assert response.status_code == 200, response.content
    html = response.content.decode()
    return re.sub(r"\s*\n\s*", "", html)


def facets(html: str) -> dict[str, str]:
    return dict(FACET.findall(html))
