"""The page of a scene, and the button that reads it again."""

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import (
    SEE_OTHER,
    answer_job,
    answer_refusal,
    button,
    wants_json,
)
from syncapp import queries, services
from syncapp.views.list_params import number
from syncapp.views.scene_place import RESYNC, scene_place, scene_url, ways

REFUSALS: dict[type[Exception], int] = {services.NotThere: 404, services.Refused: 400}
JOB, SCENE = "job", "scene"  # where the button leads to


@require_safe
async def scene_page(request: ViewerRequest, scene_id: int) -> HttpResponse:
    place, job = scene_place(request.GET), request.GET.get(RESYNC, "")
    page = await sync_to_async(queries.scene_page)(
        scene_id,
        place.parsed,
        sort=place.sort,
        job_id=number(job) if job else None,
    )
    if page is None:
        msg = "This scene is not in the mirror."
        raise Http404(msg)
    context = {
        "scene": page.scene,
        "neighbours": page.neighbours,
        "resync": page.resync,
        "plans": page.plans,
        "place": place,
        "may_run": request.viewer.may(RUN_JOB),
        **ways(place, page.neighbours),
    }
    return render(request, "syncapp/scene.html", context)


@button(RUN_JOB, REFUSALS)
async def sync_scene(request: ViewerRequest, scene_id: int) -> HttpResponse:
    """Ask to read a scene again; leads to the job, or back to the scene with it."""
    where = request.POST.get("next", JOB)
    if where not in {JOB, SCENE}:
        sentence = "This button leads to the job or to the scene: reload the page."
        return answer_refusal(request, sentence, 400)
    ref = await sync_to_async(services.resync_one)(
        "scenes", scene_id, by=request.viewer.user_id
    )
    if where == JOB or wants_json(request):
        return answer_job(request, ref)
    url = scene_url(scene_id, scene_place(request.GET), job_id=ref.job_id)
    return HttpResponseRedirect(url, status=SEE_OTHER)
