"""The tables: the mirror, its history and sources, plans, people and what they keep."""

from syncapp.models.automatic import AutomaticApply
from syncapp.models.decisions import Decision
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
from syncapp.models.plans import Change, Creation, NotADuplicate, Plan, SceneAnalysis
from syncapp.models.preferences import Preferences
from syncapp.models.rules import (
    Dismissal,
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
)
from syncapp.models.saved import SavedFilter
from syncapp.models.scene_set import SceneSet, SceneSetPart
from syncapp.models.search import (
    INDEX_VERSION,
    SEARCH,
    IndexState,
    PerformerSearch,
    SceneSearch,
    StudioSearch,
    TagSearch,
)
from syncapp.models.setup import Claim, FailedTries, SetupCode
from syncapp.models.source import Source, StreamState

__all__ = [
    "INDEX_VERSION",
    "MIRRORED",
    "SEARCH",
    "AutomaticApply",
    "Change",
    "ChangeSet",
    "Claim",
    "Creation",
    "Decision",
    "Dismissal",
    "FailedTries",
    "HistoryEntry",
    "IndexState",
    "KeptDateOrder",
    "KeptMark",
    "KeptRoots",
    "KeptSpelling",
    "NotADuplicate",
    "Performer",
    "PerformerSearch",
    "PerformerTag",
    "Plan",
    "Preferences",
    "SavedFilter",
    "Scene",
    "SceneAnalysis",
    "SceneFile",
    "ScenePerformer",
    "SceneSearch",
    "SceneSet",
    "SceneSetPart",
    "SceneTag",
    "SetupCode",
    "Source",
    "StreamState",
    "Studio",
    "StudioSearch",
    "StudioTag",
    "Tag",
    "TagParent",
    "TagSearch",
    "What",
]
