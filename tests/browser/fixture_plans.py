"""Plans to look at: each kind of change, and each way in which one may stand."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from syncapp.models import Plan, Scene, SceneFile, Source, Studio, Tag
from syncapp.models.change_states import ChangeState
from syncapp.services import dismiss
from syncapp.text.digests import digest_of
from tests.plan_builders import make_change, make_plan

SHOWN = 8  # scenes of the plan
# Who decides a plan leaves it decided, so each test has one of its own.
TO_DECIDE = (
    *("by mouse", "by mouse, bare", "by keys", "by reason", "by reason, bare"),
    *("by enter", "by enter, bare"),
    *("by two", "by scene", "edited", "edited, bare", "on a telephone"),
)
OUTCOMES = (
    *("applied", "overwrote", "changed_since", "conflict", "failed", "skipped"),
    "undone",
)
FOUND = ("changed_since", "conflict")
LEVELS = (("certain", 0.995), ("likely", 0.96), ("look", 0.62))


def write_fixture_plans(source: Source) -> dict[str, str]:
    """Make plans of some scenes; returns the path of a page for each."""
    tag = Tag.objects.order_by("id")[0]
    make_plan(
        *(source, "Nightly"),
        scope="filter",
        query=f"tag={tag.pk}&none=studio",
        detectors={"studio": 2, "performers": 1, "title": 3},
    )
    now = timezone.now()
    plan = make_plan(
        source, "Analysis of 8 scenes", created_at=now - timedelta(hours=2)
    )
    scenes = list(Scene.objects.filter(deleted_at=None).order_by("id")[: SHOWN + 1])
    for number, scene in enumerate(scenes[:SHOWN]):
        _propose(plan, scene, number)
    spare = Plan.objects.create(
        source=source,
        name="Analysis of what changed",
        kind="analysis",
        scope="unanalysed",
        created_at=now - timedelta(hours=1),
    )
    make_change(spare, scenes[SHOWN], "title", "The harbour at dawn")
    page = f"/plans/{plan.pk}/"
    title = plan.changes.filter(field="title").earliest("id").pk
    studio = plan.changes.filter(field="studio").earliest("id").pk
    return {
        **{f"plan decided {how}": _to_decide(source, how) for how in TO_DECIDE},
        "decide matching": f"{page}decide/matching/?to=accepted",
        "edit title": f"{page}changes/{title}/edit/",
        "edit studio": f"{page}changes/{studio}/edit/",
        **_to_apply(source),
        "plan": page,
        "plan narrowed": f"{page}?field=studio&level=certain",
        "plan wrong": f"{page}?field=colour",
        "plan delete": f"{page}delete/",
        "plan to delete": f"/plans/{spare.pk}/",
        "dismissals": f"/plans/dismissals/?source={source.pk}",
    }


def _to_decide(source: Source, name: str) -> str:
    """Make a plan of four scenes: two of one reason, a choice, and a title."""
    plan = make_plan(source, f"Decided {name}", created_at=timezone.now())
    scenes = Scene.objects.filter(deleted_at=None).order_by("id")[:4]
    first, second = Studio.objects.order_by("id")[:2]
    for scene in scenes[:2]:
        make_change(plan, scene, "studio", first, cause="a folder", level="certain")
    for studio in (first, second):
        make_change(plan, scenes[2], "studio", studio, choice="which", level="look")
    old, new = "The harbour at night", "The harbour at dawn"
    make_change(plan, scenes[3], "title", new, before=old, level="likely")
    return f"/plans/{plan.pk}/"


def _to_apply(source: Source) -> dict[str, str]:
    """Make a plan that is accepted, and one with something become of each change."""
    scenes = list(Scene.objects.filter(deleted_at=None).order_by("id")[:7])
    first = Studio.objects.order_by("id")[0]
    waiting = make_plan(source, "Accepted", created_at=timezone.now())
    for scene in scenes:
        make_change(waiting, scene, "studio", first, state="accepted")
    done = make_plan(source, "Applied yesterday", created_at=timezone.now())
    for scene, state in zip(scenes, OUTCOMES, strict=False):
        written = state not in ("conflict", "failed")
        make_change(
            *(done, scene, "title", "The harbour at dawn"),
            before="The harbour",
            state=state,
            image_before={"is": "Their harbour" if state == "overwrote" else ""},
            image_after={"is": "The harbour at dawn"},
            image_found={"is": "Another harbour"} if state in FOUND else None,
            written_at=timezone.now() if written else None,
            objection="Stash refused it: too long." if state == "failed" else "",
        )
    return {
        "plan applied": f"/plans/{done.pk}/",
        "undo": f"/plans/{done.pk}/undo/",
        "apply": f"/plans/{waiting.pk}/apply/",
        "dry run": f"/plans/{waiting.pk}/dry-run/",
        "import plan": "/plans/import/",
    }


def _propose(plan: Plan, scene: Any, number: int) -> None:
    level, confidence = LEVELS[number % len(LEVELS)]
    sure: dict[str, Any] = {"level": level, "confidence": confidence}
    file = SceneFile.objects.filter(scene_id=scene.pk).order_by("position")[0]
    folder = file.path.split("/")[-2]
    start = file.path.index(folder)
    spans = [["path", start, start + len(folder)]]
    first, second = Studio.objects.order_by("id")[:2]
    told = {"spans": spans, "sentence": f"The folder “{folder}” is its name."}
    studio = make_change(plan, scene, "studio", first, cause=folder, **told, **sure)
    if number % 3 == 1:
        _make_choice(studio, plan, scene, second)
    if number % 2:
        title = f"{scene.title} (restored)"
        make_change(plan, scene, "title", title, before=scene.title, **sure)
    else:
        tag = Tag.objects.order_by("id")[number]
        make_change(plan, scene, "tags", tag, **told, **sure)
    _settle(studio, number)


def _make_choice(change: Any, plan: Plan, scene: Any, other: Studio) -> None:
    change.choice = digest_of(f"studio of {scene.pk}")
    change.save()
    make_change(
        *(plan, scene, "studio", other),
        choice=change.choice,
        confidence=0.41,
        level="look",
        sentence="The file's name holds it.",
    )


def _settle(change: Any, number: int) -> None:
    """Have one dismissed, one rejected, and one with a second evidence."""
    if number == 0:
        dismiss(change.pk, "cause")
    elif number == 2:
        change.state, change.decided_at = ChangeState.REJECTED.value, timezone.now()
    change.more_evidence = [
        {
            "detector": "title",
            "detector_version": 1,
            "evidence_kind": "title",
            "sentence": "The title holds it as well.",
            "spans": [["title", 0, 4]],
            "confidence": 0.5,
            "level": "look",
        }
    ]
    change.save()
