"""Lines about the documents by which Steward itself reads and writes a scene."""

from collections.abc import Mapping
from typing import Any

from syncapp.stash.scene_writing import (
    HOOKS,
    SCENE_NOW,
    WRITE_SCENE,
    WRITE_SCENE_UNSEEN,
    scenes_now_document,
)
from tests.contract.line import Answer, Data, Like, Line, Refused, Where, done
from tests.contract.scenes import NO_KEY, moved, tags

NOW: dict[str, Any] = {
    "id": "{scene}",
    "title": "{scene.name}",
    "details": "",
    **dict.fromkeys(("date", "rating100", "studio")),
    "organized": False,
    "performers": [],
    "tags": [],
}
GIVEN: dict[str, Any] = {
    "title": " A new name",
    "date": "2001-02-03",
    "rating100": 80,
    "organized": True,
    "studio_id": "{studio}",
    "performer_ids": {"mode": "ADD", "ids": ["{performer}"]},
    **moved("ADD", "{tag}"),
}
# Before 0.30 the outer space is kept.
AFTER: dict[str, Any] = {
    "id": "{scene}",
    "title": Like("^ ?A new name$"),
    "details": "",
    "date": "2001-02-03",
    "rating100": 80,
    "organized": True,
    "studio": {"id": "{studio}"},
    "performers": [{"id": "{performer}"}],
    "tags": [{"id": "{tag}"}],
}
NOTHING = "sql: no rows in result set"


def _is_plugins(told: Any) -> bool:
    """Say whether these are plugins, as Steward asks for them; none is null or []."""
    return all(
        isinstance(one["name"], str)
        and isinstance(one["enabled"], bool)
        and all(set(hook) == {"name", "hooks"} for hook in one["hooks"] or ())
        for one in told or ()
    )


def _write(
    says: str, given: Mapping[str, Any], answer: Answer, *, scene: str = "{scene}"
) -> Line:
    """Say what a write of ours answers."""
    seen = {"ids": [scene]}
    variables = {"seen": seen, "input": {**seen, **given}}
    return Line(f"a write of ours: {says}", WRITE_SCENE, answer, variables, writes=True)


def _half(message: Any) -> Refused:
    """Answer that the first half was done, and the second refused."""
    return Refused(message, {"seen": [NOW], "wrote": None}, ["wrote"])


READS = (
    Line(
        "a scene as we read it before we write",
        SCENE_NOW,
        Data({"findScene": NOW}),
        {"id": "{scene}"},
        writes=True,
    ),
    Line(
        "a scene that is not there reads as null",
        SCENE_NOW,
        Data({"findScene": None}),
        {"id": "{missing}"},
    ),
    Line(
        "scenes as we read them together, one of them not there",
        scenes_now_document(3),
        Data(
            {
                "i0": NOW,
                "i1": None,
                "i2": {**NOW, "id": "{scene2}", "title": "{scene2.name}"},
            }
        ),
        {"i0": "{scene}", "i1": "{missing}", "i2": "{scene2}"},
        writes=True,
    ),
    Line(
        "plugins and what they hook",
        HOOKS,
        Data({"plugins": Where("plugins", _is_plugins)}),
    ),
)

WRITES = (
    _write(
        "the first half shows what stood there, the second what stands there now",
        GIVEN,
        Data({"seen": [NOW], "wrote": [AFTER]}),
    ),
    _write(
        "of an unknown tag the first half alone is done",
        moved("ADD", "{missing}"),
        _half(NO_KEY),
    ),
    _write(
        "of an unknown performer too",
        {"performer_ids": {"mode": "ADD", "ids": ["{missing}"]}},
        _half(NO_KEY),
    ),
    _write("of an unknown studio too", {"studio_id": "{missing}"}, _half(NO_KEY)),
    _write(
        "of a date that is none too", {"date": "soon"}, _half(Like("^converting date"))
    ),
    _write(
        "of a scene that is not there neither half is done",
        moved("ADD", "{tag}"),
        Refused(NOTHING, {"seen": None, "wrote": None}, ["seen"]),
        scene="{missing}",
    ),
    Line(
        "a write of ours that does not look shows what stands there now",
        WRITE_SCENE_UNSEEN,
        Data({"wrote": [AFTER]}),
        {"input": {"ids": ["{scene}"], **GIVEN}},
        writes=True,
    ),
    Line(
        "a write of ours can be taken back",
        WRITE_SCENE,
        Data(
            {
                "seen": [AFTER],
                "wrote": [{**NOW, "title": Like("^{scene.name}$")}],
            }
        ),
        {
            "seen": {"ids": ["{scene}"]},
            "input": {
                "ids": ["{scene}"],
                "title": "{scene.name}",
                **dict.fromkeys(("date", "rating100", "studio_id")),
                "organized": False,
                "performer_ids": {"mode": "REMOVE", "ids": ["{performer}"]},
                **moved("REMOVE", "{tag}"),
            },
        },
        (done(WRITE_SCENE_UNSEEN, input={"ids": ["{scene}"], **GIVEN}),),
        writes=True,
    ),
    Line(
        "of a write of ours that is refused nothing is done",
        WRITE_SCENE,
        Refused(
            NO_KEY,
            {"seen": None, "wrote": [{**NOW, "tags": tags("{tag}")}]},
            ["seen"],
        ),
        {
            "seen": {
                "ids": ["{scene}", "{scene2}"],
                "title": "All or none",
                **moved("ADD", "{missing}"),
            },
            "input": {"ids": ["{scene}"], **moved("ADD", "{tag}")},
        },
        writes=True,
    ),
)

LINES = (*READS, *WRITES)
