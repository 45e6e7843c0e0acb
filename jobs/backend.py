"""The one door to django-q2, which carries wake-ups and keeps worker processes."""

import logging
import multiprocessing
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.db.models.functions import Now
from django.utils import timezone
from django_q.cluster import Cluster
from django_q.models import Schedule
from django_q.tasks import async_task
from redis.exceptions import RedisError

from jobs.models import Job

logger = logging.getLogger(__name__)
RUN, TICK = "jobs.runner.run", "jobs.scheduling.tick"
TICK_ROW = 1  # its key, so that two processes cannot make two
SYSTEM = "system"  # the lane that ticks, where there are lanes


def send(job_id: int) -> None:
    """Wake a worker for this job. A message that cannot be sent is logged, not raised.

    The job is in the database already; the sweep sends the message once more.
    """
    try:
        async_task(RUN, job_id)
        Job.objects.filter(pk=job_id).update(message_sent_at=Now())
    except (DatabaseError, InterfaceError, RedisError, OSError) as exc:
        logger.warning("No worker could be woken for job %d: %s", job_id, exc)


def install_tick() -> None:
    """Have q2's scheduler call our tick every minute: its one row."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    lanes = queue.get("ALT_CLUSTERS", {})
    row = {
        "name": "tick",
        "func": TICK,
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
        "repeats": -1,
        "cluster": SYSTEM if SYSTEM in lanes else None,
    }
    if not Schedule.objects.filter(pk=TICK_ROW).update(**row):
        Schedule.objects.get_or_create(
            pk=TICK_ROW, defaults={**row, "next_run": timezone.now()}
        )


def run_cluster() -> None:
    """Be a q2 cluster until killed; to be called in the main thread."""
    connections.close_all()  # the forks must not share a connection
    # q2 forks; its events must be made for that where another method is the default.
    if "fork" in multiprocessing.get_all_start_methods():
        multiprocessing.set_start_method("fork", force=True)
    cluster = Cluster()
    cluster.start()
    cluster.sentinel.join()
