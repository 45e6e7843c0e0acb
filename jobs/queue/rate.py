"""How fast a job gets on, and what can honestly be said about its end."""

import math

from jobs.units import MINUTE, length

MEMORY_S = 20.0  # what lies further back hardly counts
FIRST_S, FIRST_COUNT = 10.0, 20  # a rate of less is a guess
STALL_S = 60
SHORT_S = 10
WHOLE_FROM = 10  # a faster rate is written without decimals


class RateMeter:
    """Items per second of the phase that is worked on, the latest counting most."""

    def __init__(self) -> None:
        self._phase = ""
        self._rate = 0.0
        self._first = self._done = 0
        self._began = self._at = 0.0

    def see(self, phase: str, done: int, at: float) -> bool:
        """Take in a count at a moment; returns whether the job got on."""
        if phase != self._phase or done < self._done:
            self._phase, self._rate = phase, 0.0
            self._first = self._done = done
            self._began = self._at = at
            return True
        counted, elapsed = done - self._done, at - self._at
        if counted <= 0 or elapsed <= 0:
            return counted > 0
        # In the beginning a plain mean: the first page alone says little.
        weight = max(1 - math.exp(-elapsed / MEMORY_S), elapsed / (at - self._began))
        self._rate += weight * (counted / elapsed - self._rate)
        self._done, self._at = done, at
        return True

    def per_second(self) -> float | None:
        """Return the rate; None while it would be a guess."""
        known = self._at - self._began >= FIRST_S
        return self._rate if known and self._done - self._first >= FIRST_COUNT else None


def outlook(phase: str, left: int | None, rate: float | None, still_s: float) -> str:
    """Return what to expect as a sentence; "" while nothing can be said.

    `left` is None where nobody knows how many there are; `still_s` is how long nothing
    was counted.
    """
    if still_s >= STALL_S:
        return f"No progress for {length(still_s)}."
    if not rate:
        return ""
    if left is None:
        return speed(rate)
    return f"About {_rounded(left / rate)} left in {phase} · {speed(rate)}"


def speed(rate: float) -> str:
    if rate < 1:
        return f"{rate * MINUTE:.0f}/min"
    return f"{rate:,.0f}/s" if rate >= WHOLE_FROM else f"{rate:.1f}/s"


def _rounded(seconds: float) -> str:
    """Return a length as exact as an estimate may be."""
    if seconds < SHORT_S:
        return "10 s"
    if seconds < MINUTE:
        return f"{math.ceil(seconds / SHORT_S) * SHORT_S} s"
    minutes = math.ceil(seconds / MINUTE)
    return f"{minutes} min" if minutes < MINUTE else length(minutes * MINUTE)
