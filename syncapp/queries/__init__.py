"""What can be looked at: nouns; frozen values out, never rows."""

from syncapp.queries.deletions import HeldDeletions, held_deletions
from syncapp.queries.entity_detail import EntityDetail, SceneLine, entity_by_id
from syncapp.queries.entity_list import (
    EntityPage,
    EntityRef,
    EntityRow,
    list_entities,
)
from syncapp.queries.export import (
    Export,
    ExportPart,
    ExportPlace,
    ExportStart,
    UnusableFilter,
    WantedFilter,
    begin_export,
    export_columns,
    export_part,
    export_sorts,
    list_part,
    scene_count,
    usable_filter,
)
from syncapp.queries.export_text import FORMATS
from syncapp.queries.filter_names import NamedEntity, UnclearName
from syncapp.queries.history import ChangeLine, FieldChange, scene_history
from syncapp.queries.last_changed_by import ChangedBy
from syncapp.queries.paging import Count
from syncapp.queries.purge_preview import PurgePreview, purgeable_rows, source_purge
from syncapp.queries.quality import (
    QualityTile,
    SourceQuality,
    known_quality,
    source_quality,
)
from syncapp.queries.removal_preview import RemovalPreview, source_removal
from syncapp.queries.saved_filters import (
    SavedFilterLine,
    saved_filter,
    saved_filters,
    with_saved_filters,
)
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
    "FORMATS",
    "Branch",
    "ChangeLine",
    "ChangedBy",
    "Count",
    "Dashboard",
    "EntityDetail",
    "EntityPage",
    "EntityRef",
    "EntityRow",
    "Export",
    "ExportPart",
    "ExportPlace",
    "ExportStart",
    "FieldChange",
    "FileDetail",
    "HeldDeletions",
    "NamedEntity",
    "PurgePreview",
    "QualityTile",
    "RemovalPreview",
    "SampleLibrary",
    "SavedFilterLine",
    "SceneDetail",
    "SceneLine",
    "ScenePage",
    "SceneRow",
    "SourceLine",
    "SourcePage",
    "SourcePanel",
    "SourceQuality",
    "StreamLine",
    "Suggestions",
    "SyncLine",
    "Tree",
    "UnclearName",
    "UnusableFilter",
    "WantedFilter",
    "begin_export",
    "dashboard",
    "entity_by_id",
    "export_columns",
    "export_part",
    "export_sorts",
    "has_administrator",
    "held_deletions",
    "is_claimed",
    "known_quality",
    "list_entities",
    "list_part",
    "list_scenes",
    "list_sources",
    "purgeable_rows",
    "sample_library",
    "saved_filter",
    "saved_filters",
    "scene_by_id",
    "scene_count",
    "scene_history",
    "source_line",
    "source_page",
    "source_purge",
    "source_quality",
    "source_removal",
    "sync_history",
    "tag_tree",
    "usable_filter",
    "with_saved_filters",
]
