"""Keeps programs alive: starts them, prefixes their lines, restarts them, stops them.

It knows a program by its command line only, and nothing of what the program does.
"""

import ctypes
import os
import selectors
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

import psutil

TICK_S = 0.2  # between two looks while something starts or ends
CALM_S = 1.0  # and while all goes well; what ends or asks is heard of at once
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # that ask for an end
GRACE_S = 9.0  # a stop is done within ten seconds
FROZEN_S = 10.0  # a process that is stopped for so long is taken for dead
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
CRASHES, CRASHES_WITHIN_S = 5, 60.0
LISTEN_WAIT_S = 30.0  # the next program starts after this, listening or not
LAST_LINES = 20
_PR_SET_PDEATHSIG = 1
# Looked up here, for a forked child must not: None where the system has no prctl.
_prctl = getattr(ctypes.CDLL(None), "prctl", None)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Program:
    """What to keep alive; programs start in order, each when the one before listens."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    listens_on: tuple[str, int] | None = None
    greeting: str = ""  # said once, when it listens for the first time
    on_ready: Callable[[], object] | None = None  # called once, after the greeting


def die_with_parent(parent: int) -> None:
    """Make the kernel kill this process when its parent ends, however it ends.

    To be called in the child, right after the fork. Where prctl is missing (macOS),
    a parent that is killed leaves its children behind.
    """
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)


def listens(address: tuple[str, int]) -> bool:
    """Return whether something accepts connections at `address`."""
    with suppress(OSError), socket.create_connection(address, timeout=TICK_S):
        return True
    return False


@dataclass(slots=True)
class _Child:
    """One program and its process, if it has one now."""

    program: Program
    width: int
    say: Say
    process: subprocess.Popen[bytes] | None = None
    partial_line: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    crashes: deque[float] = field(default_factory=lambda: deque(maxlen=CRASHES))
    wait_s: float = FIRST_WAIT_S
    started_at: float = 0.0
    due_at: float = 0.0
    stopped_at: float | None = None  # since when it is stopped, as by SIGSTOP
    ready: bool = False  # it has listened once, or need not

    def start(self, selector: selectors.BaseSelector) -> None:
        # Its own session: a terminal's Ctrl-C reaches it through us alone. The hook is
        # safe here, for this process has one thread.
        self.process = subprocess.Popen(  # noqa: S603 - argv is ours
            self.program.argv,
            env=self.program.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
        self.started_at = time.monotonic()
        if self.process.stdout is not None:
            os.set_blocking(self.process.stdout.fileno(), False)
            selector.register(self.process.stdout, selectors.EVENT_READ, self)

    def read(self) -> bool:
        """Say every whole line that is there; returns whether more may come."""
        stream = self.process.stdout if self.process else None
        if stream is None or stream.closed:
            return False
        try:
            data = os.read(stream.fileno(), 65_536)
        except BlockingIOError:
            return False
        *lines, self.partial_line = (self.partial_line + data).split(b"\n")
        for line in lines:
            self.say_line(line)
        return bool(data)

    def say_line(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        self.last_lines.append(text)
        self.say(f"{self.program.name:<{self.width}} | {text}")

    def discard(self, selector: selectors.BaseSelector) -> None:
        """Kill what is left of it, say its last lines, let go of its pipe."""
        if self.process is None:
            return
        self.send(signal.SIGKILL)
        self.process.wait()
        while self.read():
            pass
        if self.partial_line:
            self.say_line(self.partial_line)
            self.partial_line = b""
        if self.process.stdout is not None:
            with suppress(KeyError):
                selector.unregister(self.process.stdout)
            self.process.stdout.close()
        self.process = None

    def send(self, number: signal.Signals) -> None:
        """Send a polite signal to the process alone, SIGKILL to its whole session."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)

    def is_frozen(self) -> bool:
        """Return whether it was stopped at every look for too long."""
        state = ""
        if self.process is not None:
            with suppress(psutil.NoSuchProcess):
                state = psutil.Process(self.process.pid).status()
        now = time.monotonic()
        if state != psutil.STATUS_STOPPED:
            self.stopped_at = None
        elif self.stopped_at is None:
            self.stopped_at = now
        return self.stopped_at is not None and now - self.stopped_at >= FROZEN_S

    def note_crash(self) -> bool:
        """Set the time of the restart; returns whether there were too many crashes."""
        now = time.monotonic()
        if now - self.started_at > CRASHES_WITHIN_S:
            self.wait_s = FIRST_WAIT_S
        self.due_at = now + self.wait_s
        self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
        self.crashes.append(now)
        return len(self.crashes) == CRASHES and now - self.crashes[0] < CRASHES_WITHIN_S


