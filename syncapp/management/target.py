"""Where a command writes what may be long: its output, or a file that is whole."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, OutputWrapper

from syncapp.job_handlers.exit_codes import FAILED

THE_OUTPUT = "The output"
CUT_OFF = 141  # what a shell tells of a program whose reader has gone
Write = Callable[[str], Any]


@contextmanager
def output(stdout: OutputWrapper) -> Iterator[Write]:
    """Give a way to write UTF-8 to the output; ends the program if nobody reads on."""
    stream: Any = getattr(stdout, "_out", stdout)
    if stream is sys.stdout:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    try:
        yield stream.write
        stream.flush()
    except BrokenPipeError:
        # Python would flush once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CUT_OFF)
    except OSError as exc:
        raise _not_written(THE_OUTPUT, exc) from exc


@contextmanager
def file_at(path: Path) -> Iterator[Write]:
    """Give a way to write a file in UTF-8, which is there once all of it is.

    Until then it has another name beside it. What is no file, such as a pipe, is
    written as it is.
    """
    target = path.resolve()
    in_place = target.exists() and not target.is_file()
    part = target if in_place else _part_of(target)
    try:
        with part.open("w" if in_place else "x", encoding="utf-8", newline="") as file:
            yield file.write
            _bring_to_disk(file, needed=not in_place)
        if not in_place:
            part.replace(target)
    except OSError as exc:
        raise _not_written(str(path), exc) from exc
    finally:
        if not in_place:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.{os.getpid()}.part")


def _bring_to_disk(file: IO[str], *, needed: bool) -> None:
    file.flush()
    if needed:
        os.fsync(file.fileno())


def _not_written(what: str, exc: OSError) -> CommandError:
    why = exc.strerror or str(exc)
    return CommandError(f"{what} could not be written: {why}.", returncode=FAILED)
