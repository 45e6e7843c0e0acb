"""The forecast of many changes says what the judge says of each."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.applying.dry_run import foreseen_scenes
from syncapp.applying.forecast import forecast
from syncapp.models import Change, Creation, Source, Studio, Tag
from tests.builders import NOON, make_library, make_scene, make_source, make_studio
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)
ACCEPTED = {"state": "accepted"}
# Field, what the scene holds, what replaces what: and what comes of it.
TEXTS = [
    ("title", "Reel", "Reel", "Dunes", "write"),
    ("title", "Dunes", "Reel", "Dunes", "skip"),
    ("title", "DUNES", "Reel", "Dunes", "conflict"),
    ("title", "Dunes", "Reel", " \u2003\nDunes\x85\t", "skip"),
    ("title", "Reel", "\u00a0Reel ", "Dunes", "write"),
    ("title", " Dunes", "Reel", "Dunes", "conflict"),
    ("title", "It's 5 % _", "", "It's 5 % _", "skip"),
    ("details", "Of the sea.", "Of the sea.", "", "write"),
    ("details", "", "Of the sea.", "", "skip"),
    ("date", "2011-04-30", "", "2011-04-30", "skip"),
    ("date", "2011-04-30", "", "2012-04-30", "conflict"),
    ("rating", None, "", "80", "write"),
    ("rating", 80, "", "80", "skip"),
    ("rating", 80, "40", "", "conflict"),
    ("rating", None, "40", "", "skip"),
    ("organized", False, "false", "true", "write"),
    ("organized", True, "false", "true", "skip"),
    ("organized", False, "", "true", "write"),
    ("organized", True, "true", "", "write"),
]
COLUMNS = {"rating": "rating100"}


@pytest.fixture
def source(transactional_db: None) -> Source:
    source = make_source(version="v0.28.1")
    make_library(source)
    return source


def judged(plan: Any) -> dict[str, int]:
    """Return what comes of a plan by the judge of each change."""
    found: Counter[str] = Counter()
    for scene in foreseen_scenes(plan.pk):
        found.update(scene.verdicts)
    return dict(found)


@pytest.mark.parametrize(("field", "held", "before", "value", "verdict"), TEXTS)
def test_a_text_is_compared_as_it_is_written(
    field: str, held: Any, before: str, value: str, verdict: str, source: Source
) -> None:
    plan = make_plan(source)
    columns = {"title": "Reel", COLUMNS.get(field, field): held}
    scene = make_scene(source, 31, **columns)
    make_change(plan, scene, field, value, before=before, **ACCEPTED)

    assert forecast(Change.objects.filter(plan=plan)) == {verdict: 1} == judged(plan)


def test_of_entities_and_of_what_is_gone_it_says_the_same(source: Source) -> None:
    plan = make_plan(source)
    one, two = Studio.objects.order_by("id")[:2]
    three = make_studio(source, 9, "Berg Films")
    tag, other = Tag.objects.order_by("id")[:2]
    made = {"kind": "tag", "state": "accepted", "decided_at": NOON}
    creation = Creation.objects.create(plan=plan, name="Harbour", **made)
    studio_to_come = Creation.objects.create(
        plan=plan, name="Berg", **{**made, "kind": "studio"}
    )
    scene = make_scene(source, 31, "Reel", studio=one, tags=[tag])
    bare = make_scene(source, 32, "Reel 2")
    gone = make_scene(source, 33, "Reel 3", deleted_at=NOON)
    sets = {"before_id": one.pk, **ACCEPTED}
    make_change(plan, scene, "studio", two, **sets)  # write
    make_change(plan, scene, "studio", one, before_id=two.pk, **ACCEPTED)  # skip
    make_change(
        plan, scene, "studio", two, before_id=three.pk, value_key="x", **ACCEPTED
    )
    make_change(plan, scene, "studio", "Berg", creation=studio_to_come, **sets)  # write
    make_change(plan, bare, "studio", "Berg", creation=studio_to_come, **ACCEPTED)
    make_change(plan, bare, "studio", "", **sets)  # skip
    make_change(plan, scene, "tags", tag, **ACCEPTED)  # skip
    make_change(plan, scene, "tags", other, **ACCEPTED)  # write
    make_change(plan, scene, "tags", "Harbour", creation=creation, **ACCEPTED)  # write
    make_change(plan, bare, "tags", tag, op="remove", **ACCEPTED)  # skip
    make_change(plan, scene, "tags", tag, op="remove", **ACCEPTED)  # write
    make_change(plan, gone, "title", "Dunes", before="Reel 3", **ACCEPTED)

    with CaptureQueriesContext(connection) as sent:
        found = forecast(Change.objects.filter(plan=plan))

    assert len(sent) == 1
    assert found == judged(plan)
    assert found == {"write": 6, "skip": 4, "conflict": 1, "gone": 1}
