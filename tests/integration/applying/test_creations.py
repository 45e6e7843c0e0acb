"""What changes name and the source lacks is made first: once, and never blindly."""

from typing import Any

import pytest

from syncapp.applying.creations import make_missing
from syncapp.models import Change, Creation
from syncapp.stash.errors import StashBusy, StashError
from tests.builders import NOON
from tests.integration.applying.conftest import Bench, Row
from tests.mirror import PlainReporter
from tests.plan_builders import make_change

ROOTS = {"tag": "tagCreate", "performer": "performerCreate", "studio": "studioCreate"}


def wanted(bench: Bench, kind: str, name: str, **fields: Any) -> Creation:
    values = {"state": "accepted", "decided_at": NOON, **fields}
    made: Creation = Creation.objects.create(
        plan=bench.plan, kind=kind, name=name, **values
    )
    return made


def gives(bench: Bench, number: int, field: str, creation: Creation) -> Change:
    """Accept that a scene is given what is to be made."""
    fields = {"creation": creation, "state": "accepted", "cause": creation.name}
    row = Row(bench.key(number))
    if field == "studio" and (studio := bench.scene(number)["studio"]):
        fields["before_id"] = bench.key(studio)
    change: Change = make_change(bench.plan, row, field, creation.name, **fields)
    return change


def make(bench: Bench, **options: Any) -> dict[str, int]:
    with bench.client() as client:
        return make_missing(
            PlainReporter(), client, bench.plan.pk, wait_s=0.05, busy_s=0.01, **options
        )


def named(bench: Bench, kind: str, name: str) -> list[int]:
    return [each["id"] for each in bench.library.records(kind) if each["name"] == name]


