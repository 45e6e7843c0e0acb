"""What is broken on purpose, and how each is mended where it does not mend itself."""

import os
import random
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil
import psycopg

from jobs.models import Job
from jobs.queue import q2
from tests.faults.environment import Environment
from tests.faults.nodes import GONE, Node, marked
from tests.faults.workload import busy_pids
from tests.postgres import FAST, IMMEDIATE

JUMPED_S = 8.0
JUMPS_S = {"a day ahead": 86_400, "an hour back": -3_600, "two minutes ahead": 120}
LOCKED_S = 8.0
FULL_S = 4.0
Mend = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a fault may reach for."""

    environment: Environment
    nodes: list[Node]
    random: random.Random

    def pick(self, kind: str) -> tuple[Node, psutil.Process]:
        """Return one living process of this kind, and whose it is."""
        found = [(n, p) for n in self.nodes for p in n.kin().get(kind, [])]
        return self.random.choice(found)


@dataclass(frozen=True, slots=True)
class Injected:
    """What was done to whom; `mend` is to be called after `lasts_s`."""

    words: str
    lasts_s: float = 0.0
    mend: Mend | None = None


Fault = Callable[[Scene], Injected]


# Killed


def kill(kind: str, scene: Scene) -> Injected:
    node, process = scene.pick(kind)
    process.kill()
    return Injected(f"SIGKILL {kind} of {node.name}")


def kill_worker(scene: Scene, *, busy: bool) -> Injected:
    pids = set(busy_pids().values())
    workers = [(n, p) for n in scene.nodes for p in n.kin().get("worker", [])]
    fitting = [pair for pair in workers if (pair[1].pid in pids) == busy]
    node, process = scene.random.choice(fitting or workers)
    process.kill()
    is_busy = "busy" if process.pid in pids else "idle"
    return Injected(f"SIGKILL {is_busy} worker of {node.name}")


def kill_cluster(scene: Scene) -> Injected:
    node, process = scene.pick("main")
    os.killpg(process.pid, signal.SIGKILL)
    return Injected(f"SIGKILL a whole cluster of {node.name}")


def kill_all(scene: Scene) -> Injected:
    """Kill every process of every node at once, as a loss of power does."""
    _send(marked(scene.environment.mark), signal.SIGKILL)
    return Injected("SIGKILL everything at once")


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(*GONE):
            process.send_signal(number)


# Frozen, for good: nobody wakes them


def freeze(kind: str, scene: Scene) -> Injected:
    node, process = scene.pick(kind)
    if kind == "worker":
        pids = set(busy_pids().values())
        busy = [p for p in node.kin().get("worker", []) if p.pid in pids]
        process = (busy or [process])[0]
    _send([process], signal.SIGSTOP)
    return Injected(f"SIGSTOP {kind} of {node.name}")


def freeze_node(scene: Scene) -> Injected:
    """Stop all of a node, as a machine does that hangs."""
    node = scene.random.choice(scene.nodes)
    everybody = [process for kin in node.kin().values() for process in kin]
    _send(everybody, signal.SIGSTOP)
    return Injected(f"SIGSTOP all of {node.name}")


# The clock


def jump_clock(scene: Scene) -> Injected:
    """Set the clock of all processes of a node, and put it right again."""
    node = scene.random.choice(scene.nodes)
    words, seconds = scene.random.choice([*JUMPS_S.items()])
    node.set_clock(seconds)
    mend = partial(node.set_clock, 0)
    return Injected(f"clock of {node.name} {words}", JUMPED_S, mend)


# The database


def restart_postgres(scene: Scene, *, how: signal.Signals) -> Injected:
    server = scene.environment.postgres
    assert server is not None
    server.stop(how)
    time.sleep(1)
    server.start()
    name = "fast" if how == FAST else "immediate"
    return Injected(f"PostgreSQL restarted ({name} stop)")


def lock_sqlite(scene: Scene) -> Injected:
    """Hold the one write lock for longer than a lease."""
    held = threading.Event()
    release = threading.Event()

    def hold() -> None:
        path = scene.environment.database_file
        other = sqlite3.connect(path, timeout=30, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        held.set()
        release.wait(60)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    held.wait(30)

    def mend() -> None:
        release.set()
        thread.join()

    return Injected(f"SQLite's lock held for {LOCKED_S:.0f} s", LOCKED_S, mend)


def fill_disk(scene: Scene) -> Injected:
    """Leave no room: with a ballast on a disk of our own, else by a limit to files."""
    if not scene.environment.on_disk:
        return _limit_files(scene)
    ballast = scene.environment.folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    return Injected(f"disk full for {FULL_S:.0f} s", FULL_S, ballast.unlink)


def _limit_files(scene: Scene) -> Injected:
    everybody = marked(scene.environment.mark)
    endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def limit(soft: int) -> None:
        for process in everybody:
            with suppress(*GONE):
                process.rlimit(psutil.RLIMIT_FSIZE, (soft, endless[1]))

    limit(0)
    words = f"no file can grow for {FULL_S:.0f} s"
    return Injected(words, FULL_S, partial(limit, endless[0]))


def refuse_writes(scene: Scene) -> Injected:
    """Make PostgreSQL read only, as hosts do with one whose disk is full."""

    def default_to(word: str) -> None:
        assert scene.environment.postgres is not None
        with psycopg.connect(scene.environment.postgres.url, autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")
            admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {word}")
            admin.execute("SELECT pg_reload_conf()")

    default_to("on")
    words = f"PostgreSQL read only for {FULL_S:.0f} s"
    return Injected(words, FULL_S, partial(default_to, "off"))


# The carrier of wake-ups


def duplicate(scene: Scene) -> Injected:
    """Send the wake-ups of the newest jobs three times more, ended or not."""
    jobs = [*Job.objects.order_by("-pk").values_list("pk", "lane")[:30]]
    for job_id, lane in jobs * 3:
        q2.send(job_id, q2.queue_of(lane))
    return Injected(f"{len(jobs)} wake-ups sent three times more")


def flush_redis(scene: Scene) -> Injected:
    assert scene.environment.redis is not None
    lost = scene.environment.redis.flush()
    return Injected(f"Redis flushed with {lost} wake-ups in it")


def restart_redis(scene: Scene) -> Injected:
    assert scene.environment.redis is not None
    scene.environment.redis.stop()
    time.sleep(1)
    scene.environment.redis.start()
    return Injected("Redis restarted, empty")


KINDS = ("supervisor", "main", "sentinel", "monitor", "pusher", "web", "up")
FROZEN_KINDS = (
    *("worker", "pusher", "monitor", "sentinel", "main"),
    *("supervisor", "web"),
)


def faults_for(environment: Environment) -> dict[str, Fault]:
    """Return what can be broken on this environment, by name."""
    found: dict[str, Fault] = {f"kill {kind}": partial(kill, kind) for kind in KINDS}
    found |= {
        "kill busy worker": partial(kill_worker, busy=True),
        "kill idle worker": partial(kill_worker, busy=False),
        "kill cluster": kill_cluster,
        "kill all": kill_all,
        "freeze node": freeze_node,
        "jump clock": jump_clock,
        "duplicate": duplicate,
        **{f"freeze {kind}": partial(freeze, kind) for kind in FROZEN_KINDS},
    }
    if environment.postgres is None:
        found |= {"lock database": lock_sqlite, "fill disk": fill_disk}
    else:
        found |= {
            "restart database": partial(restart_postgres, how=FAST),
            "crash database": partial(restart_postgres, how=IMMEDIATE),
            "refuse writes": refuse_writes,
        }
    if environment.redis is not None:
        found |= {"flush redis": flush_redis, "restart redis": restart_redis}
    return found
