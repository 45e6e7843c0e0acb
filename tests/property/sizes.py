"""Small sizes for the engine: a small library meets every boundary of a large one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from syncapp.stash import by_id, reading, side_reading
from syncapp.sync import (
    engine,
    guard,
    probe,
    references,
    same_library,
    side_probe,
    throttle,
    tombstones,
)

GUARD_ROWS = 3


@contextmanager
def small_sizes() -> Iterator[None]:
    """Make pages and the guard small, and let the writer not wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "PAGE", 7)
        patch.setattr(reading, "INDEX_SIZE", 9)
        patch.setattr(reading, "PAGE_SIZE", 7)
        patch.setattr(by_id, "TOGETHER", 3)
        patch.setattr(references, "BATCH", 2)
        patch.setattr(tombstones, "BATCH", 2)
        patch.setattr(guard, "GUARD_ROWS", GUARD_ROWS)
        patch.setattr(guard, "SAMPLE", 5)
        patch.setattr(reading, "NEWEST", 5)
        patch.setattr(by_id, "LEAST_TOGETHER", 2)
        patch.setattr(probe, "NEWEST", 5)
        for module in (same_library, side_probe):
            patch.setattr(module, "NEWEST", 5)
        patch.setattr(side_reading, "_LATEST", {"per_page": 5, "direction": "DESC"})
        patch.setattr(same_library, "ENOUGH", 3)
        patch.setattr(throttle, "LEAST_S", 0)
        patch.setattr(throttle, "SHARE", 0)
        yield
