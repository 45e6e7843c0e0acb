"""What a plan made is offered for removal, and goes if nobody uses it."""

from typing import Any

import pytest

from syncapp.applying.apply import TRIES
from syncapp.applying.removals import take_away
from syncapp.applying.undo import make_undo
from syncapp.applying.undo_page import UndoRequest
from syncapp.demo.faults import Reply
from syncapp.models import Creation, Plan
from syncapp.models.keys import remote_id
from syncapp.stash.entity_removal import TAKE_AWAY, use_document
from syncapp.stash.errors import StashError
from tests.builders import NOON
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_creations import gives, make, wanted
from tests.mirror import PlainReporter

DOCUMENTS = {
    "tag": (
        "mutation TakeTagAway($input: TagDestroyInput!) { tagDestroy(input: $input) }"
    ),
    "performer": (
        "mutation TakePerformerAway($input: PerformerDestroyInput!) "
        "{ performerDestroy(input: $input) }"
    ),
    "studio": (
        "mutation TakeStudioAway($input: StudioDestroyInput!) "
        "{ studioDestroy(input: $input) }"
    ),
}


def made(bench: Bench, kind: str, name: str, **fields: Any) -> Creation:
    """Give the plan something that it made at the source."""
    number = bench.library.add(kind, name=name)
    values = {"state": "applied", "entity_id": bench.key(number), **fields}
    return Creation.objects.create(plan=bench.plan, kind=kind, name=name, **values)


def offered(bench: Bench) -> list[Creation]:
    """Undo the plan; return what it offers to take away, accepted."""
    result = make_undo(
        PlainReporter(), UndoRequest(bench.mirror.source.pk, bench.plan.pk)
    )
    if "plan" not in result:
        return []
    rows = Creation.objects.filter(plan_id=result["plan"], op="remove").order_by("id")
    rows.update(state="accepted", decided_at=NOON)
    return list(rows)


def taken_away(bench: Bench) -> dict[str, int]:
    plan = Plan.objects.get(undoes=bench.plan)
    with bench.client() as client:
        return take_away(PlainReporter(), client, plan.pk, wait_s=0.05)


def remote(row: Creation) -> int:
    return remote_id(row.entity_id or 0)


def test_the_documents_are_these() -> None:
    assert dict(TAKE_AWAY) == DOCUMENTS


def test_only_what_a_server_counts_is_asked_for() -> None:
    fields = frozenset({"Tag.scene_count", "Tag.children", "Studio.image_count"})
    assert use_document("tag", fields) == (
        "query UseOfTag($id: ID!) "
        "{ found: findTag(id: $id) { id scene_count children { id } } }"
    )


def test_what_was_made_is_offered_once(bench: Bench) -> None:
    made(bench, "tag", "Estuaries")
    made(bench, "studio", "Tideline Archive", was_there=True)
    made(bench, "performer", "Ida Quist", state="failed", entity_id=None)

    assert [(row.kind, row.name) for row in offered(bench)] == [("tag", "Estuaries")]
    assert offered(bench) == []


@pytest.mark.parametrize("kind", ["tag", "performer", "studio"])
def test_what_nobody_uses_goes(bench: Bench, kind: str) -> None:
    origin = made(bench, kind, "Estuaries")
    (row,) = offered(bench)

    assert taken_away(bench) == {"applied": 1}

    row.refresh_from_db()
    origin.refresh_from_db()
    assert bench.library.get(kind, remote(row)) is None
    assert (row.state, origin.state) == ("applied", "undone")
    assert row.written_at is not None


