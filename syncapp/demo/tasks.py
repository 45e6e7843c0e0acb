"""The tasks of the library's server: a scan, a generation. They run one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEPT = 10  # ended tasks that can still be found
ENDED = {"FINISHED", "CANCELLED"}


@dataclass
class Task:
    """One task; it changes nothing, for nothing was put on the disk of a library."""

    number: int
    description: str
    added: datetime
    status: str = "READY"
    started: datetime | None = None
    stopped: datetime | None = None  # when somebody asked it to
    ended: datetime | None = None


class Tasks:
    """All tasks. They go by the library's clock, when somebody looks at them.

    A task takes `lasting_s`; it is over at the first look, unless that is raised.
    """

    def __init__(self) -> None:
        self.lasting_s = 0.0
        self._tasks: list[Task] = []
        self._next = 1

    def add(self, description: str, now: datetime) -> int:
        """Ask for a task; returns its number."""
        number, self._next = self._next, self._next + 1
        self._tasks.append(Task(number, description, now))
        self._go_on(now)
        return number

    def queue(self, now: datetime) -> list[dict[str, Any]] | None:
        """Return the tasks that have not ended, or None when there is none."""
        self._go_on(now)
        return [_told(one) for one in self._tasks if one.status not in ENDED] or None

    def find(self, number: int, now: datetime) -> dict[str, Any] | None:
        """Return one task; of the ended only the last ten are known."""
        self._go_on(now)
        ended = [one for one in self._tasks if one.status in ENDED]
        forgotten = ended[:-KEPT]
        found = (one for one in self._tasks if one.number == number)
        return next((_told(one) for one in found if one not in forgotten), None)

    def stop(self, number: int, now: datetime) -> None:
        """Stop a task: a waiting one at once, a running one a moment later."""
        self._go_on(now)
        for one in self._tasks:
            if one.number == number and one.status == "READY":
                one.status, one.ended = "CANCELLED", now
            elif one.number == number and one.status == "RUNNING":
                one.status, one.stopped = "STOPPING", now

    def _go_on(self, now: datetime) -> None:
        began = now
        for one in self._tasks:
            if one.status == "STOPPING":
                if now == one.stopped:
                    return
                one.status, one.ended = "CANCELLED", now
            if one.status == "READY":
                one.status, one.started = "RUNNING", max(one.added, began)
            if one.status == "RUNNING" and one.started is not None:
                end = one.started + timedelta(seconds=self.lasting_s)
                if end > now:
                    return
                one.status, one.ended = "FINISHED", end
                began = end


def _told(task: Task) -> dict[str, Any]:
    return {
        "id": str(task.number),
        "status": task.status,
        "description": task.description,
        "progress": 1.0 if task.status == "FINISHED" else None,
        "addTime": task.added.isoformat(),
        "startTime": task.started and task.started.isoformat(),
        "endTime": task.ended and task.ended.isoformat(),
        "subTasks": None,
        "error": None,
    }
