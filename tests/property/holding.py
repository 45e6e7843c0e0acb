"""What mirror and library hold, and what follows for the guards, worked out anew."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from syncapp.demo import Library
from syncapp.models import (
    Performer,
    PerformerTag,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Source,
    Studio,
    StudioTag,
    Tag,
    TagParent,
)
from tests.property.sizes import GUARD_ROWS

SHARE = 0.10
MODELS: dict[str, Any] = {
    "tags": Tag,
    "studios": Studio,
    "performers": Performer,
    "scenes": Scene,
}
LINKS: tuple[type[Model], ...] = (
    *(TagParent, StudioTag, PerformerTag),
    *(SceneTag, ScenePerformer, SceneFile),
)


@dataclass(frozen=True)
class Held:
    """Both sides of one stream, as remote ids."""

    remote: frozenset[int]
    alive: frozenset[int]
    tombstoned: frozenset[int]
    # Of the ids on both sides, ascending: whether it was made at another time.
    renewed: tuple[bool, ...]

    @property
    def may_be_held(self) -> bool:
        """Whether a guard may stop the stream; reading may add rows before it looks."""
        return self._many(len(self.alive))

    @property
    def must_be_held(self) -> bool:
        return self._many(len(self.alive | self.remote))

    def _many(self, rows: int) -> bool:
        gone = len(self.alive - self.remote)
        if not self.remote:
            return gone > 0
        return gone > GUARD_ROWS and gone > SHARE * rows

    @property
    def replaced(self) -> bool:
        return is_another(self)


def is_another(*held: Held) -> bool:
    """Say whether streams, taken together, are another library's.

    Only the older half of what both sides know counts: a backup gives new ids anew.
    """
    older = [one.renewed[: (len(one.renewed) + 1) // 2] for one in held]
    return sum(map(sum, older)) > SHARE * sum(map(len, older))


def look(source: Source, library: Library) -> dict[str, Held]:
    """Return what both sides hold, by stream."""
    found = {}
    for name, model in MODELS.items():
        rows = model.objects.filter(source=source)
        held = list(rows.values_list("remote_id", "deleted_at", "remote_created_text"))
        alive = {number: made for number, gone, made in held if gone is None}
        kind = name.removesuffix("s")
        remote = {one["id"]: one["created_at"] for one in library.records(kind)}
        found[name] = Held(
            frozenset(remote),
            frozenset(alive),
            frozenset(number for number, gone, _ in held if gone is not None),
            tuple(remote[n] != alive[n] for n in sorted(alive.keys() & remote)),
        )
    return found


def fingerprint(source: Source) -> list[Any]:
    """Return every mirrored value there is, to be compared with another moment's."""
    found: list[Any] = []
    for model in (*MODELS.values(), *LINKS):
        rows = model.objects.order_by("pk")
        found.append(list(rows.values_list()))
    return found
