"""What can be looked at: nouns; frozen values out, never rows."""

from syncapp.queries.change_rows import ChangedRow, GroupKey
from syncapp.queries.changes import (
    ChangeDay,
    ChangeGroup,
    ChangesPage,
    JobChanges,
    list_changes,
)
from syncapp.queries.deletions import HeldDeletions, held_deletions
from syncapp.queries.entity_detail import EntityDetail, SceneLine, entity_by_id
from syncapp.queries.entity_list import (
    EntityPage,
    EntityRef,
    EntityRow,
    list_entities,
)
from syncapp.queries.filter_names import NamedEntity, UnclearName
from syncapp.queries.history import ChangeLine, FieldChange, RowHistory, row_history
from syncapp.queries.last_changed_by import ChangedBy
from syncapp.queries.paging import Count
from syncapp.queries.purge_preview import PurgePreview, purgeable_rows, source_purge
from syncapp.queries.removal_preview import RemovalPreview, source_removal
from syncapp.queries.scene_detail import FileDetail, SceneDetail, scene_by_id
from syncapp.queries.scene_list import ScenePage, SceneRow, list_scenes
from syncapp.queries.setup import has_administrator, is_claimed
from syncapp.queries.source_panels import Dashboard, SourcePanel, StreamLine, dashboard
from syncapp.queries.sources import (
    SampleLibrary,
    SourceLine,
    list_sources,
    sample_library,
    source_line,
)
from syncapp.queries.suggestions import Suggestions
from syncapp.queries.sync_runs import SourcePage, SyncLine, source_page, sync_history
from syncapp.queries.tags import Branch, Tree, tag_tree

__all__ = [
    "Branch",
    "ChangeDay",
    "ChangeGroup",
    "ChangeLine",
    "ChangedBy",
    "ChangedRow",
    "ChangesPage",
    "Count",
    "Dashboard",
    "EntityDetail",
    "EntityPage",
    "EntityRef",
    "EntityRow",
    "FieldChange",
    "FileDetail",
    "GroupKey",
    "HeldDeletions",
    "JobChanges",
    "NamedEntity",
    "PurgePreview",
    "RemovalPreview",
    "RowHistory",
    "SampleLibrary",
    "SceneDetail",
    "SceneLine",
    "ScenePage",
    "SceneRow",
    "SourceLine",
    "SourcePage",
    "SourcePanel",
    "StreamLine",
    "Suggestions",
    "SyncLine",
    "Tree",
    "UnclearName",
    "dashboard",
    "entity_by_id",
    "has_administrator",
    "held_deletions",
    "is_claimed",
    "list_changes",
    "list_entities",
    "list_scenes",
    "list_sources",
    "purgeable_rows",
    "row_history",
    "sample_library",
    "scene_by_id",
    "source_line",
    "source_page",
    "source_purge",
    "source_removal",
    "sync_history",
    "tag_tree",
]
