"""The pages: each makes its calls across the bridge, and renders values."""

from syncapp.views.library import (
    dashboard,
    entity_list,
    entity_page,
    healthz,
    held_deletions,
    keep_deletions,
    scene_list,
    start_sync,
    sync_entity,
    sync_scenes,
    verify_source,
)
from syncapp.views.scene import scene_page, sync_scene
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
from syncapp.views.tag_tree import tag_tree

__all__ = [
    "cancel_source_jobs",
    "connect_source",
    "dashboard",
    "entity_list",
    "entity_page",
    "healthz",
    "held_deletions",
    "keep_deletions",
    "purge_source",
    "remove_source",
    "scene_list",
    "scene_page",
    "set_source_certificate",
    "set_source_key",
    "set_source_proxy",
    "setup",
    "source_page",
    "start_sync",
    "sync_entity",
    "sync_scene",
    "sync_scenes",
    "tag_tree",
    "test_source",
    "use_sample_data",
    "verify_source",
]