@pytest.mark.parametrize(
    ("kind", "field"),
    [("tag", "tags"), ("performer", "performers"), ("studio", "studio")],
)
def test_what_the_mirror_has_not_read_yet_is_taken_back_and_goes(
    bench: Bench, kind: str, field: str
) -> None:
    before = bench.scene(3)[field]
    creation = wanted(bench, kind, "Estuaries")
    gives(bench, 3, field, creation)
    assert make(bench) == {"applied": 1}
    assert bench.apply() == {"applied": 1}
    (row,) = offered(bench)
    plan = Plan.objects.get(undoes=bench.plan)
    plan.changes.update(state="accepted", decided_at=NOON)

    assert bench.apply(plan=plan, takes_back=True) == {"applied": 1}
    assert taken_away(bench) == {"applied": 1}
    assert bench.scene(3)[field] == before
    assert bench.library.get(kind, remote(row)) is None


def test_what_somebody_uses_stays_and_says_by_whom(bench: Bench) -> None:
    origin = made(bench, "tag", "Estuaries")
    (row,) = offered(bench)
    for number in (3, 4):
        bench.library.edit("scene", number, tags=[remote(row)])
    bench.library.edit("tag", 1, parents=[remote(row)])

    assert taken_away(bench) == {"conflict": 1}

    row.refresh_from_db()
    origin.refresh_from_db()
    assert row.objection.startswith("It is used by 2 scenes and 1 tag below it, so")
    assert bench.library.get("tag", remote(row)) is not None
    assert (row.state, origin.state) == ("conflict", "applied")


def test_what_is_gone_is_skipped(bench: Bench) -> None:
    made(bench, "tag", "Estuaries")
    (row,) = offered(bench)
    bench.library.delete("tag", remote(row))

    assert taken_away(bench) == {"skipped": 1}


def test_what_was_not_accepted_stays(bench: Bench) -> None:
    made(bench, "tag", "Estuaries")
    (row,) = offered(bench)
    Creation.objects.filter(pk=row.pk).update(state="proposed")

    assert taken_away(bench) == {}
    assert bench.library.get("tag", remote(row)) is not None


def test_a_lost_answer_is_read_and_what_did_not_land_is_sent_again(
    bench: Bench,
) -> None:
    for name in ("Estuaries", "Fens"):
        made(bench, "tag", name)
    landed, cut = offered(bench)
    bench.faults.drop(root="tagDestroy", sent=5)
    bench.faults.status(503, root="tagDestroy")

    assert taken_away(bench) == {"applied": 2}

    for row in (landed, cut):
        row.refresh_from_db()
        assert row.state == "applied"
        assert bench.library.get("tag", remote(row)) is None


def test_what_never_lands_fails_and_the_others_go(bench: Bench) -> None:
    for name in ("Estuaries", "Fens"):
        made(bench, "tag", name)
    never, _ = offered(bench)
    bench.faults.status(503, root="tagDestroy", times=TRIES)
    assert taken_away(bench) == {"failed": 1, "applied": 1}
    never.refresh_from_db()
    assert (never.state, "It was tried 3 times" in never.objection) == ("failed", True)
    assert bench.library.get("tag", remote(never)) is not None


def test_what_is_used_since_its_answer_was_lost_stays(bench: Bench) -> None:
    made(bench, "tag", "Estuaries")
    (row,) = offered(bench)
    tags = bench.scene(3)["tags"]

    def used(_: Any) -> bool:
        bench.library.edit("scene", 3, tags=[*tags, remote(row)])
        return True

    bench.faults.status(503, root="tagDestroy", where=used)

    assert taken_away(bench) == {"conflict": 1}

    row.refresh_from_db()
    assert (row.state, "used by 1 scene" in row.objection) == ("conflict", True)


def test_a_source_that_is_away_leaves_it_in_writing_for_the_next_run(
    bench: Bench,
) -> None:
    made(bench, "tag", "Estuaries")
    (row,) = offered(bench)
    bench.faults.status(503, root="tagDestroy", landed=True)
    bench.faults.order(Reply(503), root="findTag", skip=1, times=99)

    with pytest.raises(StashError):
        taken_away(bench)
    row.refresh_from_db()
    assert row.state == "writing"

    bench.faults.clear()
    assert taken_away(bench) == {"applied": 1}
