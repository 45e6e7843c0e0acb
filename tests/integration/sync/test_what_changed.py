"""What came, changed, went and came back, of all four kinds, and by which job."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.filters.changes import parse_change_filter
from syncapp.models import MIRRORED, ChangeSet, HistoryEntry, Scene, Tag
from syncapp.queries import ChangeGroup, ChangesPage, list_changes
from tests.mirror import Mirror, PlainReporter

pytestmark = pytest.mark.django_db
KINDS = ("scene", "performer", "tag", "studio")
COUNTED = {"new": "came", "changed": "changed", "gone": "went", "revived": "back"}


def pull(mirror: Mirror, job_id: int, **options: Any) -> dict[str, dict[str, int]]:
    """Sync as a job of this number; returns its figures of what it did."""
    reporter = PlainReporter(job_id=job_id)
    result = mirror.quick(reporter=reporter, accept_deletions=True, **options)
    return {
        name: {COUNTED[what]: n for what, n in told.items() if what in COUNTED and n}
        for name, told in result["streams"].items()
    }


def page_of(**asked: str | int) -> ChangesPage:
    return list_changes(parse_change_filter({k: [str(v)] for k, v in asked.items()}))


def groups_of(page: ChangesPage) -> list[ChangeGroup]:
    return [group for day in page.days for job in day.jobs for group in job.groups]


def shown(job_id: int) -> dict[str, dict[str, int]]:
    """Return what the page tells of a job, in the form of its figures."""
    told: dict[str, dict[str, int]] = {f"{kind}s": {} for kind in KINDS}
    for group in groups_of(page_of(job=job_id)):
        told[group.key.stream][group.key.what] = group.found.number
    return told


def test_a_first_load_came_and_writes_no_history(mirror: Mirror) -> None:
    told = pull(mirror, 7)

    assert HistoryEntry.objects.count() == 0
    assert told["scenes"] == {"came": 400}
    assert shown(7) == told
    for model in MIRRORED:
        rows = model.objects.filter(first_seen_job=7, first_seen_at__isnull=False)
        assert rows.count() == model.objects.count()


def test_numbers_of_each_job_are_those_of_the_page(mirror: Mirror) -> None:
    library = mirror.demo.library
    pull(mirror, 7)
    for kind in KINDS:
        library.edit(kind, 3, **({"title" if kind == "scene" else "name": "Tides"}))
        library.delete(kind, 5)
        library.add(kind, **({"title" if kind == "scene" else "name": "Mudflats"}))
    told = pull(mirror, 8)

    for name in ("scenes", "performers", "tags", "studios"):
        assert told[name]["came"] == told[name]["went"] == 1
        assert told[name]["changed"] >= 1
    assert shown(8) == told
    assert shown(7)["scenes"] == {"came": 400}


def test_what_came_back_keeps_when_it_came_first(mirror: Mirror) -> None:
    pull(mirror, 7)
    before = dict(Tag.objects.values_list("id", "first_seen_at"))
    for model in MIRRORED:
        gone = model.objects.filter(remote_id=4)
        gone.update(deleted_at="2026-01-01T00:00:00Z", deleted_by_job=6)

    told = pull(mirror, 9, force_index=True)

    assert {name: counts["back"] for name, counts in told.items()} == {
        f"{kind}s": 1 for kind in KINDS
    }
    assert shown(9) == told
    assert dict(Tag.objects.values_list("id", "first_seen_at")) == before
    for model in MIRRORED:
        row = model.objects.get(remote_id=4)
        assert (row.deleted_at, row.deleted_by_job) == (None, None)
        assert (row.first_seen_job, row.changed_by_job) == (7, 9)


def test_what_went_is_told_even_when_it_is_back(mirror: Mirror) -> None:
    pull(mirror, 7)
    mirror.demo.library.delete("scene", 5)
    pull(mirror, 8)
    row = Scene.objects.get(remote_id=5)
    assert (row.deleted_by_job, row.first_seen_job) == (8, 7)
    row.deleted_at = row.deleted_by_job = None
    row.save(update_fields=["deleted_at", "deleted_by_job"])

    (group,) = groups_of(page_of(job=8, stream="scenes", what="went"))

    assert [changed.row_id for changed in group.rows] == [row.pk]


def test_changes_of_entities_are_told_in_words(mirror: Mirror) -> None:
    library = mirror.demo.library
    pull(mirror, 7)
    old = {kind: library.get(kind, 2)["name"] for kind in ("tag", "studio")}
    library.edit("tag", 2, name="Mudflats")
    library.edit("studio", 2, parent_studio=None, rating100=41)
    library.edit("studio", 3, name="Tideline")
    library.edit("studio", 2, parent_studio=3)
    pull(mirror, 8)

    (tag,) = groups_of(page_of(job=8, stream="tags", what="changed"))
    (studios,) = groups_of(page_of(job=8, stream="studios", what="changed"))

    (row,) = (row for row in tag.rows if row.name == "Mudflats")
    assert [(f.label, f.before, f.after) for f in row.changes[0]] == [
        ("name", (old["tag"],), ("Mudflats",))
    ]
    (row,) = (row for row in studios.rows if row.name == old["studio"])
    fields = {field.label: field.after for field in row.changes[0]}
    assert (fields["parent"], fields["rating"]) == (("Tideline",), ("41",))


def test_a_sync_that_changes_nothing_leaves_nothing(mirror: Mirror) -> None:
    pull(mirror, 7)

    pull(mirror, 8, force_index=True)

    assert list(ChangeSet.objects.values_list("job_id", flat=True)) == [7]
    assert groups_of(page_of(job=8)) == []


def test_a_job_is_noted_once_and_no_page_pays_for_it(mirror: Mirror) -> None:
    with CaptureQueriesContext(connection) as statements:
        pull(mirror, 7)

    noting = [s for s in statements if "changeset" in s["sql"]]
    assert len(noting) == 1
    assert not any("historyentry" in each["sql"] for each in statements)
    at = ChangeSet.objects.get().at
    mirror.demo.library.edit("scene", 5, code="R-5")
    pull(mirror, 7)  # another attempt of the same job
    assert ChangeSet.objects.get().at == at


def test_the_newest_job_comes_first_and_pages_follow(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull(mirror, 7)
    for job_id in (8, 9, 10):
        mirror.demo.library.edit("scene", job_id, code=f"R-{job_id}")
        pull(mirror, job_id)
    monkeypatch.setattr("syncapp.queries.changes.SETS", 3)

    first = list_changes(parse_change_filter({}))
    second = list_changes(parse_change_filter({}), after=first.next)

    seen = [
        job.job.job_id
        for page in (first, second)
        for day in page.days
        for job in day.jobs
    ]
    assert seen == [10, 9, 8, 7]
    assert second.next == ""


def test_rows_of_a_large_group_come_in_pages(mirror: Mirror) -> None:
    pull(mirror, 7)
    parsed = parse_change_filter({"job": ["7"], "stream": ["scenes"], "what": ["came"]})
    (line,) = groups_of(page_of(job=7, stream="scenes"))
    assert (line.words, line.rows) == ("400 scenes came", ())

    seen: list[int] = []
    after = "0"
    while after:
        page = list_changes(parsed, after=after)
        seen += [row.row_id for row in groups_of(page)[0].rows]
        after = page.next

    assert seen == sorted(Scene.objects.values_list("id", flat=True))
