"""500 scenes are changed while somebody else works on the same library."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Change, Source
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_undo import accept_all, undo_plan
from tests.mirror import Mirror
from tests.plan_builders import make_plan

pytestmark = pytest.mark.timeout(400)
SCENES, TAGS = 500, 60
GIVEN = 40  # tags that the plan gives, one to each scene


@pytest.fixture
def films(transactional_db: None) -> Iterator[Bench]:
    """Give a plan with a title and a tag for each of 500 scenes, accepted."""
    library = Library(seed=3, scenes=SCENES, tags=TAGS, performers=4, studios=3)
    with DemoServer(library, port=0, api_key="") as demo:
        source = Source.objects.create(name="Films", url=demo.url, read_only=False)
        mirror = Mirror(demo, source)
        mirror.full()
        bench = Bench(mirror, make_plan(source))
        for number in range(1, SCENES + 1):
            bench.accept(number, "title", f"Reel {number}")
            if tag_of(number) not in bench.scene(number)["tags"]:
                bench.accept(number, "tags", tag_of(number))
        yield bench


def tag_of(number: int) -> int:
    return number % GIVEN + 1


def interfere(films: Bench, *, first: int, tag: int, last: int) -> dict[int, str]:
    """Edit 50 scenes, delete 5, merge 5 tags and rename 5; returns whose titles."""
    library = films.library
    edited = range(first, first + 25)
    for number in edited:
        library.edit("scene", number, title=f"Theirs {number}")
    for number in range(first + 25, first + 50):
        library.edit("scene", number, details=f"Theirs {number}")
    for number in range(last - 4, last + 1):
        library.delete("scene", number)
    library.merge_tags(range(tag, tag + 5), TAGS)
    for number in range(tag + 5, tag + 10):
        library.edit("tag", number, name=f"Called anew {number}")
    return {number: f"Theirs {number}" for number in edited}


def ends(plan: Any, field: str) -> dict[int, str]:
    """Return the states of a field's changes by the scene's number."""
    rows = Change.objects.filter(plan=plan, field=field)
    return {change.remote_id: change.state for change in rows}


def test_nothing_of_theirs_is_lost_by_an_apply_nor_by_its_undo(films: Bench) -> None:
    titles = {n: films.scene(n)["title"] for n in range(1, SCENES + 1)}
    theirs = interfere(films, first=1, tag=1, last=500)
    films.mirror.demo.mutations.clear()

    films.apply()

    check_apply(films, titles, theirs)
    films.mirror.full()
    later = interfere(films, first=51, tag=11, last=495)
    films.mirror.full()
    taking_back = undo_plan(films, films.plan)
    accept_all(taking_back)
    films.apply(plan=taking_back, takes_back=True)

    ended, gone = ends(taking_back, "title"), range(491, 496)
    assert set(ended) == set(titles) - set(theirs) - set(range(496, 501))
    assert ended == dict.fromkeys(ended, "applied") | {
        **dict.fromkeys(later, "conflict"),
        **dict.fromkeys(gone, "failed"),
    }
    given = ends(films.plan, "tags")
    for number in range(1, 491):
        scene = films.scene(number)
        assert scene["title"] == {**titles, **theirs, **later}[number]
        if 26 <= number <= 50 or 76 <= number <= 100:
            assert scene["details"] == f"Theirs {number}"
        if number in given and tag_of(number) > 15:  # the others were merged
            assert tag_of(number) not in scene["tags"]


def check_apply(films: Bench, titles: dict[int, str], theirs: dict[int, str]) -> None:
    """Assert that what could be written was, once, and the rest tells why not."""
    gone = range(496, 501)
    expected = dict.fromkeys(titles, "applied") | dict.fromkeys(theirs, "conflict")
    assert ends(films.plan, "title") == expected | dict.fromkeys(gone, "failed")
    for number, state in ends(films.plan, "tags").items():
        is_lost = number in gone or tag_of(number) <= 5
        assert state == ("failed" if is_lost else "applied"), number
    changes = Change.objects.filter(plan=films.plan)
    failed = changes.filter(state="failed")
    for told in failed.values_list("objection", flat=True):
        assert "is no longer" in told
    found = changes.filter(state="conflict").values_list("image_found", flat=True)
    assert {image["is"] for image in found if image} == set(theirs.values())
    written = films.mirror.demo.mutations.changes()
    assert {one.operation for one in written} == {"WriteScene"}
    sent = Counter(number for one in written for number in one.scenes)
    assert sent == Counter({c.remote_id for c in changes.filter(state="applied")})
    assert all(films.scene(n)["title"] == title for n, title in theirs.items())
    assert all(films.scene(n)["details"] == f"Theirs {n}" for n in range(26, 51))
