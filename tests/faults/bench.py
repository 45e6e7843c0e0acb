"""One run: programs, work, one fault after another, and what must hold in the end."""

import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from jobs.models import Job, JobEvent
from tests.faults.family import Node, marked, strays, web_answers
from tests.faults.faults import Fault, Injected, Scene, faults_for
from tests.faults.ground import MARK, Ground
from tests.faults.invariants import breaches, doubled, moved_ends
from tests.faults.kinds import make_table
from tests.faults.recovery import Recovery, is_done
from tests.faults.report import Report, Row
from tests.faults.workload import Workload
from tests.waiting import wait_until

START_S, RECOVER_S, END_S = 90.0, 90.0, 120.0
LOOK_S = 0.1
STRAY_S = 5.0  # a process whose parent was killed is given this to end
QUIET_S = 1.0  # work that goes on between two faults
BEFORE_START = 20  # jobs that are queued when Redis is flushed


class Bench:
    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground = ground
        self.random = random.Random(seed)
        env = {**ground.environment(), MARK: ground.mark}
        up = ["up", "--no-browser", "--no-demo"]
        again = {**env, "FAULTS_RETRY_S": "3"}  # its queue sends everything twice
        self.nodes = [
            Node("a", up, env, ground.logs / "a.log"),
            Node("b", ["worker"], again, ground.logs / "b.log"),
        ]
        self.work = Workload(seed)
        self.ended: dict[int, object] = {}
        self.report = Report(
            database=connection.vendor,
            broker="redis" if ground.redis else "orm",
            seed=seed,
        )

    def run(self, faults: int) -> Report:
        call_command("migrate", verbosity=0)
        make_table()
        if self.ground.redis is not None:
            self.queue_and_flush()
        try:
            self.start()
            for number, fault in enumerate(self.deck(faults), 1):
                self.do(number, fault)
            self.finish()
        finally:
            self.stop()
        if self.report.wrong:
            self.keep_logs()
        return self.report

    def queue_and_flush(self) -> None:
        assert self.ground.redis is not None
        for _ in range(BEFORE_START):
            self.work.ask()
        print(f"Redis flushed with {self.ground.redis.flush()} wake-ups in it")

    def start(self) -> None:
        """Start the nodes and the work; what they are made of now is whole."""
        for node in self.nodes:
            node.start()
        canary = self.work.ask(canary=True)
        wait_until(lambda: is_done(canary), within=START_S)
        wait_until(lambda: web_answers(self.ground.port), within=START_S)
        wait_until(self.has_settled, within=START_S, every=1)
        self.work.start()
        time.sleep(2)

    def has_settled(self) -> bool:
        """Return whether each node has the same processes as a second ago."""
        before = [node.whole for node in self.nodes]
        for node in self.nodes:
            node.whole = {kind: len(kin) for kind, kin in node.kin().items()}
        return all("pusher" in whole for whole in before) and before == [
            node.whole for node in self.nodes
        ]

    def deck(self, faults: int) -> list[Fault]:
        """Return so many faults: each kind once before any comes again."""
        cards: list[Fault] = []
        while len(cards) < faults:
            every = faults_for(self.ground)
            self.random.shuffle(every)
            cards += every
        return cards[:faults]

    def do(self, number: int, fault: Fault) -> None:
        began = time.monotonic()
        last = JobEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
        injected = fault(Scene(self.ground, self.nodes, self.random))
        if injected.mend is not None:
            threading.Timer(injected.lasts_s, injected.mend).start()
        row = self.watch(number, began, injected)
        told = JobEvent.objects.filter(pk__gt=last, level__in=["warning", "error"])
        codes = told.exclude(code="stumbled").values_list("code", flat=True)
        row.events.update(Counter(codes))
        self.report.rows.append(row)
        print(row, flush=True)
        self.report.wrong += [
            f"after fault {number} {wrong}" for wrong in self.wrongs()
        ]
        time.sleep(QUIET_S)

    def watch(self, number: int, began: float, injected: Injected) -> Row:
        """Wait until the jobs it hit go on, a new one is done, and all is whole."""
        seen = Recovery(self.work)
        whole_s = 0.0
        while not (seen.is_done and whole_s):
            for node in self.nodes:
                node.keep()
            elapsed_s = time.monotonic() - began
            if not whole_s and elapsed_s > injected.lasts_s and self.is_whole():
                whole_s = elapsed_s
            seen.look(began)
            if elapsed_s > RECOVER_S:
                what = f"{seen}; {self.missing() or 'all is whole'}"
                self.report.wrong.append(f"after fault {number} no recovery: {what}")
                break
            time.sleep(LOOK_S)
        return Row(number, injected.words, seen.hit, seen.took_s, whole_s, {})

    def is_whole(self) -> bool:
        return all(node.is_whole() for node in self.nodes) and web_answers(
            self.ground.port
        )

    def missing(self) -> str:
        """Say of which processes there are more or fewer than there should be."""
        return "; ".join(
            f"{node.name} has { ({kind: len(kin) for kind, kin in node.kin().items()}) }"
            for node in self.nodes
            if not node.is_whole()
        )

    def wrongs(self) -> list[str]:
        """Return what can be seen to be wrong while work goes on."""
        found = doubled() + moved_ends(self.ended)
        late = [process for process in strays(self.ground.mark, self.nodes)]
        if late:
            time.sleep(STRAY_S)
            still = strays(self.ground.mark, self.nodes)
            found += [f"stray process {p}" for p in late if p in still]
        return found

    def finish(self) -> None:
        """Ask for no more; wait until all has ended; see what became of it."""
        self.work.done.set()
        self.work.join()
        deadline = time.monotonic() + END_S
        while Job.objects.active().exists() and time.monotonic() < deadline:
            for node in self.nodes:
                node.keep()
            time.sleep(LOOK_S)
        self.report.refused = self.work.refused
        self.report.jobs = dict(Counter(Job.objects.values_list("status", flat=True)))
        self.report.wrong += self.wrongs() + breaches(self.work.promises)

    def stop(self) -> None:
        self.work.done.set()
        for node in self.nodes:
            node.stop()
        left = marked(self.ground.mark)
        self.report.wrong += [f"process {process.pid} is left" for process in left]
        for process in left:
            process.kill()

    def keep_logs(self) -> None:
        """Put what the programs said where it stays."""
        folder = Path(tempfile.mkdtemp(prefix="steward-faults-logs-"))
        shutil.copytree(self.ground.logs, folder, dirs_exist_ok=True)
        print(f"What the programs said is in {folder}")


def run(ground: Ground, faults: int, seed: int) -> Report:
    """Inject so many faults; returns what happened."""
    return Bench(ground, seed).run(faults)
