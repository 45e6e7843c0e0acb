"""What a sync changed in a scene is kept, set by set, and only that."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.models import HistoryEntry, Scene
from syncapp.queries import ChangeLine, row_history
from syncapp.queries.history import SHOWN
from syncapp.sync.field_diff import LONGEST
from syncapp.sync.purge import purge
from tests.mirror import Interrupted, Mirror, PlainReporter

pytestmark = pytest.mark.django_db


def changes_of(number: int) -> list[dict[str, Any]]:
    """Return what changed in a scene, the newest first."""
    rows = HistoryEntry.objects.filter(stream="scenes", row_id=row_of(number))
    return list(rows.order_by("-at").values_list("changes", flat=True))


def row_of(number: int) -> int:
    key: int = Scene.objects.get(remote_id=number).pk
    return key


def lines_of(number: int) -> tuple[ChangeLine, ...]:
    return row_history("scenes", row_of(number)).lines


def test_first_load_has_no_history_and_asks_for_none(mirror: Mirror) -> None:
    mirror.quick("tags", "studios", "performers")

    with CaptureQueriesContext(connection) as statements:
        mirror.quick("scenes")

    assert HistoryEntry.objects.count() == 0
    assert not any("historyentry" in each["sql"] for each in statements)


def test_edit_is_kept_with_both_values(mirror: Mirror) -> None:
    mirror.quick()
    before = mirror.demo.library.get("scene", 5)
    tags = sorted(tag for tag in before["tags"])
    mirror.demo.library.edit("scene", 5, title="Tides", rating100=80, tags=[1])

    mirror.quick(reporter=PlainReporter(job_id=77))

    (found,) = changes_of(5)
    assert found["title"] == [before["title"], "Tides"]
    assert found["rating100"] == [before["rating100"], 80]
    low = Scene.objects.get(remote_id=5).pk - 5
    went = [low + tag for tag in tags if tag != 1]
    came = [] if 1 in tags else [low + 1]
    assert found["tags"] == [went, came]
    assert set(found) == {"title", "rating100", "tags"}
    line = lines_of(5)[0]
    assert line.by is not None
    assert line.by.job_id == 77


def test_history_costs_no_query_per_scene(mirror: Mirror) -> None:
    mirror.quick()
    for number in range(1, 201):
        mirror.demo.library.edit("scene", number, code=f"R-{number}")

    with CaptureQueriesContext(connection) as statements:
        mirror.quick("scenes")

    assert HistoryEntry.objects.count() == 200
    assert len([s for s in statements if "historyentry" in s["sql"]]) <= 1
    assert len(statements) <= 40


def test_all_changes_are_kept_and_the_last_ones_shown(mirror: Mirror) -> None:
    mirror.quick()
    for number in range(SHOWN + 3):
        mirror.demo.library.edit("scene", 5, code=f"R-{number}")
        mirror.scenes(5)

    found, history = changes_of(5), row_history("scenes", row_of(5))
    assert len(found) == SHOWN + 3
    assert found[0]["code"][1] == f"R-{SHOWN + 2}"
    assert (len(history.lines), history.more) == (SHOWN, True)
    assert history.lines[0].fields[0].after == (f"R-{SHOWN + 2}",)


def test_removal_and_return_are_kept(mirror: Mirror) -> None:
    mirror.quick()
    Scene.objects.filter(remote_id=6).update(deleted_at="2026-01-01T00:00:00Z")
    mirror.demo.library.delete("scene", 5)

    mirror.quick()

    assert changes_of(5) == changes_of(6) == [{}]
    told = [(line.what, line.fields) for line in (*lines_of(5), *lines_of(6))]
    assert told == [("went", ()), ("back", ())]


def test_links_are_told_by_their_present_names(mirror: Mirror) -> None:
    library = mirror.demo.library
    library.edit("scene", 5, tags=[1], studio=1, performers=[1])
    mirror.quick()
    library.edit("scene", 5, tags=[2], studio=None, performers=[1, 2])
    mirror.quick()
    library.edit("tag", 2, name="Mudflats")
    mirror.quick()

    (line,) = lines_of(5)

    fields = {field.label: (field.before, field.after) for field in line.fields}
    assert fields["tags"] == ((library.get("tag", 1)["name"],), ("Mudflats",))
    assert fields["studio"] == ((library.get("studio", 1)["name"],), ())
    assert fields["performers"] == ((), (library.get("performer", 2)["name"],))


def test_files_are_told_by_their_paths(mirror: Mirror) -> None:
    library = mirror.demo.library
    mirror.quick()
    scene = next(s for s in library.records("scene") if s["files"])
    path = scene["files"][0]["path"]
    library.edit("scene", scene["id"], files=[])

    mirror.quick()

    assert changes_of(scene["id"])[0]["files"][0][0] == path


def test_long_texts_are_told_by_their_beginning(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.edit("scene", 5, details="Sand. " * 1_000)

    mirror.quick()

    told = changes_of(5)[0]["details"][1]
    assert (len(told), told[-1]) == (LONGEST + 1, "…")


def test_purge_takes_the_history_along(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.delete("scene", 5)
    mirror.demo.library.delete("studio", 2)
    mirror.quick("scenes", "studios", accept_deletions=True)
    HistoryEntry.objects.filter(what="changed").delete()  # of what linked to it
    deleted_at = Scene.objects.get(remote_id=5).deleted_at
    assert HistoryEntry.objects.count() == 2

    purge(PlainReporter(), mirror.source.pk, deleted_at.replace(year=9_000))

    assert HistoryEntry.objects.count() == 0


def test_costs_of_each_stream_are_measured(mirror: Mirror) -> None:
    result = mirror.full()

    assert set(result["costs"]) == set(result["streams"])
    for cost in result["costs"].values():
        assert set(cost) == {"requests", "bytes", "fetch_s", "decode_s", "write_s"}
        assert cost["requests"] > 0
        assert cost["bytes"] > 0
        assert cost["fetch_s"] > 0
    asked = sum(cost["requests"] for cost in result["costs"].values())
    assert asked == len(mirror.demo.requests) - 1  # the handshake is no stream's
    assert result["costs"]["scenes"]["write_s"] > 0


def test_costs_go_on_with_a_resumed_sync(mirror: Mirror) -> None:
    stopped = PlainReporter(stop_after_commits=7)
    with pytest.raises(Interrupted):
        mirror.full(reporter=stopped)
    assert stopped.saved is not None
    before = stopped.saved["costs"]["tags"]

    result = mirror.full(reporter=PlainReporter(resume_from=stopped.saved))

    assert result["costs"]["tags"]["bytes"] >= before["bytes"] > 0
