"""The pages: each makes its calls across the bridge, and renders values."""

from syncapp.views.exports import export_list
from syncapp.views.library import (
    dashboard,
    entity_list,
    entity_page,
    healthz,
    held_deletions,
    keep_deletions,
    scene_list,
    scene_page,
    start_sync,
    sync_entity,
    sync_scene,
    sync_scenes,
    tag_tree,
    verify_source,
)
from syncapp.views.quality import source_quality
from syncapp.views.saved_filters import delete_filter, save_filter, saved_filter
from syncapp.views.setup import setup
from syncapp.views.sources import (
    cancel_source_jobs,
    connect_source,
    purge_source,
    remove_source,
    set_source_certificate,
    set_source_key,
    set_source_proxy,
    source_page,
    test_source,
    use_sample_data,
)

__all__ = [
    "cancel_source_jobs",
    "connect_source",
    "dashboard",
    "delete_filter",
    "entity_list",
    "entity_page",
    "export_list",
    "healthz",
    "held_deletions",
    "keep_deletions",
    "purge_source",
    "remove_source",
    "save_filter",
    "saved_filter",
    "scene_list",
    "scene_page",
    "set_source_certificate",
    "set_source_key",
    "set_source_proxy",
    "setup",
    "source_page",
    "source_quality",
    "start_sync",
    "sync_entity",
    "sync_scene",
    "sync_scenes",
    "tag_tree",
    "test_source",
    "use_sample_data",
    "verify_source",
]
