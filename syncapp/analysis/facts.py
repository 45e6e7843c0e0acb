"""What an analysis knows of a scene, as plain values; no Django, no models."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a scene; what the source does not know is None or empty."""

    path: str  # as the source tells it, with separators of either kind
    duration: float | None = None  # seconds
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    video_codec: str = ""
    size: int | None = None  # bytes
    phash: int | None = None  # 64 bits, without a sign
    fingerprints: tuple[tuple[str, str], ...] = ()  # (type, value)


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """A scene as the mirror has it. Ids are row ids."""

    scene_id: int
    files: tuple[FileFacts, ...] = ()  # the first is the primary one
    title: str = ""
    details: str = ""
    code: str = ""
    date: str = ""  # "2011", "2011-04" or "2011-04-30"
    urls: tuple[str, ...] = ()
    studio_id: int | None = None
    performer_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    organized: bool = False
