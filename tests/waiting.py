"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import Any


def wait_until(what: Callable[[], Any], *, within: float, every: float = 0.05) -> Any:
    """Return the first truthy answer of `what`; fails the test if there is none."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = what()
        if answer:
            return answer
        time.sleep(every)
    msg = f"It did not come true within {within} s."
    raise AssertionError(msg)
