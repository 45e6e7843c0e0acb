"""An SQLite database whose tables are there and empty, made once for all tests.

To migrate takes seconds, and many tests are about something else.
"""

import os
import tempfile
from functools import cache
from pathlib import Path

from tests.starting import manage

DATABASE = "steward.sqlite3"


@cache
def migrated() -> bytes:
    """Return the file."""
    with tempfile.TemporaryDirectory(prefix="steward-migrated-") as name:
        env = {"PATH": os.environ["PATH"], "STEWARD_DATA_DIR": name}
        done = manage(env, "migrate", "-v", "0")
        assert done.returncode == 0, done.stderr
        return (Path(name) / DATABASE).read_bytes()


def put_migrated(data: Path) -> None:
    """Make the data folder of an installation that was started before."""
    data.mkdir(parents=True, exist_ok=True)
    (data / DATABASE).write_bytes(migrated())
