"""A site to look at: a mirrored library, and jobs of every state that stand still."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syncapp.demo import DemoServer, Library
from tests.browser.installation import Installation
from tests.browser.steps import SOURCE

SCENES = 120
BEAT_S = 5
DAMAGE = (
    "from syncapp.models import Scene, Tag;"
    "Tag.objects.filter(remote_id__lte=3).update(scene_count=7_000);"
    "Scene.objects.filter(remote_id__lte=9).update(director='Nobody')"
)
FIXTURE_ROWS = (
    "import json; from tests.browser.fixture_rows import write_fixture_rows;"
    "print(json.dumps(write_fixture_rows()))"
)


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A running site, and where its pages are: name > path."""

    installation: Installation
    pages: dict[str, str]

    @property
    def address(self) -> str:
        return self.installation.address


@contextmanager
def demo_site(folder: Path, *, scenes: int = SCENES) -> Iterator[DemoSite]:
    """Make such a site and run its web server; there is no worker to change it."""
    site = Installation(folder)
    site.set_up()
    with DemoServer(Library(seed=7, scenes=scenes), port=0, api_key="") as demo:
        site.manage("source", "add", SOURCE, demo.url)
        site.manage("sync", "--full", "--inline")
        site.manage("shell", "-v", "0", "-c", DAMAGE)
        site.manage("verify", "--all", "--repair", "--inline")
    made = json.loads(site.manage("shell", "-v", "0", "-c", FIXTURE_ROWS))
    with site.web(), beating(site.data / "steward.sqlite3"):
        yield DemoSite(site, {**LISTS, **made})


@contextmanager
def beating(database: Path) -> Iterator[None]:
    """Keep the workers of the fixture alive, of which no process is there."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_S):
            now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            with closing(sqlite3.connect(database, timeout=30)) as rows, rows:
                rows.execute("UPDATE jobs_workernode SET heartbeat_at = ?", [now])

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


LISTS = {
    "dashboard": "/",
    "changes": "/changes/",
    "plans": "/plans/",
    "no plans": "/plans/?source=987654",
    "changes wrong": "/changes/?day_from=someday&what=eaten&colour=red",
    "no changes": "/changes/?job=987654",
    "scenes": "/scenes/",
    "scenes grid": "/scenes/?view=grid",
    "scenes found": "/scenes/?q=the",
    "scenes not found": "/scenes/?q=nothing-has-this-name",
    "scenes filtered": "/scenes/?rating_from=60&sort=-rating",
    "all matching": "/scenes/sync/matching/?q=the&rating_from=60",
    "analyse": "/analyse/?q=the&rating_from=60",
    "change by hand": "/scenes/change/?q=the&rating_from=60",
    "rules of sources": "/rules/",
    "performers": "/performers/",
    "tags": "/tags/",
    "tag tree": "/tags/tree/",
    "studios": "/studios/",
    "jobs": "/jobs/",
    "workers": "/jobs/workers/",
    "connect": "/connect/",
    "preferences": "/preferences/",
    "schedules": "/schedules/",
    "schedule new": "/schedules/new/",
}
