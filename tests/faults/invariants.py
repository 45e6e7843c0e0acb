"""What must hold whatever breaks; each breach is a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from django.db import connection

from jobs.enums import ENDED, Status
from jobs.models import Job, JobEvent
from tests.faults.kinds import TABLE
from tests.faults.workload import Promise

END_CODES = {Status.SUCCEEDED.value, Status.CANCELLED.value}


def breaches(promises: Mapping[int, Promise]) -> list[str]:
    """Return what is wrong now that all work should have ended."""
    jobs = {job.pk: job for job in Job.objects.all()}
    found = [f"job {key} is lost" for key in promises if key not in jobs]
    found += list(_stuck(jobs))
    found += list(_ends(jobs, promises))
    found += list(_effects(jobs, promises))
    found += list(_logs(jobs))
    return found


def doubled() -> list[str]:
    """Return the effects that were done twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT work, step, count(*) FROM {TABLE}"
            " GROUP BY work, step HAVING count(*) > 1"
        )
        return [f"{w}: step {s} was done {n} times" for w, s, n in cursor.fetchall()]


def moved_ends(seen: dict[int, object]) -> list[str]:
    """Return the jobs that had ended and then changed; remembers those seen now."""
    found = []
    rows = Job.objects.filter(status__in=ENDED)
    for key, *end in rows.values_list("pk", "status", "finished_at", "last_seq"):
        if seen.setdefault(key, end) != end:
            found.append(f"job {key} ended as {seen[key]} and later as {end}")
    return found


def _stuck(jobs: Mapping[int, Job]) -> Iterator[str]:
    for job in jobs.values():
        if job.status not in ENDED:
            yield f"job {job.pk} ({job.params.get('work')}) is still {job.status}"


def _ends(jobs: Mapping[int, Job], promises: Mapping[int, Promise]) -> Iterator[str]:
    for key, promise in promises.items():
        job = jobs.get(key)
        if job is not None and job.status in ENDED and job.status not in promise.ends:
            yield f"job {key} ({promise.work}) {job.status}: {job.error_text}"


def _effects(jobs: Mapping[int, Job], promises: Mapping[int, Promise]) -> Iterator[str]:
    """Check that work is done from its beginning, without gaps, once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT work, step FROM {TABLE}")
        done = defaultdict(list)
        for work, step in cursor.fetchall():
            done[work].append(step)
    for work, steps in done.items():
        if sorted(steps) != list(range(len(steps))):
            yield f"{work} did the steps {sorted(steps)}"
    for key, promise in promises.items():
        job = jobs.get(key)
        if job is None or job.status != Status.SUCCEEDED:
            continue
        if len(done[promise.work]) != promise.steps:
            yield f"job {key} succeeded with {len(done[promise.work])} steps done"


def _logs(jobs: Mapping[int, Job]) -> Iterator[str]:
    """Check that each log counts without gaps, and that it tells one end."""
    logs = defaultdict(list)
    for key, seq, code in JobEvent.objects.order_by("job", "seq").values_list(
        "job", "seq", "code"
    ):
        logs[key].append((seq, code))
    for key, job in jobs.items():
        numbers = [seq for seq, _ in logs[key]]
        if numbers != list(range(1, job.last_seq + 1)):
            yield f"job {key}: its log has the lines {numbers} of {job.last_seq}"
        ends = Counter(code for _, code in logs[key] if code in END_CODES)
        due = {job.status: 1} if job.status in END_CODES else {}
        if dict(ends) != due:
            yield f"job {key} is {job.status}, and its log tells the ends {dict(ends)}"