def state_of(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


@pytest.mark.parametrize(
    ("kind", "field"),
    [("tag", "tags"), ("performer", "performers"), ("studio", "studio")],
)
def test_what_is_missing_is_made_and_given_to_its_scenes(
    bench: Bench, kind: str, field: str
) -> None:
    creation = wanted(bench, kind, "Night dives")
    changes = [gives(bench, number, field, creation) for number in (3, 4)]

    assert make(bench) == {"applied": 1}
    assert bench.apply() == {"applied": 2}

    (made,) = named(bench, kind, "Night dives")
    creation.refresh_from_db()
    assert (creation.entity_id, creation.was_there) == (bench.key(made), False)
    assert [state_of(change) for change in changes] == ["applied", "applied"]
    assert {change.value_key for change in changes} == {str(bench.key(made))}
    for number in (3, 4):
        held = bench.scene(number)[field]
        assert made == held if field == "studio" else made in held


def test_what_is_there_by_name_or_alias_is_taken_and_not_made(bench: Bench) -> None:
    by_name = bench.library.add("tag", name="Night Dives")
    by_alias = bench.library.add("tag", name="Reefs", aliases=["Coral reefs"])
    tags = [wanted(bench, "tag", name) for name in ("night dives", "coral reefs")]

    assert make(bench) == {"skipped": 2}
    for creation, number in zip(tags, (by_name, by_alias), strict=True):
        creation.refresh_from_db()
        assert (creation.entity_id, creation.was_there) == (bench.key(number), True)


def test_letters_that_a_server_reads_as_any_take_no_other_name(bench: Bench) -> None:
    bench.library.add("performer", name="Ida xBerg")
    bench.library.add("performer", name="IDA ÉBERG")
    wild, accented = (
        wanted(bench, "performer", name) for name in ("Ida _Berg", "Ida éberg")
    )

    make(bench)

    assert "already exists" in _objection(wild)  # an old server takes it for the other
    assert state_of(accented) == "applied"
    assert len(named(bench, "performer", "Ida éberg")) == 1


def _objection(creation: Creation) -> str:
    assert state_of(creation) == "failed"
    return creation.objection


def test_one_of_several_people_of_a_name_is_never_guessed(bench: Bench) -> None:
    for apart in ("painter", "diver"):
        bench.library.add("performer", name="Ida Berg", disambiguation=apart)
    creation = wanted(bench, "performer", "Ida Berg")
    change = gives(bench, 3, "performers", creation)

    assert make(bench) == {"failed": 1}
    assert "has several" in _objection(creation)
    assert state_of(change) == "failed"
    assert "“Ida Berg” was not made" in change.objection
    assert bench.apply() == {}


def test_the_one_whom_nothing_tells_apart_is_called_by_the_bare_name(
    bench: Bench,
) -> None:
    bench.library.add("performer", name="Ida Berg", disambiguation="painter")
    plain = bench.library.add("performer", name="Ida Berg")
    creation = wanted(bench, "performer", "Ida Berg")

    assert make(bench) == {"skipped": 1}
    creation.refresh_from_db()
    assert creation.entity_id == bench.key(plain)


def test_what_stash_refuses_fails_with_its_reason_and_so_do_its_changes(
    bench: Bench,
) -> None:
    creation = wanted(bench, "tag", "Night dives")
    change, other = gives(bench, 3, "tags", creation), bench.accept(3, "title", "Ours")
    bench.faults.error("tag names are closed", root="tagCreate")

    assert make(bench) == {"failed": 1}
    assert bench.apply() == {"applied": 1}
    assert "tag names are closed" in _objection(creation)
    assert state_of(change) == "failed"
    assert "Stash refused it" in change.objection
    assert state_of(other) == "applied"


def test_what_was_not_accepted_is_not_made(bench: Bench) -> None:
    creation = wanted(bench, "tag", "Night dives", state="rejected")
    change = gives(bench, 3, "tags", creation)

    assert make(bench) == {}
    assert named(bench, "tag", "Night dives") == []
    assert state_of(change) == "failed"
    assert "was rejected" in change.objection


@pytest.mark.parametrize("kind", list(ROOTS))
def test_a_lost_answer_is_looked_up_before_anything_is_made_again(
    bench: Bench, kind: str
) -> None:
    landed = wanted(bench, kind, "Night dives")
    cut = wanted(bench, kind, "Reef walks")
    bench.faults.drop(root=ROOTS[kind], sent=5)
    bench.faults.drop(root=ROOTS[kind], skip=1, sent=None)

    assert make(bench) == {"applied": 2}
    for creation in (landed, cut):
        assert len(named(bench, kind, creation.name)) == 1
    assert state_of(landed) == "applied"
    assert "answer was lost" in landed.objection
    assert state_of(cut) == "applied"


@pytest.mark.parametrize("was_made", [True, False])
def test_what_a_killed_run_left_in_writing_is_looked_up(
    bench: Bench, *, was_made: bool
) -> None:
    creation = wanted(bench, "tag", "Night dives", state="writing")
    change = gives(bench, 3, "tags", creation)
    if was_made:
        bench.library.add("tag", name="Night dives")

    assert make(bench) == {"applied": 1}
    (made,) = named(bench, "tag", "Night dives")
    assert state_of(change) == "accepted"
    assert change.entity_id == bench.key(made)


def test_it_is_made_once_however_often_the_plan_is_applied(bench: Bench) -> None:
    wanted(bench, "tag", "Night dives")

    assert make(bench) == {"applied": 1}
    assert make(bench) == {}
    assert len(named(bench, "tag", "Night dives")) == 1


def test_a_locked_database_is_waited_for_and_then_left_as_it_was(bench: Bench) -> None:
    creation = wanted(bench, "tag", "Night dives")
    bench.faults.locked(root="tagCreate", times=3)

    with pytest.raises(StashBusy, match="nothing was made"):
        make(bench)
    assert state_of(creation) == "accepted"
    assert make(bench) == {"applied": 1}


def test_a_source_that_goes_silent_leaves_the_rest_to_be_made(bench: Bench) -> None:
    creation = wanted(bench, "tag", "Night dives")
    bench.faults.status(503, times=99)

    with pytest.raises(StashError):
        make(bench)
    assert state_of(creation) == "accepted"


def test_two_names_of_one_tag_give_a_scene_that_tag_once(bench: Bench) -> None:
    number = bench.library.add("tag", name="Reefs", aliases=["Coral reefs"])
    first, second = (wanted(bench, "tag", name) for name in ("Reefs", "Coral reefs"))
    changes = [gives(bench, 3, "tags", each) for each in (first, second)]
    alone = gives(bench, 4, "tags", second)

    make(bench)
    bench.apply()

    assert [state_of(each) for each in (*changes, alone)] == [
        "applied",
        "skipped",
        "applied",
    ]
    assert list(bench.scene(3)["tags"]).count(number) == 1
