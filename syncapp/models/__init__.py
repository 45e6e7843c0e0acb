"""The tables: the mirror, its sources, the first administrator, preferences."""

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
from syncapp.models.preferences import Preferences
from syncapp.models.setup import Claim, FailedTries, SetupCode
from syncapp.models.source import Source, StreamState

__all__ = [
    "MIRRORED",
    "Claim",
    "FailedTries",
    "HistoryEntry",
    "Performer",
    "PerformerTag",
    "Preferences",
    "Scene",
    "SceneFile",
    "ScenePerformer",
    "SceneTag",
    "SetupCode",
    "Source",
    "StreamState",
    "Studio",
    "StudioTag",
    "Tag",
    "TagParent",
]
