"""What the engine needs of whoever runs it: a job, or a plain call in a test."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Reporter(Protocol):
    @property
    def job_id(self) -> int | None:
        """The job that runs this, None without one."""

    @property
    def resume_from(self) -> Mapping[str, Any] | None:
        """The place saved last, None at a first attempt."""

    def check(self) -> None:
        """Raise if the run has to stop; cheap enough to call between requests."""

    def atomic(self) -> AbstractContextManager[None]:
        """Return a transaction in which this run is proven to own its job."""

    def checkpoint(self, place: Mapping[str, Any], reached: Sequence[int] = ()) -> None:
        """Save `place` with the writes of the transaction around it.

        `reached` tells how far that is, by numbers that rise as the work goes on: no
        counts, which rise also where a run goes over the same ground.
        """

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Say how far a stream is."""

    def counted(self, counts: Mapping[str, Any]) -> None:
        """Say what was done so far."""

    def log(self, level: str, code: str, message: str, **data: Any) -> None:
        """Add a line to the run's log; level is info, warning or error."""
