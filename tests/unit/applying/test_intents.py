"""What a change means at its source, and what became of it: plain values alone."""

from typing import Any

import pytest

from syncapp.applying.intents import (
    ChangeVerdict,
    Intent,
    judge_change,
    scene_input,
    settle,
    writes_of,
)
from syncapp.models.change_states import ChangeState
from syncapp.stash.scene_writing import SceneValues, SceneWritten

STUDIO = Intent(1, "studio", "set", 7, before=3)
TITLE = Intent(2, "title", "set", "Dunes", before="")
ADD = Intent(3, "tags", "add", 5)
REMOVE = Intent(4, "tags", "remove", 6)


def scene(**fields: Any) -> SceneValues:
    tags = frozenset(fields.pop("tags", ()))
    return SceneValues(tags=tags, **fields)


@pytest.mark.parametrize(
    ("intent", "held", "verdict"),
    [
        (STUDIO, scene(studio=3), ChangeVerdict.WRITE),
        (STUDIO, scene(studio=7), ChangeVerdict.SKIP),
        (STUDIO, scene(studio=4), ChangeVerdict.CONFLICT),
        (STUDIO, scene(), ChangeVerdict.CONFLICT),
        (TITLE, scene(), ChangeVerdict.WRITE),
        (TITLE, scene(title="dunes"), ChangeVerdict.CONFLICT),
        (ADD, scene(tags=[6]), ChangeVerdict.WRITE),
        (ADD, scene(tags=[5, 6]), ChangeVerdict.SKIP),
        (REMOVE, scene(tags=[5, 6]), ChangeVerdict.WRITE),
        (REMOVE, scene(tags=[5]), ChangeVerdict.SKIP),
    ],
)
def test_content_alone_decides(
    intent: Intent, held: SceneValues, verdict: ChangeVerdict
) -> None:
    assert judge_change(intent, held) is verdict


def test_what_later_plans_left_is_no_conflict() -> None:
    assert judge_change(STUDIO, scene(studio=4), own={4}) is ChangeVerdict.WRITE
    assert judge_change(STUDIO, scene(studio=5), own={4}) is ChangeVerdict.CONFLICT


@pytest.mark.parametrize(
    ("intent", "read", "seen", "wrote", "state"),
    [
        (
            STUDIO,
            scene(studio=3),
            scene(studio=3),
            scene(studio=7),
            ChangeState.APPLIED,
        ),
        (
            STUDIO,
            scene(studio=3),
            scene(studio=9),
            scene(studio=7),
            ChangeState.OVERWROTE,
        ),
        (
            STUDIO,
            scene(studio=3),
            scene(studio=7),
            scene(studio=7),
            ChangeState.SKIPPED,
        ),
        (STUDIO, scene(studio=3), scene(studio=3), scene(), ChangeState.CHANGED_SINCE),
        (STUDIO, scene(studio=3), None, scene(studio=7), ChangeState.APPLIED),
        (ADD, scene(), scene(tags=[5]), scene(tags=[5]), ChangeState.SKIPPED),
        (ADD, scene(), scene(tags=[8]), scene(tags=[5, 8]), ChangeState.APPLIED),
        (REMOVE, scene(tags=[6]), scene(), scene(), ChangeState.SKIPPED),
    ],
)
def test_what_the_write_shows_tells_what_became_of_it(
    intent: Intent,
    read: SceneValues,
    seen: SceneValues | None,
    wrote: SceneValues,
    state: ChangeState,
) -> None:
    settled = settle(intent, read, SceneWritten(seen, wrote))

    assert settled.state is state
    assert settled.before == intent.image(read if seen is None else seen)


def test_a_write_names_only_what_is_meant() -> None:
    more = Intent(5, "performers", "add", 2)
    none = Intent(6, "date", "set", "")
    off = Intent(7, "studio", "set", None, before=3)

    assert scene_input([TITLE, ADD, Intent(8, "tags", "add", 9), more]) == {
        "title": "Dunes",
        "tag_ids": {"mode": "ADD", "ids": ["5", "9"]},
        "performer_ids": {"mode": "ADD", "ids": ["2"]},
    }
    # Null clears, so it is sent where nothing is meant to stand.
    assert scene_input([none, off]) == {"date": None, "studio_id": None}


def test_a_list_that_gains_and_loses_takes_two_writes() -> None:
    assert writes_of([STUDIO, ADD]) == [[STUDIO, ADD]]
    assert writes_of([ADD, TITLE, REMOVE]) == [[ADD, TITLE], [REMOVE]]
    assert writes_of([]) == []
