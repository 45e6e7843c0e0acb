"""The admin of the library: for browsing; sources can be changed by administrators."""

from syncapp.admin.library import PerformerAdmin, SceneAdmin, StudioAdmin, TagAdmin
from syncapp.admin.sources import SourceAdmin, StreamStateAdmin

__all__ = [
    "PerformerAdmin",
    "SceneAdmin",
    "SourceAdmin",
    "StreamStateAdmin",
    "StudioAdmin",
    "TagAdmin",
]
