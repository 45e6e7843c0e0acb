"""Keeps programs alive as a small program of its own: what `up` becomes.

To set up the database takes Django, which is 65 MB; to watch programs does not.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from jobs.worker.processes import Program, keep_alive
from syncapp.management.browser import open_page

ROOT = Path(__file__).resolve().parents[2]


def become_keeper(programs: Sequence[Program], opens: Mapping[str, str]) -> NoReturn:
    """Go on as a program that keeps these alive, and knows nothing else.

    `opens`: the address to open in a browser when a program listens, by its name. All
    is told through a file without a name, for no command line may show it.
    """
    told = {"programs": [asdict(program) for program in programs], "opens": dict(opens)}
    with tempfile.TemporaryFile("w+") as file:
        json.dump(told, file)
        file.seek(0)
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003
        # "up" is for who looks at the list of processes.
        argv = [sys.executable, "-m", __name__, "up", str(file.fileno())]
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        os.execve(sys.executable, argv, env)  # noqa: S606 - argv is ours


def main() -> int:
    """Be it; returns the exit code."""
    with os.fdopen(int(sys.argv[-1])) as file:
        told = json.load(file)
    programs = [_program(fields, told["opens"]) for fields in told["programs"]]
    return keep_alive(programs, partial(print, flush=True))


def _program(fields: Mapping[str, Any], opens: Mapping[str, str]) -> Program:
    url, address = opens.get(fields["name"]), fields["listens_on"]
    return Program(
        **{
            **fields,
            "listens_on": tuple(address) if address else None,
            "on_ready": partial(open_page, url) if url else None,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
