"""The mirrored entities, in the order in which they refer to one another."""

from syncapp.sync.streams.performers import PERFORMERS
from syncapp.sync.streams.scenes import SCENES
from syncapp.sync.streams.studios import STUDIOS
from syncapp.sync.streams.tags import TAGS

STREAMS = (TAGS, STUDIOS, PERFORMERS, SCENES)
