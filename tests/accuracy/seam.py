"""How a labelled scene gets to detectors: the one place that knows their way in."""

from collections import Counter
from collections.abc import Iterator

from syncapp.analysis.detectors import DETECTORS
from syncapp.analysis.library import Library, Rules
from syncapp.analysis.matcher import build_index
from syncapp.analysis.paths import folders
from syncapp.analysis.reading import SceneReading
from syncapp.analysis.roots import find_roots
from syncapp.analysis.scene_reading import read_scene
from tests.accuracy.draft import TODAY
from tests.accuracy.labelled import Labelled
from tests.accuracy.truth import LabelledScene

__all__ = ["DETECTORS", "read_labelled"]


def read_labelled(
    data: Labelled,
) -> Iterator[tuple[LabelledScene, SceneReading, Library]]:
    """Yield each scene as a job would read it, roots found among all of them."""
    index = build_index(data.entities.values())
    below = Counter(
        folder for scene in data.scenes for folder in folders(scene.facts.files[0].path)
    )
    library = Library(
        entities=data.entities,
        rules=Rules(),
        today=TODAY,
        roots=find_roots(below, len(data.scenes), index),
        regulars=data.regulars,
    )
    for scene in data.scenes:
        yield scene, read_scene(scene.facts, index, library), library
