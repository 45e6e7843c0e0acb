"""Groups of scenes that are the same film, and which of each to keep.

In a group every scene is like every other, and a scene is in one group at most: whoever
removes all but the kept one of each loses no film.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from syncapp.analysis.file_columns import LibraryColumns, SceneColumns
from syncapp.analysis.likeness import Likeness
from syncapp.analysis.phash import longest_alike

MOST_LEFT = 20  # of a group, that are told about
Judged = Mapping[int, frozenset[int]]  # scene id > those it is no duplicate of


@dataclass(frozen=True, slots=True)
class Merit:
    """What speaks for a scene, the more the better."""

    of: Callable[[SceneColumns, int], float]
    sentence: Callable[[SceneColumns, int, int], str]  # of the kept one and the other


def _pixels(scenes: SceneColumns, scene: int) -> int:
    return scenes.widths[scene] * scenes.heights[scene]


def _size(scenes: SceneColumns, scene: int) -> str:
    if not _pixels(scenes, scene):
        return "of a size that is not known"
    return f"{scenes.widths[scene]} x {scenes.heights[scene]}"


# In this order. Two lengths that differ by less than a second are one: a container
# rounds. What has the tag already is what somebody chose not to keep.
MERITS = (
    Merit(
        lambda scenes, n: not scenes.tagged[n],
        lambda *_: "it does not have the tag yet",
    ),
    Merit(
        _pixels,
        lambda scenes, kept, other: (
            f"its picture is {_size(scenes, kept)}, here it is {_size(scenes, other)}"
        ),
    ),
    Merit(lambda scenes, n: round(scenes.durations[n]), lambda *_: "it is longer"),
    Merit(lambda scenes, n: scenes.organized[n], lambda *_: "it is organised"),
    Merit(lambda scenes, n: scenes.files[n], lambda *_: "it has more files"),
    Merit(lambda scenes, n: -scenes.ids[n], lambda *_: "it was added earlier"),
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is like the kept one, but not like all of its group."""

    file: int
    unlike: int  # the member's file
    is_judged: bool  # somebody said that these two scenes are no duplicates


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Files of scenes that are the same film, one of each scene."""

    kept: int
    copies: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = ()


def judged_scenes(pairs: frozenset[tuple[int, int]]) -> Judged:
    """Return by scene of which others it is no duplicate."""
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {scene: frozenset(others) for scene, others in found.items()}


def why_kept(scenes: SceneColumns, kept: int, other: int) -> str:
    """Return the first merit in which they differ, as the end of a sentence."""
    differs = (m for m in MERITS if m.of(scenes, kept) != m.of(scenes, other))
    return next(differs).sentence(scenes, kept, other)


def duplicate_groups(
    columns: LibraryColumns, likeness: Likeness, judged: Judged
) -> Iterator[DuplicateGroup]:
    """Yield the groups, those with the best scenes first.

    The best scene that is left takes what is like it, the surest first. So it is the
    one to keep; what it cannot take with all the others may begin a group of its own.
    """
    taken = bytearray(len(columns.scenes.ids))
    scene_of = columns.files.scenes
    for file in _best_first(columns, likeness):
        if taken[scene_of[file]]:
            continue
        group = _Clique(columns, likeness, judged).grown(file, taken)
        for each in (file, *group.copies) if group.copies else ():
            taken[scene_of[each]] = True
        if group.copies or group.left_out:
            yield group


def _best_first(columns: LibraryColumns, likeness: Likeness) -> Sequence[int]:
    files, scene_of = sorted(likeness.in_company()), columns.files.scenes
    for merit in reversed(MERITS):
        files.sort(key=lambda n: merit.of(columns.scenes, scene_of[n]), reverse=True)
    return files


@dataclass(slots=True)
class _Clique:
    """A group while it grows, with what its members have: many are taken fast."""

    columns: LibraryColumns
    likeness: Likeness
    judged: Judged
    members: list[int] = field(default_factory=list)
    scene_ids: set[int] = field(default_factory=set)
    oshashes: set[int] = field(default_factory=set)
    md5s: set[int] = field(default_factory=set)
    looks: dict[int, int] = field(default_factory=dict)  # phash > a file that has it
    shortest: float = float("inf")
    longest: float = 0
    all_seen: bool = True  # no member's look is unknown

    def grown(self, first: int, taken: bytearray) -> DuplicateGroup:
        self._add(first)
        left: dict[int, None] = {}
        for file in self.likeness.company(first):
            if taken[self.columns.files.scenes[file]] or self._has_scene_of(file):
                continue
            if self._takes(file):
                self._add(file)
            elif len(left) < MOST_LEFT:
                left[file] = None
        kept, *copies = self.members
        return DuplicateGroup(kept, tuple(copies), tuple(self._left_out(left)))

    def _scene_id(self, file: int) -> int:
        return self.columns.scenes.ids[self.columns.files.scenes[file]]

    def _has_scene_of(self, file: int) -> bool:
        return self._scene_id(file) in self.scene_ids

    def _add(self, file: int) -> None:
        files = self.columns.files
        self.members.append(file)
        self.scene_ids.add(self._scene_id(file))
        self.oshashes.add(files.oshashes[file])
        self.md5s.add(files.md5s[file])
        self.looks.setdefault(files.phashes[file], file)
        self.shortest = min(self.shortest, files.durations[file])
        self.longest = max(self.longest, files.durations[file])
        self.all_seen &= self.likeness.can_be_seen(file)

    def _takes(self, file: int) -> bool:
        others = self.judged.get(self._scene_id(file), frozenset())
        return self.scene_ids.isdisjoint(others) and (
            self._is_same_as_all(file)
            or self._looks_like_all(file)
            or all(self.likeness.are_alike(each, file) for each in self.members)
        )

    def _is_same_as_all(self, file: int) -> bool:
        files = self.columns.files
        return any(
            mine != 0 and values == {mine}
            for mine, values in (
                (files.oshashes[file], self.oshashes),
                (files.md5s[file], self.md5s),
            )
        )

    def _looks_like_all(self, file: int) -> bool:
        seconds, likeness = self.columns.files.durations[file], self.likeness
        return (
            self.all_seen
            and likeness.can_be_seen(file)
            and max(self.longest, seconds) <= longest_alike(min(self.shortest, seconds))
            and all(
                likeness.bits_apart(each, file) <= likeness.distance
                for each in self.looks.values()
            )
        )

    def _left_out(self, files: Iterable[int]) -> Iterator[LeftOut]:
        for file in files:
            if not self._has_scene_of(file):  # by another file, it may have come in
                others = self.judged.get(self._scene_id(file), frozenset())
                yield self._objection(file, others)

    def _objection(self, file: int, others: frozenset[int]) -> LeftOut:
        """Return the first member that keeps a file out of the group."""
        judged = (each for each in self.members if self._scene_id(each) in others)
        if (member := next(judged, None)) is not None:
            return LeftOut(file, member, is_judged=True)
        unlike = (x for x in self.members if not self.likeness.are_alike(x, file))
        return LeftOut(file, next(unlike), is_judged=False)
