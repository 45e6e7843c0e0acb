"""Proposes the tags that stand for what a file is: "1080p", "60fps", "HEVC"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncapp.analysis.detector import Detector
from syncapp.analysis.facts import FileFacts
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
)
from syncapp.analysis.reading import SceneReading

# The smallest height of an upright picture for each resolution, the greatest first. A
# picture that is wider than high for its class (2.39:1) counts by its width.
RESOLUTIONS = (
    ("8k", 4320, 7680),
    ("2160p", 2160, 3840),
    ("1440p", 1440, 2560),
    ("1080p", 1080, 1920),
    ("720p", 720, 1280),
    ("576p", 576, 1024),
    ("480p", 480, 854),
    ("360p", 360, 640),
    ("240p", 240, 426),
)
SHORTFALL = 0.97  # 1072 lines are called 1080p: coders cut to blocks of 16
# Other names of one mark; of those that are mapped the first is taken.
SYNONYMS = {
    "8k": ("8k", "4320p", "uhd2"),
    "2160p": ("2160p", "4k", "uhd", "ultra hd"),
    "1440p": ("1440p", "qhd", "2k"),
    "1080p": ("1080p", "full hd", "fhd"),
    "720p": ("720p", "hd"),
    "480p": ("480p", "sd"),
    "h264": ("h264", "h.264", "x264", "avc"),
    "hevc": ("hevc", "h265", "h.265", "x265"),
    "vp9": ("vp9", "vp09"),
    "av1": ("av1", "av01"),
    "mpeg4": ("mpeg4", "mpeg-4", "xvid", "divx"),
    "mpeg2": ("mpeg2", "mpeg2video", "mpeg-2"),
}
CODECS = {name: mark for mark, names in SYNONYMS.items() for name in names}
FRAME_RATES = (240, 120, 100, 60, 50, 48, 30, 25, 24)
RATE_OFF = 0.02  # 59.94 is called 60, 23.976 is called 24
DURATIONS = (("short", 0, 300), ("long", 3600, float("inf")))  # seconds
# What may be mapped to a tag, each by its first name; other codecs by theirs.
MARK_NAMES = (
    *(name for name, _, _ in RESOLUTIONS),
    *(f"{rate}fps" for rate in FRAME_RATES),
    *dict.fromkeys(CODECS[name] for name in ("h264", "hevc", "vp9", "av1", "mpeg4")),
    *(name for name, _, _ in DURATIONS),
)
KINDS = {
    "resolution": "The resolution of the first file.",
    "frame rate": "The frame rate of the first file.",
    "codec": "The video codec of the first file.",
    "duration": "The duration of the first file.",
    "lower resolution": "The first file has a higher resolution than this mark.",
}
LOWER = "marks.remove_lower"


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    name: str
    measured: str  # for a person: "1920 x 1080"


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    mapped = _by_name(library.rules.marks)
    if not mapped or not reading.facts.files:
        return
    marks = list(_marks_of(reading.facts.files[0]))
    right = {tag for mark in marks if (tag := _tag_of(mark.name, mapped)) is not None}
    for mark in marks:
        yield from _of_mark(mark, mapped, reading)
    if LOWER in reading.options:
        yield from _lower(marks, mapped, reading, keep=right)


def _by_name(marks: Mapping[str, int]) -> dict[str, int]:
    return {name.strip().lower(): tag for name, tag in marks.items()}


def _marks_of(file: FileFacts) -> Iterator[_Mark]:
    """Yield at most one mark of each kind."""
    if name := _resolution(file.width, file.height):
        yield _Mark("resolution", name, f"{file.width} x {file.height}")
    if name := _frame_rate(file.frame_rate):
        yield _Mark("frame rate", name, f"{file.frame_rate:g} frames a second")
    codec = file.video_codec.strip().lower()
    if codec:
        yield _Mark("codec", CODECS.get(codec, codec), file.video_codec.strip())
    if name := _length(file.duration):
        yield _Mark("duration", name, f"{file.duration:.0f} seconds")


def _resolution(width: int | None, height: int | None) -> str:
    """Return the class of a picture, however it is turned or cropped."""
    short, long = sorted((width or 0, height or 0))
    if short <= 0:
        return ""
    for name, lines, columns in RESOLUTIONS:
        if short >= lines * SHORTFALL or long >= columns * SHORTFALL:
            return name
    return ""


def _frame_rate(rate: float | None) -> str:
    for nominal in FRAME_RATES if rate else ():
        if rate and abs(rate - nominal) <= nominal * RATE_OFF:
            return f"{nominal}fps"
    return ""


def _length(duration: float | None) -> str:
    """Return "short" below five minutes, "long" from an hour on."""
    if not duration or duration < 0:
        return ""
    return next((name for name, a, b in DURATIONS if a <= duration < b), "")


def _tag_of(mark: str, mapped: Mapping[str, int]) -> int | None:
    """Return the tag of the first name of a mark that a person mapped."""
    names = SYNONYMS.get(mark, (mark,))
    return next((mapped[name] for name in names if name in mapped), None)


def _tags_of(mark: str, mapped: Mapping[str, int]) -> set[int]:
    return {mapped[n] for n in SYNONYMS.get(mark, (mark,)) if n in mapped}


def _of_mark(
    mark: _Mark, mapped: Mapping[str, int], reading: SceneReading
) -> Iterator[Finding]:
    tag = _tag_of(mark.name, mapped)
    has = reading.facts.tag_ids
    if tag is None or tag in has:
        return
    if _tags_of(mark.name, mapped) & has:  # a synonym is there already
        yield HeldBack(SceneField.TAGS, tag, f'It has another tag for "{mark.name}".')
        return
    sentence = f'The first file has {mark.measured}: "{mark.name}".'
    cause = f"mark: {mark.name}"
    evidence = Evidence(mark.kind, sentence)
    yield Proposal(SceneField.TAGS, Op.ADD, tag, evidence, cause)


def _lower(
    marks: list[_Mark],
    mapped: Mapping[str, int],
    reading: SceneReading,
    *,
    keep: set[int],
) -> Iterator[Finding]:
    """Yield the tags of resolutions below that of the file, to be taken away."""
    own = next((mark for mark in marks if mark.kind == "resolution"), None)
    if own is None:
        return
    names = [name for name, _, _ in RESOLUTIONS]
    for lower in names[names.index(own.name) + 1 :]:
        for tag in sorted(_tags_of(lower, mapped) & reading.facts.tag_ids - keep):
            sentence = f'The first file has {own.measured}, more than "{lower}".'
            evidence = Evidence("lower resolution", sentence)
            cause = f"mark: {own.name} instead of {lower}"
            yield Proposal(SceneField.TAGS, Op.REMOVE, tag, evidence, cause)


MARKS = Detector(
    name="marks",
    version=1,
    title="Marks",
    does="Gives the tags that are set for resolution, frame rate, codec and duration.",
    kinds=KINDS,
    find=_find,
    options={LOWER: "Take away the tags of lower resolutions."},
)
