"""Detectors of a few lines: what is tested is what is made of their findings."""

from collections.abc import Iterator

from syncapp.analysis.detector import Detector
from syncapp.analysis.library import EntityKind, KnownLibrary
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
    TextSpan,
)
from syncapp.analysis.reading import SceneReading

CONFIDENCE = {
    ("folder", "folder"): 0.995,  # certain
    ("echo", "file name"): 0.9,
    ("tag", "title"): 0.96,  # likely
    ("caption", "file name"): 0.7,
}


def toy_confidence(detector: str, kind: str) -> float:
    return CONFIDENCE.get((detector, kind), 0.0)


def _path(reading: SceneReading) -> str:
    return reading.facts.files[0].path if reading.facts.files else ""


def _folder(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    """Propose the studio whose name is a folder; hold back one in the file's name."""
    *folders, name = _path(reading).split("/")
    for (kind, key), entity in library.entities.items():
        if kind is not EntityKind.STUDIO:
            continue
        if entity.name in folders:
            start = _path(reading).index(entity.name)
            span = TextSpan("path", start, start + len(entity.name))
            sentence = f"The folder “{entity.name}” is its name."
            told = Evidence("folder", sentence, (span,))
            cause = f"studio {key} because of the folder {entity.name.casefold()}"
            yield Proposal(SceneField.STUDIO, Op.SET, key, told, cause)
        elif entity.name in name:
            yield HeldBack(SceneField.STUDIO, key, "A file's name alone is not enough.")


def _echo(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    """Propose the studio whose name is in the file's name as well."""
    name = _path(reading).rpartition("/")[2]
    for (kind, key), entity in library.entities.items():
        if kind is EntityKind.STUDIO and entity.name in name:
            told = Evidence("file name", f"“{entity.name}” is in the file's name.")
            yield Proposal(
                SceneField.STUDIO, Op.SET, key, told, f"studio {key}, file name"
            )


def _tag(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    """Propose each tag that a match in the title names; ignored names have none."""
    for text in reading.texts:
        for match in text.matches if text.name == "title" else ():
            if match.kind is EntityKind.TAG:
                key = match.entity_ids[0]
                span = TextSpan("title", match.start, match.end)
                told = Evidence("title", "The title names it.", (span,))
                yield Proposal(SceneField.TAGS, Op.ADD, key, told, f"tag {key}, title")


def _caption(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    """Propose the file's name as the title of what has none."""
    if not reading.facts.title and _path(reading):
        stem = _path(reading).rpartition("/")[2].rpartition(".")[0]
        told = Evidence("file name", "It is the file's name.")
        yield Proposal(
            SceneField.TITLE, Op.SET, f" {stem} ", told, "title from file name"
        )


TOYS = (
    Detector("folder", 3, "Folder", "Finds studios.", {"folder": "A folder."}, _folder),
    Detector("echo", 1, "Echo", "Finds studios.", {"file name": "Its name."}, _echo),
    Detector("tag", 2, "Tag", "Finds tags.", {"title": "Its title."}, _tag),
    Detector(
        "caption",
        1,
        "Caption",
        "Finds titles.",
        {"file name": "Its name."},
        _caption,
        options={"caption.tidy": "Tidies it."},
    ),
)
