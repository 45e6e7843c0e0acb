"""Writes jobs of every state, which no page brings about on order, and a worker.

It is called inside the installation, by `manage.py shell`; see demo_site.py.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Model
from django.db.models.expressions import Combinable
from django.db.models.functions import Length
from django.utils import timezone

from jobs.models import Job, JobEvent, Schedule, ScheduleFire, WorkerNode
from jobs.scheduling import services as schedules
from jobs.scheduling.services import ScheduleSpec
from jobs.services import pause_lane
from syncapp import services
from syncapp.models import (
    NotADuplicate,
    Performer,
    Scene,
    Source,
    StreamState,
    Studio,
    Tag,
)
from tests.browser.fixture_plans import write_fixture_plans
from tests.builders import make_entry

LEASE = timedelta(minutes=50)  # longer than anybody looks
MONTH = timedelta(days=30)
DOWN = (
    "Stash at http://cellar.example:9999 did not answer: connection refused. "
    "Is it running, and may this machine reach it?"
)
LOG = (
    ("info", "started", "Started, attempt 1 of 5."),
    ("warning", "skipped", "Scene 1412 was skipped: its date “1931-02-30” is none."),
    ("error", "unreachable", DOWN),
)


def write_fixture_rows() -> dict[str, str]:
    """Add the jobs; returns the path of a page for each."""
    now = timezone.now()
    for key, lanes in (("still", "long"), ("other", "system+short")):
        WorkerNode.objects.create(
            id=key,
            host="attic",
            pid=1,
            lanes=lanes,
            processes=2,
            heartbeat_at=now,
        )
    pause_lane("system")
    source = Source.objects.get()
    cellar = Source.objects.create(
        name="Cellar", url="http://cellar.example:9999", trouble=DOWN, trouble_since=now
    )
    done = Job.objects.filter(kind="sync.full").latest("id")
    verified = Job.objects.filter(kind="sync.verify").latest("id")
    _hold(source)
    running = _job(
        *(source.pk, "running", "Full sync of all streams"),
        lease_token="still",
        lane="long",
        worker_id="still",
        lease_until=now + LEASE,
        heartbeat_at=now,
        started_at=now - timedelta(minutes=2),
        phases=[["tags", 40, 40], ["studios", 12, 12], ["scenes", 1_240, 21_377]],
        progress_done=1_292,
        progress_total=21_429,
        message="Reading scenes.",
    )
    queued = _job(source.pk, "queued", "Quick sync of scenes")
    failed = _job(
        *(cellar.pk, "failed", "Quick sync of Cellar"),
        error_code="unreachable",
        error_text=DOWN,
        started_at=now - timedelta(minutes=9),
        finished_at=now - timedelta(minutes=8),
    )
    _job(cellar.pk, "cancelled", "Full sync of Cellar", finished_at=now)
    scene_id = _fullest(Scene, Length("details") + Count("tags") * 20)
    _change(scene_id, done.pk)
    quick, off = _schedules(running.pk, done.pk)
    return {
        **write_fixture_plans(source),
        "scene": f"/scenes/{scene_id}/",
        "why not": f"/scenes/{scene_id}/analysis/",
        "analyse what changed": f"/analyse/?unanalysed={source.pk}",
        "evaluation": f"/analyse/jobs/{_evaluated(source)}/evaluation/",
        "rules": _rules(source),
        "library roots": f"/rules/{source.pk}/roots/",
        "schedule": f"/schedules/{quick}/",
        "schedule off": f"/schedules/{off}/",
        "schedule change": f"/schedules/{quick}/change/",
        "schedule delete": f"/schedules/{quick}/delete/",
        "performer": f"/performers/{_fullest(Performer, Length('details'))}/",
        "tag": f"/tags/{_fullest(Tag, Count('parents'))}/",
        "studio": f"/studios/{_fullest(Studio, Length('details'))}/",
        "source": f"/sources/{source.pk}/",
        "automatic": f"/sources/{source.pk}/automatic/",
        "quality": f"/sources/{source.pk}/quality/",
        "source in trouble": f"/sources/{cellar.pk}/",
        "remove source": f"/sources/{cellar.pk}/remove/",
        "held deletions": f"/sources/{source.pk}/deletions/scenes/",
        "purge": f"/sources/{source.pk}/purge/?days=0",
        "changes of a job": f"/changes/?job={done.pk}",
        "changes listed": f"/changes/?stream=scenes&what=came&job={done.pk}",
        "job verified": f"/jobs/{verified.pk}/",
        "job done": f"/jobs/{done.pk}/",
        "job running": f"/jobs/{running.pk}/",
        "job queued": f"/jobs/{queued.pk}/",
        "job failed": f"/jobs/{failed.pk}/",
    }


def _evaluated(source: Source) -> int:
    """Give a job that evaluated detectors; returns its id."""
    told = {"proposed": 1_204, "right": 1_199, "precision_percent": 99.6}
    rows = {
        "studio, Studio, certain": {**told, "recall_percent": 81.5},
        "performers, Performers, look": {**told, "recall_percent": 4.0},
        "performers, Performers, all": {
            **told,
            "recall_percent": 4.0,
            "choices": 12,
            "choices_with_right": 11,
        },
    }
    job = _job(
        *(source.pk, "succeeded", "Evaluation of analysis"),
        kind="analysis.evaluate",
        result={
            "scenes": {"organized": 3_210, "compared": 3_210},
            "known_values": {"studio": 3_002, "performers": 5_801},
            "accuracy": rows,
        },
        finished_at=timezone.now(),
    )
    return int(job.pk)


def _rules(source: Source) -> str:
    """Give rules of every kind; returns the page that changes one of them."""
    studio, tag = (model.objects.latest("id") for model in (Studio, Tag))
    spelling = services.keep_spelling(
        source.pk, "May", effect="with_studio", studio_id=studio.pk
    )
    services.keep_date_order(source.pk, "/films/" + "a_long_folder_" * 9, order="dmy")
    services.keep_mark(source.pk, "1080p", tag_id=tag.pk)
    first, second = Scene.objects.order_by("id").values_list("id", flat=True)[:2]
    NotADuplicate.objects.create(
        source=source, first_id=first, second_id=second, at=timezone.now()
    )
    return f"/rules/{source.pk}/?change=spelling:{spelling}"


def _hold(source: Source) -> None:
    """Have deletions wait for a person, and some tombstones for a purge."""
    ids = list(Scene.objects.order_by("id").values_list("remote_id", flat=True)[:40])
    StreamState.objects.filter(source=source, stream="scenes").update(
        held_deletions=60, held_ids=ids, held_since=timezone.now() - timedelta(hours=3)
    )
    gone = Scene.objects.order_by("-id").values("id")[:3]
    Scene.objects.filter(id__in=list(gone.values_list("id", flat=True))).update(
        deleted_at=timezone.now() - timedelta(days=1)
    )


def _change(scene_id: int, job_id: int) -> None:
    """Give a scene a history."""
    tags = list(Tag.objects.order_by("id").values_list("id", flat=True)[:3])
    now = timezone.now()
    scene = Scene.objects.get(pk=scene_id)
    changed: tuple[dict[str, Any], ...] = (
        {"title": ["Tides", "Tides of the Wadden Sea"], "rating100": [None, 80]},
        {"tags": [tags[:1], tags[1:]], "organized": [False, True]},
        {},
    )
    for hours, changes in enumerate(changed):
        make_entry(scene, now - timedelta(hours=hours), changes, job_id=job_id)
    for hours, what in enumerate(("back", "went")):
        at = now - timedelta(days=1, hours=hours)
        make_entry(scene, at, {}, job_id=job_id, what=what)


def _job(source_id: int, status: str, title: str, **fields: Any) -> Any:
    job = Job.objects.create(
        **{
            "kind": "sync.full",
            "title": title,
            "params": {"source_id": source_id},
            "exclusive_key": f"source:{source_id}",
            "status": status,
            "trigger": "button",
            "attempt": 1,
            "max_attempts": 5,
            "last_seq": len(LOG) * 10,
            **fields,
        }
    )
    for seq, (level, code, message) in enumerate(LOG * 10, 1):
        JobEvent.objects.create(
            job=job, seq=seq, fence=1, level=level, code=code, message=message
        )
    return job


def _schedules(running: int, done: int) -> tuple[int, int]:
    """Give the quick sync a history, and add one that turned itself off."""
    now = timezone.now().replace(second=0, microsecond=0)
    schedules.save_schedule(
        ScheduleSpec("Clear the attic", "jobs.prune", cron="30 2 * * *")
    )
    quick = Schedule.objects.get(kind="sync.quick")
    off = Schedule.objects.get(name="Clear the attic")
    reason = "No handler for job kind 'attic.clear'. Registered kinds: jobs.prune."
    Schedule.objects.filter(pk=off.pk).update(
        enabled=False, disabled_reason=reason, zone="Europe/Berlin", next_at=None
    )
    Schedule.objects.filter(pk=quick.pk).update(
        next_at=now + MONTH, slot_at=now + MONTH, last_job_id=running
    )
    was_running = f"Job {running} of this schedule was still running."
    missed = "No worker was there to fire it: 7 hours late, so it was left out."
    for back, (outcome, note, job_id) in enumerate(
        [
            ("made", "", None),
            ("missed", missed, None),
            ("made", "", done),
            ("made", "", running),
            ("skipped", was_running, None),
        ]
    ):
        ScheduleFire.objects.create(
            schedule=quick,
            slot_at=now - timedelta(minutes=15 * (5 - back)),
            outcome=outcome,
            note=note,
            job_id=job_id,
        )
    ScheduleFire.objects.create(schedule=off, outcome="refused", note=reason)
    return quick.pk, off.pk


def _fullest(model: type[Model], weight: Combinable) -> int:
    """Return the id of the row with the most to show."""
    row = model._default_manager.annotate(weight=weight).order_by("-weight").first()
    assert row is not None
    return int(row.pk)
