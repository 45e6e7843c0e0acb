"""Judges what comes out of the queue: nothing runs but our two functions.

Who may write a row of q2's tables, or knows the key that signs messages, could else
have a worker call any function of any module: q2 unpickles a message, and calls what
it names. So a message is read here first, by a reader that makes nothing but plain
values and moments.
"""

import datetime as dt
import io
import pickle
from collections.abc import Mapping
from typing import Any

RUN, TICK = "jobs.queue.runner.run", "jobs.scheduling.tick"
OLD_RUN = "jobs.runner.run"  # in messages of the release before
FUNCTIONS = {RUN, OLD_RUN, TICK}
# What q2 writes of a call that asks for nothing more than the call.
KEYS = {
    *("id", "name", "func", "args", "kwargs", "group", "cluster"),
    *("ack_failure", "started"),
}
MOMENTS = {"datetime", "timedelta", "timezone"}


class _PlainUnpickler(pickle.Unpickler):
    """Makes plain values and moments; another class is an error before it is made."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in MOMENTS:
            return getattr(dt, name)
        msg = f"A message names {module}.{name}."
        raise pickle.UnpicklingError(msg)


class PlainPickle:
    """The reader, in the form that Django's signing asks for."""

    def loads(self, data: bytes) -> Any:
        return _PlainUnpickler(io.BytesIO(data)).load()


def is_ours(message: Any) -> bool:
    """Return whether a message asks for one of our functions and for nothing else."""
    if not isinstance(message, Mapping) or not message.keys() <= KEYS:
        return False
    func, args = message.get("func"), message.get("args")
    if func not in FUNCTIONS or message.get("kwargs"):
        return False
    if func == TICK:
        return args == ()
    return isinstance(args, tuple) and len(args) == 1 and type(args[0]) is int
