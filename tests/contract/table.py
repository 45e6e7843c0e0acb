"""The contract: every line, in the order in which it is asked."""

from tests.contract import (
    drift,
    files,
    lifetimes,
    names,
    our_writes,
    pictures,
    reading,
    scene_lists,
    scenes,
    tasks,
    transport,
)

LINES = (
    *transport.LINES,
    *drift.LINES,
    *reading.LINES,
    *files.LINES,
    *pictures.LINES,
    *names.LINES,
    *scenes.LINES,
    *scene_lists.LINES,
    *our_writes.LINES,
    *lifetimes.LINES,
    *tasks.LINES,
)
