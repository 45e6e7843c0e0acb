"""The process that the hostile behaviours are tried on: runs one job after the other.

It reads `{"source_id": 1, "mode": "full"}` from each line and answers with how the job
ended, the seconds, and the most memory that it held meanwhile.
"""

import functools
import json
import sys
import time
from pathlib import Path
from typing import Any

import django
import pytest

from syncapp.stash.client import Limits


def main() -> None:
    """Answer until nothing more is asked."""
    django.setup()
    from syncapp.sync import connect  # noqa: PLC0415 - after the setup

    for line in sys.stdin:
        asked = json.loads(line)
        limits = functools.partial(Limits, read_s=asked.pop("patience_s"), backoff_s=0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connect, "Limits", limits)
            sys.stdout.write(json.dumps(run(**asked)) + "\n")
        sys.stdout.flush()


def run(source_id: int, mode: str) -> dict[str, Any]:
    from jobs.models import Job, JobEvent  # noqa: PLC0415
    from jobs.services import run_inline  # noqa: PLC0415
    from syncapp.services import start_sync  # noqa: PLC0415

    job_id = start_sync(source_id, mode).job_id
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here on
    began = time.monotonic()
    run_inline(job_id)
    seconds, mib = time.monotonic() - began, _peak_mib()
    job = Job.objects.get(pk=job_id)
    Job.objects.filter(pk=job_id, status="queued").update(status="failed")
    lines = JobEvent.objects.filter(job_id=job_id).values_list("message", flat=True)
    return {
        "end": job.error_code or job.status,
        "said": "\n".join([*lines, job.error_text]),
        "result": job.result,
        "seconds": seconds,
        "mib": mib,
    }


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise AssertionError


if __name__ == "__main__":
    main()
