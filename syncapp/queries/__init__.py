"""What can be looked at: nouns; frozen values out, never rows."""

from syncapp.queries.dashboard import Dashboard, SourcePanel, StreamLine, dashboard
from syncapp.queries.names import NamePage, NameRow, list_names
from syncapp.queries.paging import Count
from syncapp.queries.scene import FileDetail, Named, SceneDetail, scene_detail
from syncapp.queries.scenes import ScenePage, SceneRow, list_scenes
from syncapp.queries.setup import has_administrator, is_claimed
from syncapp.queries.sources import SourceLine, database_answers, list_sources

__all__ = [
    "Count",
    "Dashboard",
    "FileDetail",
    "NamePage",
    "NameRow",
    "Named",
    "SceneDetail",
    "ScenePage",
    "SceneRow",
    "SourceLine",
    "SourcePanel",
    "StreamLine",
    "dashboard",
    "database_answers",
    "has_administrator",
    "is_claimed",
    "list_names",
    "list_scenes",
    "list_sources",
    "scene_detail",
]