class _Keeper:
    """Starts in order, watches, restarts, stops; one thread, no locks."""

    def __init__(
        self, programs: Sequence[Program], say: Say, signals: socket.socket
    ) -> None:
        width = max(len(program.name) for program in programs)
        self.children = [_Child(program, width, say) for program in programs]
        self.say = say
        self.signals = signals  # a byte comes with each
        self.selector = selectors.DefaultSelector()
        self.selector.register(signals, selectors.EVENT_READ)
        self.asked_to_stop = 0

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def run(self) -> int:
        try:
            while not self.asked_to_stop:
                self.start_what_is_due()
                self.listen(CALM_S if self.is_calm() else TICK_S)
                broken = self.look_for_crashes()
                if broken is not None:
                    self.explain(broken)
                    return 1
            self.say("Stopping. Ctrl-C again kills at once.")
            return 0
        finally:
            self.stop()
            self.selector.close()

    def start_what_is_due(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None and now >= child.due_at:
                child.start(self.selector)
            if not child.ready and not self.is_ready(child):
                return

    def is_ready(self, child: _Child) -> bool:
        address = child.program.listens_on
        if address is not None and not (child.process and listens(address)):
            return time.monotonic() - child.started_at > LISTEN_WAIT_S
        child.ready = True
        if child.program.greeting:
            self.say(child.program.greeting)
        if child.program.on_ready:
            child.program.on_ready()
        return True

    def listen(self, within_s: float = TICK_S) -> None:
        """Say what the programs say; returns early at a signal, or when one ends."""
        for key, _mask in self.selector.select(within_s):
            if key.fileobj is self.signals:
                self.signals.recv(1)
            elif not key.data.read():  # the pipe has ended; its process will be missed
                self.selector.unregister(key.fileobj)

    def is_calm(self) -> bool:
        """Return whether every program is ready and holds its pipe."""
        all_ready = all(child.ready for child in self.children)
        return all_ready and len(self.selector.get_map()) == 1 + len(self.children)

    def look_for_crashes(self) -> _Child | None:
        """Plan the restart of what has ended; returns the one that ended too often."""
        for child in self.children:
            if child.is_frozen():
                self.say(f"{child.program.name} is frozen; it is killed.")
                child.send(signal.SIGKILL)
            if child.process is None or child.process.poll() is None:
                continue
            code = child.process.returncode
            child.discard(self.selector)
            if child.note_crash():
                return child
            wait_s = child.due_at - time.monotonic()
            self.say(
                f"{child.program.name} ended (exit code {code}); "
                f"starting it again in {wait_s:.0f} s."
            )
        return None

    def explain(self, child: _Child) -> None:
        self.say(
            f"{child.program.name} ended {CRASHES} times within {CRASHES_WITHIN_S:.0f}"
            " s; everything is stopped. Its last lines:"
        )
        for line in child.last_lines:
            self.say(f"    {line}")

    def stop(self) -> None:
        """Ask all to end; kill what is left after the grace or a second request."""
        requests = self.asked_to_stop
        deadline = time.monotonic() + GRACE_S
        for child in self.children:
            child.send(signal.SIGTERM)
        while any(
            child.process and child.process.poll() is None for child in self.children
        ):
            if time.monotonic() > deadline or self.asked_to_stop > requests:
                break
            self.listen()
        for child in self.children:
            child.discard(self.selector)


def keep_alive(programs: Sequence[Program], say: Say) -> int:
    """Run the programs until SIGINT or SIGTERM; returns the exit code.

    A program that ends is started again after 1, 2, 4 ... 30 s. One that ends five
    times in a minute stops all: its last lines are said, the exit code is 1.
    To be called in the main thread of a process with no other threads.
    """
    told, signals = socket.socketpair()
    told.setblocking(False)  # noqa: FBT003
    with told, signals:
        keeper = _Keeper(programs, say, signals)
        before = {number: signal.signal(number, keeper.on_signal) for number in SIGNALS}
        # A wait would go on without it.
        told_before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
        try:
            return keeper.run()
        finally:
            signal.set_wakeup_fd(told_before)
            for number, handler in before.items():
                signal.signal(number, handler)
