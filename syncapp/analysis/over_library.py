"""What only all scenes of a source together show, as pages to be stored."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from syncapp.analysis.detector import LibraryDetector, MayStop
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.gather import WantedScenes, scenes_by_id
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.looking import Analysis
from syncapp.analysis.merging import MergedProposal, Said
from syncapp.analysis.mirror_fingerprints import fingerprinted_scenes
from syncapp.analysis.proposals import Proposal

PAGE = 500  # findings
LOOK_EVERY = 500  # scenes that are read, after which it looks whether to stop


@dataclass(slots=True)
class LibraryPage:
    """Some of what was found, and how far that is."""

    last: int  # findings up to here, of all
    proposed: list[tuple[SceneFacts, MergedProposal]]
    dismissed: int


def check_marks(detectors: Iterable[LibraryDetector], library: KnownLibrary) -> None:
    """Raise AnalysisStopped for a detector whose tag nobody has named."""
    for each in detectors:
        if each.mark and each.mark not in library.rules.marks:
            msg = (
                f"{each.title} needs a tag to propose: under Rules, say which tag the "
                f"mark “{each.mark}” means, and analyse again."
            )
            raise AnalysisStopped(msg, code="mark_without_a_tag")


def library_pages(
    detectors: Sequence[LibraryDetector],
    analysis: Analysis,
    wanted: WantedScenes,
    *,
    after: int,
    check: MayStop,
) -> Iterator[LibraryPage]:
    """Yield what these find in the scenes that are wanted, behind so many findings.

    They look at every scene of the source: a copy that is wanted may be one of a scene
    that is not.
    """
    found = _found(detectors, analysis.library, wanted.source_id, check)
    inside = _Inside.of(wanted)
    rest = islice(found, after, None)
    while some := list(islice(rest, PAGE)):
        after += len(some)
        said: dict[int, list[Said]] = {}
        for scene_id, each in some:
            if inside.holds(scene_id):
                said.setdefault(scene_id, []).append(each)
        yield _page(analysis, wanted, said, after)


def _page(
    analysis: Analysis,
    wanted: WantedScenes,
    said: dict[int, list[Said]],
    last: int,
) -> LibraryPage:
    page = LibraryPage(last, [], 0)
    about = analysis.about(list(said))
    for scene in scenes_by_id(said):
        if wanted.takes(scene):
            merged = about.merge(scene.facts, said[scene.facts.scene_id])
            page.proposed += ((scene.facts, each) for each in merged.proposals)
            page.dismissed += merged.dismissed
    return page


def _found(
    detectors: Sequence[LibraryDetector],
    library: KnownLibrary,
    source_id: int,
    check: MayStop,
) -> Iterator[tuple[int, Said]]:
    for detector in detectors:
        tag_id = library.rules.marks.get(detector.mark)
        scenes = _checked(fingerprinted_scenes(source_id, tag_id), check)
        for scene_id, finding in detector.find(scenes, library, check):
            if isinstance(finding, Proposal):
                yield scene_id, (detector, finding)


def _checked(scenes: Iterable[SceneFacts], check: MayStop) -> Iterator[SceneFacts]:
    for number, scene in enumerate(scenes):
        if not number % LOOK_EVERY:
            check()
        yield scene


@dataclass(frozen=True, slots=True)
class _Inside:
    """Which scenes are wanted, 8 bytes each; None: all of the source."""

    ids: "array[int] | None"

    @classmethod
    def of(cls, wanted: WantedScenes) -> "_Inside":
        chosen = wanted.chosen_ids()
        return cls(None if chosen is None else array("q", chosen))

    def holds(self, scene_id: int) -> bool:
        if self.ids is None:
            return True
        place = bisect_left(self.ids, scene_id)
        return place < len(self.ids) and self.ids[place] == scene_id
