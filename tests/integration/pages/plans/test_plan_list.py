"""Plans are listed."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from syncapp import queries
from syncapp.models import Source, Tag
from syncapp.queries import plans
from tests.builders import make_person, make_source
from tests.plan_builders import make_plan

pytestmark = pytest.mark.django_db(transaction=True)


def test_before_the_first_plan_the_list_says_what_a_plan_is(site: Client) -> None:
    html = site.get("/plans/").content.decode()

    assert "A plan is a list of changes that an analysis proposes" in html
    assert 'href="/scenes/"' in html
    assert 'aria-current="page">Plans</a>' in html


def test_the_list_tells_of_each_plan_what_it_is(
    site: Client, source: Source, plan: Any
) -> None:
    person, sea = make_person("ida"), Tag.objects.get(name="Sea")
    job = Job.objects.create(
        kind="analysis.run",
        title="Analysis of 9 scenes",
        params={},
        status="succeeded",
        trigger="button",
        max_attempts=3,
    )
    make_plan(
        *(source, "Nightly"),
        scope="filter",
        query=f"tag={sea.pk}&none=studio",
        by=person,
        job_id=job.pk,
    )

    html = site.get("/plans/").content.decode()

    assert html.index("Nightly") < html.index("Analysis of 3 scenes")
    assert '<span class="chip"><bdi>tag: Sea</bdi></span>' in html
    assert '<span class="chip"><bdi>no studio</bdi></span>' in html
    assert '<span class="sub">chosen scenes</span>' in html
    assert f'by <bdi>ida</bdi>, <a href="/jobs/{job.pk}/">job {job.pk}</a>' in html
    assert '<span class="number">2</span> proposed' in html
    assert f'href="/plans/{plan.pk}/"' in html


def test_the_list_is_of_one_source_and_goes_on(
    site: Client, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "PLANS", 1)
    other = make_source("Attic")
    make_plan(source, "First")
    make_plan(other, "Other")
    make_plan(source, "Second")

    html = site.get("/plans/", {"source": source.pk}).content.decode()
    (more,) = re.findall(r'rel="next" href="\?([^"]*)"', html)
    behind = site.get(f"/plans/?{more.replace('&amp;', '&')}").content.decode()

    assert "Second" in html
    assert "Other" not in html
    assert "First" in behind
    assert 'rel="next"' not in behind
    assert "No older plans" in site.get("/plans/?after=1").content.decode()
    assert "No plan yet of this source" in site.get("/plans/?source=x").content.decode()


def test_the_list_takes_as_many_queries_however_many_plans(source: Source) -> None:
    sea = Tag.objects.get(name="Sea")

    def queries_of() -> int:
        with CaptureQueriesContext(connection) as sent:
            queries.plans_overview()
        return len(sent)

    make_plan(source, scope="filter", query=f"tag={sea.pk}")
    few = queries_of()
    for number in range(5):
        make_plan(source, str(number), scope="filter", query=f"no_tag={sea.pk}")

    assert few == queries_of() <= 7
