"""What reads scenes for the detectors, made once a run of the library's names."""

from collections.abc import Callable, Iterable

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import Library
from syncapp.analysis.reading import ReadText, SceneReading

SceneReader = Callable[[SceneFacts], SceneReading]


def scene_reader(_library: Library, options: frozenset[str]) -> SceneReader:
    """Return what folds and matches a scene's texts, with the names of this library."""

    def read(facts: SceneFacts) -> SceneReading:
        texts = (("path", facts.files[0].path if facts.files else ""),)
        named = (*texts, ("title", facts.title), ("details", facts.details))
        plain = tuple(ReadText(name, text, (), ()) for name, text in named if text)
        return SceneReading(facts, plain, options)

    return read


def find_roots(_paths: Iterable[str]) -> frozenset[str]:
    """Return the folders that tell nothing of what is below."""
    return frozenset()


def confidence_of(_detector: str, _kind: str) -> tuple[float, str]:
    """Return how sure this kind of evidence makes a proposal, and its level."""
    return 0.5, "look"
