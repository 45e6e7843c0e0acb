"""What can be done: verbs; plain values in, ids and frozen values out."""

from syncapp.services.buttons import press_sync, press_sync_scenes
from syncapp.services.errors import (
    BadKey,
    BadName,
    BadRequest,
    NotThere,
    Refused,
    SourceBusy,
    SourceNotFound,
)
from syncapp.services.first_run import add_demo_source, demo_port, has_administrator
from syncapp.services.removal import remove_source
from syncapp.services.sources import (
    SourceTest,
    add_source,
    change_source,
    checked_key,
    set_key,
    test_source,
)
from syncapp.services.syncing import STREAM_NAMES, resync, start_sync, sync_scenes

__all__ = [
    "STREAM_NAMES",
    "BadKey",
    "BadName",
    "BadRequest",
    "NotThere",
    "Refused",
    "SourceBusy",
    "SourceNotFound",
    "SourceTest",
    "add_demo_source",
    "add_source",
    "change_source",
    "checked_key",
    "demo_port",
    "has_administrator",
    "press_sync",
    "press_sync_scenes",
    "remove_source",
    "resync",
    "set_key",
    "start_sync",
    "sync_scenes",
    "test_source",
]
