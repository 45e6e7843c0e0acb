"""One line of the table: what a source does wrong, and what has to come of it."""

from dataclasses import dataclass

from tests.hostile.orders import SCENE, TAG, Order

OK = "succeeded"
SCENE_7 = frozenset({f"Scene {SCENE}"})
TAG_3 = frozenset({f"Tag {TAG}"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Behaviour:
    name: str
    order: Order
    end: str = OK  # the job's status, or the code of its error
    differs: frozenset[str] = NONE  # records that may differ until a good sync
    said: str = ""  # in the job's log or in its error
    skipped: int = 0  # records that a sync which succeeded left out
    patience_s: float = 20  # of the client


def skipped(
    name: str, order: Order, said: str = "Scene 7 ", count: int = 1
) -> Behaviour:
    return Behaviour(name, order, OK, SCENE_7, said, count)


def mended(name: str, order: Order, said: str = "Scene 7 was mended: ") -> Behaviour:
    return Behaviour(name, order, OK, SCENE_7, said)
