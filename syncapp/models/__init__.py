"""The tables: the mirror and its history, its sources, the first administrator."""

from syncapp.models.history import ChangeSet, HistoryEntry, What
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
from syncapp.models.setup import Claim, FailedTries, SetupCode
from syncapp.models.source import Source, StreamState

__all__ = [
    "MIRRORED",
    "ChangeSet",
    "Claim",
    "FailedTries",
    "HistoryEntry",
    "Performer",
    "PerformerTag",
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
    "What",
]
