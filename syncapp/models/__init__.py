"""The tables: the mirror, its sources, the first administrator."""

from syncapp.models.library import (
    MIRRORED,
    HistoryEntry,
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
from syncapp.models.scene_set import SceneSet, SceneSetPart
from syncapp.models.setup import Claim, FailedTries, SetupCode
from syncapp.models.source import Source, StreamState

__all__ = [
    "MIRRORED",
    "Claim",
    "FailedTries",
    "HistoryEntry",
    "Performer",
    "PerformerTag",
    "Scene",
    "SceneFile",
    "ScenePerformer",
    "SceneSet",
    "SceneSetPart",
    "SceneTag",
    "SetupCode",
    "Source",
    "StreamState",
    "Studio",
    "StudioTag",
    "Tag",
    "TagParent",
]
