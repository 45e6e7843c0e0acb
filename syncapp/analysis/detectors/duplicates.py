"""Proposes a tag for scenes that are there twice. Nothing is ever removed by it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syncapp.analysis.detector import LibraryDetector, MayStop
from syncapp.analysis.duplicates import (
    DuplicateGroup,
    LeftOut,
    duplicate_groups,
    judged_scenes,
    why_kept,
)
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.file_columns import LibraryColumns, read_columns
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.likeness import Likeness
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
)

MARK = "duplicate"
SAME_LENGTH_S = 0.5
SAME_FILE = "same file fingerprint"
KINDS = {
    SAME_FILE: "The files have the same oshash or md5, and the same size.",
    "same picture, same length": "The phashes are equal, the lengths to half a second.",
    "same picture, near length": "The phashes are equal, the lengths nearly.",
    "alike picture, same length": "Few bits differ, the lengths by half a second.",
    "alike picture, near length": "Few bits differ, and the lengths a little.",
}


def find_duplicates(
    scenes: Iterable[SceneFacts], library: KnownLibrary, check: MayStop = lambda: None
) -> Iterator[tuple[int, Finding]]:
    """Yield a proposal for each scene of which another one is kept."""
    rules = library.rules
    tag_id = rules.marks.get(MARK)
    if tag_id is not None:
        columns = read_columns(scenes, tag_id)
        likeness = Likeness.of(columns.files, rules.duplicate_distance, check)
        told = _Telling(columns, likeness, tag_id)
        judged = judged_scenes(rules.not_duplicates)
        for group in duplicate_groups(columns, likeness, judged):
            yield from told.findings(group)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Says in sentences what was found."""

    columns: LibraryColumns
    likeness: Likeness
    tag_id: int

    def findings(self, group: DuplicateGroup) -> Iterator[tuple[int, Finding]]:
        cause = f"duplicates of scene {self._scene_id(group.kept)}"
        for copy in group.copies:
            if not self.columns.scenes.tagged[self.columns.files.scenes[copy]]:
                evidence = self._evidence(group.kept, copy)
                yield (
                    self._scene_id(copy),
                    Proposal(SceneField.TAGS, Op.ADD, self.tag_id, evidence, cause),
                )
        for left in group.left_out:
            reason = self._reason(group.kept, left)
            yield (
                self._scene_id(left.file),
                HeldBack(SceneField.TAGS, self.tag_id, reason),
            )

    def _scene_id(self, file: int) -> int:
        return self.columns.scenes.ids[self.columns.files.scenes[file]]

    def _name(self, file: int) -> str:
        return f'"{self.columns.scenes.name(self.columns.files.scenes[file])}"'

    def _evidence(self, kept: int, copy: int) -> Evidence:
        scenes, scene_of = self.columns.scenes, self.columns.files.scenes
        why = why_kept(scenes, scene_of[kept], scene_of[copy])
        kind, sentence = self._likeness(kept, copy)
        sentence = f"{sentence} That one is to be kept: {why}."
        if (files := scenes.files[scene_of[copy]]) > 1:
            sentence += f" This scene has {files} files; one of them is meant."
        return Evidence(kind, sentence)

    def _likeness(self, kept: int, copy: int) -> tuple[str, str]:
        """Return of which kind it is, and a sentence."""
        name = self._name(kept)
        if self.likeness.are_same(kept, copy):
            return (
                SAME_FILE,
                f"The same file as {name}: fingerprint and size are equal.",
            )
        bits = self.likeness.bits_apart(kept, copy)
        durations = self.columns.files.durations
        more = durations[copy] - durations[kept]
        is_same = abs(more) <= SAME_LENGTH_S
        kind = f"{'alike' if bits else 'same'} picture, {'same' if is_same else 'near'}"
        look = (
            f"Looks like {name}, {bits} of 64 bits differ"
            if bits
            else f"Looks as {name}"
        )
        length = (
            "lasts as long"
            if is_same
            else f"is {abs(more):.1f} s {'longer' if more > 0 else 'shorter'}"
        )
        return f"{kind} length", f"{look}, and {length}."

    def _reason(self, kept: int, left: LeftOut) -> str:
        name, other = self._name(kept), self._name(left.unlike)
        if left.is_judged:
            return (
                f"Is like {name}, but somebody said that it is no duplicate of {other}."
            )
        return f"Is like {name}, but not like {other}, which is like that one as well."


DUPLICATES = LibraryDetector(
    name="duplicates",
    version=1,
    title="Duplicates",
    does="Finds scenes that are there twice, and tags those that need not be kept.",
    kinds=KINDS,
    find=find_duplicates,
    mark=MARK,
)
