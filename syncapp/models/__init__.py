"""The tables: the mirror, its sources, saved filters, the first administrator."""

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
from syncapp.models.saved import SavedFilter
from syncapp.models.setup import Claim, FailedTries, SetupCode
from syncapp.models.source import Source, StreamState

__all__ = [
    "MIRRORED",
    "Claim",
    "FailedTries",
    "HistoryEntry",
    "Performer",
    "PerformerTag",
    "SavedFilter",
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
