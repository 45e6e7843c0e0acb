"""What is compared of a library's files, held in columns: a few dozen bytes a file."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from syncapp.analysis.facts import FileFacts, SceneFacts

NAME = 80  # characters of a name that are kept for sentences
OSHASH, MD5 = "oshash", "md5"


@dataclass(frozen=True, slots=True)
class SceneColumns:
    """Scenes by their place here; each has a file. What is not known is 0."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    organized: bytearray = field(default_factory=bytearray)
    files: "array[int]" = field(default_factory=lambda: array("I"))  # how many
    widths: "array[int]" = field(default_factory=lambda: array("I"))  # of the first
    heights: "array[int]" = field(default_factory=lambda: array("I"))
    durations: "array[float]" = field(default_factory=lambda: array("d"))
    tagged: bytearray = field(default_factory=bytearray)  # has the tag of duplicates
    names: bytearray = field(default_factory=bytearray)
    name_ends: "array[int]" = field(default_factory=lambda: array("Q"))

    def name(self, scene: int) -> str:
        start = self.name_ends[scene - 1] if scene else 0
        return self.names[start : self.name_ends[scene]].decode()


@dataclass(frozen=True, slots=True)
class FileColumns:
    """Files by their place here, those of one scene together."""

    scenes: "array[int]" = field(default_factory=lambda: array("I"))  # their places
    phashes: "array[int]" = field(default_factory=lambda: array("Q"))
    durations: "array[float]" = field(default_factory=lambda: array("d"))
    # Digests of a fingerprint with the file's size: files of two sizes are never one.
    oshashes: "array[int]" = field(default_factory=lambda: array("Q"))
    md5s: "array[int]" = field(default_factory=lambda: array("Q"))


@dataclass(frozen=True, slots=True)
class LibraryColumns:
    scenes: SceneColumns = field(default_factory=SceneColumns)
    files: FileColumns = field(default_factory=FileColumns)


def read_columns(scenes: Iterable[SceneFacts], tag_id: int) -> LibraryColumns:
    """Return the columns of all scenes that have a file; each is read once."""
    columns = LibraryColumns()
    for scene in scenes:
        if scene.files:
            for file in scene.files:
                _add_file(columns.files, file, len(columns.scenes.ids))
            _add_scene(columns.scenes, scene, tag_id)
    return columns


def _add_scene(columns: SceneColumns, scene: SceneFacts, tag_id: int) -> None:
    first = scene.files[0]
    columns.ids.append(scene.scene_id)
    columns.organized.append(scene.organized)
    columns.files.append(len(scene.files))
    columns.widths.append(first.width or 0)
    columns.heights.append(first.height or 0)
    columns.durations.append(first.duration or 0)
    columns.tagged.append(tag_id in scene.tag_ids)
    columns.names.extend(_name(scene).encode(errors="replace"))
    columns.name_ends.append(len(columns.names))


def _name(scene: SceneFacts) -> str:
    path = scene.files[0].path
    name = scene.title or path.replace("\\", "/").rpartition("/")[2]
    return name if len(name) <= NAME else name[: NAME - 1] + "…"


def _add_file(columns: FileColumns, file: FileFacts, scene: int) -> None:
    columns.scenes.append(scene)
    columns.phashes.append(file.phash or 0)
    columns.durations.append(file.duration or 0)
    told = dict(file.fingerprints)
    columns.oshashes.append(_digest(OSHASH, told.get(OSHASH, ""), file.size))
    columns.md5s.append(_digest(MD5, told.get(MD5, ""), file.size))


def _digest(kind: str, value: str, size: int | None) -> int:
    """Return 64 bits for a fingerprint; 0 without one, and for an empty file."""
    if not value or size == 0:
        return 0
    text = f"{kind}:{value.lower()}:{size}".encode(errors="replace")
    return int.from_bytes(blake2b(text, digest_size=8).digest()) or 1
