"""The admin of the library: for browsing; sources can be changed by administrators."""

from syncapp.admin.library import PerformerAdmin, SceneAdmin, StudioAdmin, TagAdmin
from syncapp.admin.people import PeopleGroupAdmin, PersonAdmin
from syncapp.admin.sources import SourceAdmin, StreamStateAdmin

__all__ = [
    "PeopleGroupAdmin",
    "PerformerAdmin",
    "PersonAdmin",
    "SceneAdmin",
    "SourceAdmin",
    "StreamStateAdmin",
    "StudioAdmin",
    "TagAdmin",
]
