"""An SQLite database whose tables are there and empty, made once for all tests.

To migrate takes seconds, and many tests are about something else.
"""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "steward.sqlite3"


@cache
def migrated() -> bytes:
    """Return the file."""
    with tempfile.TemporaryDirectory(prefix="steward-migrated-") as name:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "STEWARD_DATA_DIR": name},
            check=True,
        )
        return (Path(name) / DATABASE).read_bytes()


def put_migrated(data: Path) -> None:
    """Make the data folder of an installation that was started before."""
    data.mkdir(parents=True, exist_ok=True)
    (data / DATABASE).write_bytes(migrated())
