"""The mirror's tables."""

from syncapp.models.library import (
    MIRRORED,
    Performer,
    PerformerTag,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Studio,
    StudioTag,
    Tag,
    TagParent,
)
from syncapp.models.source import Source, StreamState

__all__ = [
    "MIRRORED",
    "Performer",
    "PerformerTag",
    "Scene",
    "SceneFile",
    "ScenePerformer",
    "SceneTag",
    "Source",
    "StreamState",
    "Studio",
    "StudioTag",
    "Tag",
    "TagParent",
]
