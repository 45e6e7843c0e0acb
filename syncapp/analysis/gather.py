"""Reads pages of scenes out of the mirror, as facts.

A page takes a fixed number of statements, and no more than one is held in memory.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.filters.number_list import number_list
from syncapp.models import (
    Scene,
    SceneAnalysis,
    SceneFile,
    ScenePerformer,
    SceneSet,
    SceneSetPart,
    SceneTag,
)
from syncapp.models.keys import row_range
from syncapp.models.packed_ids import unpacked
from syncapp.stash.batches import batches

PAGE = 500  # scenes
FROM_START = -1
COLUMNS = (
    *("id", "synced_at", "title", "details", "code", "date", "urls"),
    *("studio_id", "organized"),
)
OF_FILE = (
    *("scene_id", "path", "duration", "width", "height", "frame_rate"),
    *("video_codec", "size", "phash", "fingerprints"),
)
WITHOUT_SIGN = 2**64


@dataclass(frozen=True, slots=True)
class GatheredScene:
    """A scene's facts, and when its row had last changed as they were read."""

    facts: SceneFacts
    synced_at: datetime


@dataclass(frozen=True, slots=True)
class ScenePart:
    """Some of the scenes that are wanted: those that are there, and how many not."""

    ids: tuple[int, ...]  # all of them, ascending
    scenes: tuple[GatheredScene, ...]

    @property
    def last(self) -> int:
        return self.ids[-1]


@dataclass(frozen=True, slots=True)
class WantedScenes:
    """Which scenes of a source; without a set those that are not analysed."""

    source_id: int
    scene_set: int = 0
    with_organized: bool = False
    digest: str = ""  # of the detectors: what was analysed by others is not analysed

    def count(self) -> int:
        """Return how many they are; raises AnalysisStopped for a set that is gone."""
        if not self.scene_set:
            return self._unanalysed().count()
        rows = SceneSet.objects.filter(pk=self.scene_set, source_id=self.source_id)
        found = rows.values_list("count", flat=True).first()
        if found is None:
            msg = "The scenes that were chosen are not known any more: choose again."
            raise AnalysisStopped(msg, code="set_gone")
        return found

    def parts(self, after: int = FROM_START) -> Iterator[ScenePart]:
        """Yield the scenes behind this row id, ascending, a page at a time."""
        pages = self._of_set(after) if self.scene_set else self._of_mirror(after)
        for ids in pages:
            yield ScenePart(tuple(ids), tuple(scenes_by_id(ids)))

    def chosen_ids(self) -> Iterator[int] | None:
        """Return the ids of the set, ascending; None without one."""
        if not self.scene_set:
            return None
        return (key for ids in self._of_set(FROM_START) for key in ids)

    def unanalysed_ids(self) -> Iterator[int]:
        """Yield the ids of those that are not analysed, ascending, some at a time."""
        rows = self._unanalysed().order_by("id").values_list("id", flat=True)
        yield from rows.iterator(chunk_size=PAGE)

    def takes(self, scene: GatheredScene) -> bool:
        return self.with_organized or not scene.facts.organized

    def _of_set(self, after: int) -> Iterator[Sequence[int]]:
        for number in count():
            rows = SceneSetPart.objects.filter(
                scene_set_id=self.scene_set, number=number
            )
            packed = rows.values_list("ids", flat=True).first()
            if packed is None:
                return
            ids = unpacked(bytes(packed))
            yield from batches(ids[bisect_right(ids, after) :], PAGE)

    def _of_mirror(self, after: int) -> Iterator[list[int]]:
        while True:
            rows = self._unanalysed().filter(id__gt=after).order_by("id")
            ids = list(rows.values_list("id", flat=True)[:PAGE])
            if not ids:
                return
            yield ids
            after = ids[-1]

    def _unanalysed(self) -> "QuerySet[Any, Any]":
        """Return live scenes that changed since, or were never analysed like this."""
        low, end = row_range(self.source_id)
        rows = Scene.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
        if not self.with_organized:
            rows = rows.filter(organized=False)
        as_now = SceneAnalysis.objects.filter(
            scene_id=OuterRef("id"), synced_at=OuterRef("synced_at")
        )
        if self.digest:
            as_now = as_now.filter(digest=self.digest)
        return rows.filter(~Exists(as_now))


def scenes_by_id(ids: Iterable[int]) -> Iterator[GatheredScene]:
    """Yield the live scenes among these, ascending; four statements."""
    wanted = list(ids)
    if not wanted:
        return
    live = Scene.objects.filter(id__in=number_list(wanted), deleted_at=None)
    rows = list(live.order_by("id").values_list(*COLUMNS))
    files = _files(wanted)
    tags = _linked(SceneTag, "tag_id", wanted)
    performers = _linked(ScenePerformer, "performer_id", wanted)
    for key, synced_at, title, details, code, date, urls, studio, organized in rows:
        facts = SceneFacts(
            scene_id=key,
            files=tuple(files.get(key, ())),
            title=title,
            details=details,
            code=code,
            date=date,
            urls=tuple(urls),
            studio_id=studio,
            performer_ids=frozenset(performers.get(key, ())),
            tag_ids=frozenset(tags.get(key, ())),
            organized=organized,
        )
        yield GatheredScene(facts, synced_at)


def _files(ids: Sequence[int]) -> dict[int, list[FileFacts]]:
    rows = SceneFile.objects.filter(scene_id__in=number_list(ids))
    found: dict[int, list[FileFacts]] = {}
    for row in rows.order_by("scene_id", "position").values_list(*OF_FILE):
        found.setdefault(row[0], []).append(_file(*row[1:]))
    return found


def _file(path: str, *told: Any) -> FileFacts:
    duration, width, height, frame_rate, codec, size, phash, fingerprints = told
    return FileFacts(
        path,
        duration=duration,
        width=width,
        height=height,
        frame_rate=frame_rate,
        video_codec=codec,
        size=size,
        phash=None if phash is None else phash % WITHOUT_SIGN,
        fingerprints=tuple((str(kind), str(value)) for kind, value in fingerprints),
    )


def _linked(model: Any, column: str, ids: Sequence[int]) -> dict[int, list[int]]:
    rows = model.objects.filter(scene_id__in=number_list(ids)).order_by()
    found: dict[int, list[int]] = {}
    for key, target in rows.values_list("scene_id", column):
        found.setdefault(key, []).append(target)
    return found
