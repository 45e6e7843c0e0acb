"""The pages: each makes its calls across the bridge, and renders values."""

from syncapp.views.library import (
    dashboard,
    healthz,
    name_list,
    name_page,
    scene_list,
    scene_page,
    start_sync,
    sync_name,
    sync_scene,
    sync_scenes,
    tag_tree,
)
from syncapp.views.setup import setup
from syncapp.views.sources import (
    cancel_source_jobs,
    connect,
    remove_source,
    set_source_key,
    source_page,
    test_source,
    use_sample_data,
)

__all__ = [
    "cancel_source_jobs",
    "connect",
    "dashboard",
    "healthz",
    "name_list",
    "name_page",
    "remove_source",
    "scene_list",
    "scene_page",
    "set_source_key",
    "setup",
    "source_page",
    "start_sync",
    "sync_name",
    "sync_scene",
    "sync_scenes",
    "tag_tree",
    "test_source",
    "use_sample_data",
]
