"""What can be looked at: nouns; frozen values out, never rows."""

from syncapp.queries.changing import ChangedBy
from syncapp.queries.dashboard import Dashboard, SourcePanel, StreamLine, dashboard
from syncapp.queries.history import ChangeLine, FieldChange, scene_history
from syncapp.queries.holding import HeldDeletions, held_deletions
from syncapp.queries.name import NameDetail, SceneLine, name_detail
from syncapp.queries.names import Named, NamePage, NameRow, NameWish, list_names
from syncapp.queries.narrowing import Narrowed, Suggestions
from syncapp.queries.paging import Count
from syncapp.queries.purging import Purge, purgeable_rows, source_purge
from syncapp.queries.removing import Removal, source_removal
from syncapp.queries.scene import FileDetail, SceneDetail, scene_detail
from syncapp.queries.scenes import ScenePage, SceneRow, SceneWish, list_scenes
from syncapp.queries.setup import has_administrator, is_claimed
from syncapp.queries.sources import (
    Sample,
    SourceLine,
    database_answers,
    list_sources,
    sample,
    source_line,
)
from syncapp.queries.syncs import SourcePage, SyncLine, source_page, sync_history
from syncapp.queries.tree import Branch, Tree, tag_tree

__all__ = [
    "Branch",
    "ChangeLine",
    "ChangedBy",
    "Count",
    "Dashboard",
    "FieldChange",
    "FileDetail",
    "HeldDeletions",
    "NameDetail",
    "NamePage",
    "NameRow",
    "NameWish",
    "Named",
    "Narrowed",
    "Purge",
    "Removal",
    "Sample",
    "SceneDetail",
    "SceneLine",
    "ScenePage",
    "SceneRow",
    "SceneWish",
    "SourceLine",
    "SourcePage",
    "SourcePanel",
    "StreamLine",
    "Suggestions",
    "SyncLine",
    "Tree",
    "dashboard",
    "database_answers",
    "has_administrator",
    "held_deletions",
    "is_claimed",
    "list_names",
    "list_scenes",
    "list_sources",
    "name_detail",
    "purgeable_rows",
    "sample",
    "scene_detail",
    "scene_history",
    "source_line",
    "source_page",
    "source_purge",
    "source_removal",
    "sync_history",
    "tag_tree",
]
