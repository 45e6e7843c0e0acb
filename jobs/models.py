"""Jobs, their events, workers, schedules: fields, constraints, questions to them."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from jobs.enums import ACTIVE, Lane, Misfire, Outcome, Overlap, Status, Trigger
from jobs.moments import longer_ago, time_has_come

ONE_ACTIVE_PER_KEY = "job_one_active_per_key"
ONE_RUNNING_PER_KEY = "job_one_running_per_key"
ONE_FIRE_PER_SLOT = "schedule_fires_once_per_slot"
KEY_LENGTH = 120
CODE_LENGTH = 50
LEVEL_LENGTH = 10
CRON_LENGTH = 100
TITLE_LENGTH = 200
MESSAGE_LENGTH = 500
ALIVE_S = 20  # a worker not heard of for this long is taken for dead


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class JobQuerySet(models.QuerySet["Job", "Job"]):
    def active(self) -> "JobQuerySet":
        return self.filter(status__in=ACTIVE)

    def running(self) -> "JobQuerySet":
        return self.filter(status=Status.RUNNING)

    def ready(self, kinds: Collection[str]) -> "JobQuerySet":
        """Return the queued jobs of these kinds whose time has come."""
        return self.filter(time_has_come(), status=Status.QUEUED, kind__in=kinds)

    def due(self, kinds: Collection[str]) -> "JobQuerySet":
        """Return the jobs that may be claimed now, those to be taken first in front.

        A job whose exclusive key is wanted by one that goes first lets that one go.
        """
        holders = Job.objects.running().filter(exclusive_key=OuterRef("exclusive_key"))
        firsts = Job.objects.going_first(
            kinds, OuterRef("exclusive_key"), OuterRef("priority")
        )
        # Said first of what has no key, or PostgreSQL joins each job with each other.
        free = Q(exclusive_key=None) | Q(~Exists(holders), ~Exists(firsts))
        return self.ready(kinds).filter(free).order_by("-priority", "id")

    def unpaused(self) -> "JobQuerySet":
        return self.filter(~Exists(PausedLane.objects.filter(lane=OuterRef("lane"))))

    def going_first(
        self, kinds: Collection[str], key: Any, priority: Any
    ) -> "JobQuerySet":
        """Return the jobs to which one with this key and priority yields.

        Only those that a worker could start: nobody waits for a lane that stands still.
        """
        served = Q()
        for lane in Lane:
            nodes = WorkerNode.objects.working().filter(lanes__contains=lane.value)
            served |= Q(Exists(nodes), lane=lane.value)
        same = self.filter(served, exclusive_key=key, priority__gt=priority)
        return same.ready(kinds).unpaused().order_by("-priority", "id")


class Job(models.Model):
    """One request for work. Written by jobs.services and jobs.queue.leases alone."""

    kind = models.CharField(max_length=100)
    title = models.CharField(max_length=TITLE_LENGTH)
    params = models.JSONField(default=dict)
    # NULL keys never clash, which is why these two may be NULL.
    dedupe_key = models.CharField(max_length=KEY_LENGTH, null=True)  # noqa: DJ001
    exclusive_key = models.CharField(max_length=KEY_LENGTH, null=True)  # noqa: DJ001
    # With a default in the database, for rows of programs that know no lanes yet.
    lane = models.CharField(
        max_length=10, choices=choices(Lane), db_default=Lane.SHORT.value
    )
    priority = models.SmallIntegerField(default=0)  # the higher goes first
    status = models.CharField(
        max_length=10, choices=choices(Status), default=Status.QUEUED.value
    )
    trigger = models.CharField(max_length=10, choices=choices(Trigger))
    requested_by: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    retry_of: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="retries"
    )

    attempt = models.PositiveSmallIntegerField(default=0)  # since it last got on
    max_attempts = models.PositiveSmallIntegerField()
    furthest = models.JSONField(null=True)  # [2, 0, 500]: where it was, ever
    # Past that in this attempt; how many attempts were cut short that had got on; how
    # many in a row the database ended. With defaults in the database, as `lane`.
    got_on = models.BooleanField(db_default=False)
    cut_short = models.PositiveSmallIntegerField(db_default=0)
    outages = models.PositiveSmallIntegerField(db_default=0)
    next_at = models.DateTimeField(null=True)  # NULL: as soon as a worker is free

    # The lease: who may write. `fence` rises with each claim; the token is its proof.
    fence = models.PositiveIntegerField(default=0)
    lease_token = models.CharField(max_length=32, default="")
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    # No foreign key: a job must be claimable before its worker's row is written.
    worker_id = models.CharField(max_length=32, default="")
    pid = models.PositiveIntegerField(null=True)  # the process that runs it
    cancel_requested_at = models.DateTimeField(null=True)

    checkpoint = models.JSONField(null=True)
    phases = models.JSONField(default=list)  # [[name, done, total or null], ...]
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(null=True)  # NULL: not known
    rate = models.FloatField(null=True)  # of the phase, per second; NULL: not known
    progressed_at = models.DateTimeField(null=True)  # when it last got on
    stalled_at = models.DateTimeField(null=True)  # when its log told that it does not
    message = models.CharField(max_length=MESSAGE_LENGTH, default="")
    last_seq = models.PositiveIntegerField(default=0)  # of its events

    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=CODE_LENGTH, default="")
    error_text = models.TextField(default="")

    message_sent_at = models.DateTimeField(null=True)  # the last wake-up for it
    # Since when a supervisor sees that it could start, if not older than `updated_at`.
    due_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        permissions: ClassVar = [("run_job", "Can start, cancel and retry jobs")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=Q(status__in=[status.value for status in ACTIVE]),
                name=ONE_ACTIVE_PER_KEY,
            ),
            models.UniqueConstraint(
                fields=["exclusive_key"],
                condition=Q(status=Status.RUNNING.value),
                name=ONE_RUNNING_PER_KEY,
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RUNNING.value)
                | (~Q(lease_token="") & Q(lease_until__isnull=False)),
                name="job_running_has_a_lease",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                *(F("status"), F("lane"), F("priority").desc(), F("id")),
                name="job_queue",
            ),
            models.Index(
                fields=["exclusive_key"],
                condition=Q(status=Status.QUEUED.value),
                name="job_waiters",
            ),
            models.Index(fields=["status", "lease_until"], name="job_leases"),
            models.Index(fields=["kind", "-id"], name="job_by_kind"),
        ]

    def __str__(self) -> str:
        return f"Job {self.pk} ({self.title})"


class JobEvent(models.Model):
    """A line of a job's log; `seq` counts per job, without gaps."""

    job: "models.ForeignKey[Job, Job]" = models.ForeignKey(
        Job, models.CASCADE, related_name="events", db_index=False
    )
    seq = models.PositiveIntegerField()
    fence = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())
    level = models.CharField(max_length=LEVEL_LENGTH)  # info, warning or error
    code = models.CharField(max_length=CODE_LENGTH)
    message = models.TextField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["job", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "seq"], name="event_seq_per_job")
        ]

    def __str__(self) -> str:
        return self.message


