"""One run: programs, work, one fault after another, and what must hold in the end."""

import random
import threading
import time
from collections import Counter

from django.core.management import call_command
from django.db import connection

from jobs.models import Job, JobEvent
from tests.faults.environment import Environment
from tests.faults.faults import Fault, Injected, Scene, faults_for
from tests.faults.fleet import UP, WORKER, Fleet
from tests.faults.invariants import breaches, doubled, moved_ends
from tests.faults.kinds import make_table
from tests.faults.nodes import strays
from tests.faults.recovery import Recovery, is_done
from tests.faults.report import Report, Row
from tests.faults.workload import Workload
from tests.waiting import wait_until

START_S, WARM_S, END_S = 30.0, 2.0, 120.0
RECOVER_S = 60.0  # until every lane is at work again
# A machine that hangs in the middle of a write to SQLite holds up all: turn it off.
HELP_S = 30.0
WHOLE_S = 120.0  # until everything is, with a person's help where one is asked for
LOOK_S = 0.1
STRAY_S = 5.0  # a process whose parent was killed is given this to end
QUIET_S = 1.0  # work that goes on between two faults
BEFORE_START = 20  # jobs that are queued when Redis is flushed


class Bench:
    def __init__(self, environment: Environment, seed: int) -> None:
        self.environment = environment
        self.random = random.Random(seed)
        self.fleet = Fleet(environment, UP, WORKER)
        self.work = Workload(seed)
        self.ended: dict[int, object] = {}
        self.report = Report(
            database=connection.vendor,
            broker="redis" if environment.redis else "orm",
            seed=seed,
        )

    def run(self, faults: int, only: str) -> Report:
        call_command("migrate", verbosity=0)
        make_table()
        if self.environment.redis is not None:
            self.queue_and_flush()
        try:
            self.start()
            for number, fault in enumerate(self.deck(faults, only), 1):
                self.do(number, fault)
            self.finish()
        finally:
            self.work.done.set()
            self.report.wrong += self.fleet.stop()
        if self.report.wrong:
            print(f"What the programs said is in {self.fleet.keep_logs()}")
        return self.report

    def queue_and_flush(self) -> None:
        assert self.environment.redis is not None
        for _ in range(BEFORE_START):
            self.work.ask()
        print(f"Redis flushed with {self.environment.redis.flush()} wake-ups in it")

    def start(self) -> None:
        canary = self.work.ask(canary="short")
        self.fleet.start()
        wait_until(lambda: is_done(canary), within=START_S)
        self.work.start()
        time.sleep(WARM_S)

    def deck(self, faults: int, only: str) -> list[Fault]:
        """Return so many faults: each kind once before any comes again."""
        cards: list[Fault] = []
        while len(cards) < faults:
            named = faults_for(self.environment).items()
            every = [fault for name, fault in named if only in name]
            self.random.shuffle(every)
            cards += every
        return cards[:faults]

    def do(self, number: int, fault: Fault) -> None:
        began = time.monotonic()
        last = JobEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
        injected = fault(Scene(self.environment, self.fleet.nodes, self.random))
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
        """Wait until its victims go on, each lane does a new job, and all is whole."""
        seen = Recovery(self.work)
        whole_s = 0.0
        while not (seen.is_done and whole_s):
            self.fleet.keep()
            elapsed_s = time.monotonic() - began
            if seen.is_done or elapsed_s > HELP_S:
                self.fleet.operate()
            if not whole_s and elapsed_s > injected.lasts_s and self.fleet.is_whole():
                whole_s = elapsed_s
            seen.look(began)
            if elapsed_s > (WHOLE_S if seen.is_done else RECOVER_S):
                what = f"{seen}; {self.fleet.missing() or 'all is whole'}"
                self.report.wrong.append(f"after fault {number} no recovery: {what}")
                break
            time.sleep(LOOK_S)
        return Row(number, injected.words, seen.hit, seen.took_s, whole_s, {})

    def wrongs(self) -> list[str]:
        """Return what can be seen to be wrong while work goes on."""
        found = doubled() + moved_ends(self.ended)
        late = strays(self.environment.mark, self.fleet.nodes)
        if late:
            time.sleep(STRAY_S)
            still = strays(self.environment.mark, self.fleet.nodes)
            found += [f"stray process {p}" for p in late if p in still]
        return found

    def finish(self) -> None:
        """Ask for no more; wait until all has ended; see what became of it."""
        self.work.done.set()
        self.work.join()
        deadline = time.monotonic() + END_S
        while Job.objects.active().exists() and time.monotonic() < deadline:
            self.fleet.keep()
            time.sleep(LOOK_S)
        self.report.refused = self.work.refused
        self.report.jobs = dict(Counter(Job.objects.values_list("status", flat=True)))
        self.report.wrong += self.wrongs() + breaches(self.work.promises)


def run(environment: Environment, faults: int, seed: int, only: str = "") -> Report:
    """Inject so many faults, of those with `only` in their name."""
    return Bench(environment, seed).run(faults, only)
