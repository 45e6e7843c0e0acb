"""Where a bench runs: a fresh folder, a fresh database, the environment for both."""

import ctypes
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port
from tests.postgres import Server, own_server
from tests.redis_server import Redis, own_redis
from tests.workers import KNOBS

MARK = "FAULTS_RUN"  # in the environment of every process of a run
DISK_MB = 96
LANES = "system+short:1,long:1"  # as they are by default: two clusters a node
_NEW_MOUNTS = 0x00020000
ADMIN, PASSWORD = "ada", "between-tides-1931"
OURS = ("STEWARD_", "DATABASE_URL", "REDIS_URL", "DJANGO_")


@dataclass(frozen=True, slots=True)
class Environment:
    """What the faults may reach for; None where it is not part of this run."""

    folder: Path
    logs: Path  # apart from it: there is room when the disk is full
    mark: str
    port: int  # of the web server
    on_disk: bool  # the folder is a small disk of its own, which may be filled
    postgres: Server | None
    redis: Redis | None

    @property
    def database_url(self) -> str:
        if self.postgres is not None:
            return self.postgres.url
        return f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        return self.folder / "steward.sqlite3"

    def variables(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        password = self.folder / "password"
        return {
            **kept,
            **KNOBS,
            "STEWARD_LANES": LANES,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "STEWARD_JOB_HANDLERS": "tests.faults.kinds.HANDLERS",
            "STEWARD_DATA_DIR": str(self.folder),
            "STEWARD_DEMO": "0",
            "STEWARD_PORT": str(self.port),
            "STEWARD_ADMIN_USER": ADMIN,
            "STEWARD_ADMIN_PASSWORD_FILE": str(password),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url if self.redis else "",
        }


@contextmanager
def fresh(database: str, broker: str) -> Iterator[Environment]:
    """Make a place for one run; it is gone afterwards. Raises NoPostgres."""
    base = Path(tempfile.mkdtemp(prefix="steward-faults-"))
    folder, logs = base / "data", base / "logs"
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, base, ignore_errors=True)
        folder.mkdir()
        logs.mkdir()
        on_disk = database == "sqlite" and _mount(folder)
        if on_disk:
            stack.callback(_unmount, folder)
        (folder / "password").write_text(PASSWORD)
        yield Environment(
            folder=folder,
            logs=logs,
            mark=uuid.uuid4().hex,
            port=free_port(),
            on_disk=on_disk,
            postgres=(
                stack.enter_context(_postgres()) if database == "postgres" else None
            ),
            redis=(stack.enter_context(own_redis(logs)) if broker == "redis" else None),
        )


def _postgres() -> AbstractContextManager[Server]:
    # A commit that was told to be done must outlive the server's end.
    return own_server(synchronous_commit="on")


def _mount(folder: Path) -> bool:
    """Make the folder a disk of its own, where that is allowed (root, on Linux).

    Only we and our children see it, and it is gone when the last of us has ended.
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is None or unshare(_NEW_MOUNTS) != 0:
        return False
    options = ["-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(folder)]
    return all(
        subprocess.run(["mount", *how], capture_output=True, check=False).returncode
        == 0
        for how in (["--make-rprivate", "/"], options)
    )


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=False)