class WorkerNodeQuerySet(models.QuerySet["WorkerNode", "WorkerNode"]):
    def alive(self) -> "WorkerNodeQuerySet":
        return self.filter(stopped_at=None).exclude(
            longer_ago("heartbeat_at", timedelta(seconds=ALIVE_S))
        )

    def working(self) -> "WorkerNodeQuerySet":
        return self.alive().filter(draining=False)


class WorkerNode(models.Model):
    """A q2 cluster of a `manage.py worker`."""

    id = models.CharField(max_length=32, primary_key=True)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()  # of the `manage.py worker`
    lanes = models.CharField(  # "system+short"
        max_length=50, db_default="+".join(Lane)
    )
    processes = models.PositiveSmallIntegerField()  # jobs it can run at once
    started_at = models.DateTimeField(db_default=Now())
    heartbeat_at = models.DateTimeField()
    draining = models.BooleanField(default=False)  # it takes no more jobs
    stopped_at = models.DateTimeField(null=True)
    # A process of it that lives, or did, when the lease of its job ran out.
    suspect_pid = models.PositiveIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)  # its processes, the last time
    replaced_why = models.CharField(max_length=TITLE_LENGTH, db_default="")

    objects = WorkerNodeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return f"Worker {self.pid} on {self.host}"


class PausedLane(models.Model):
    """A lane of which no job is started, for as long as its row is here."""

    lane = models.CharField(max_length=10, choices=choices(Lane), primary_key=True)
    paused_at = models.DateTimeField(db_default=Now())
    by: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"The lane {self.lane!r} is paused"


class MetricCounter(models.Model):
    """How often something rare happened since the beginning, for the metrics."""

    name = models.CharField(max_length=CODE_LENGTH, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class KeyFingerprint(models.Model):
    """Tells whether a key is the one that this database was filled with."""

    name = models.CharField(max_length=20, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """A rule that makes jobs. Written by jobs.scheduling alone."""

    name = models.CharField(max_length=TITLE_LENGTH, unique=True)  # of its jobs, too
    kind = models.CharField(max_length=100)
    params = models.JSONField(default=dict)
    # One of the two: five fields of cron, or a number of minutes.
    cron = models.CharField(max_length=CRON_LENGTH, blank=True, default="")
    every_minutes = models.PositiveIntegerField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")  # of the cron's wall times
    overlap = models.CharField(
        max_length=10, choices=choices(Overlap), default=Overlap.SKIP.value
    )
    misfire = models.CharField(
        max_length=10, choices=choices(Misfire), default=Misfire.SKIP.value
    )
    jitter_s = models.PositiveIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    disabled_reason = models.TextField(blank=True, default="")

    # What comes next: the slot, and the moment it is due (its jitter later). Both are
    # NULL when it is off, and before the first tick has planned it.
    slot_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    last_job: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Job, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["name"]
        permissions: ClassVar = [("manage_schedule", "Can add and change schedules")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cron="", every_minutes__gte=1)
                | (~Q(cron="") & Q(every_minutes=None)),
                name="schedule_has_one_rule",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["enabled", "next_at"], name="schedule_due")
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleFire(models.Model):
    """What became of a slot; without a slot, of a press on "Run now"."""

    schedule: "models.ForeignKey[Schedule, Schedule]" = models.ForeignKey(
        Schedule, models.CASCADE, related_name="fires", db_index=False
    )
    slot_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=10, choices=choices(Outcome))
    note = models.CharField(max_length=MESSAGE_LENGTH, default="")
    # NULL: none was made, or it was cleared away since.
    job: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Job, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schedule", "slot_at"], name=ONE_FIRE_PER_SLOT
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.slot_at or 'by hand'}"


class SeededSchedule(models.Model):
    """A schedule that came with Steward, made once: who removed it has removed it."""

    key = models.CharField(max_length=KEY_LENGTH, primary_key=True)
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.key
