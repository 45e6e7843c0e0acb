"""Apply of a plan: what would be written, the very mutations, and the button."""

from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs.viewer import ViewerRequest
from jobs.web.responses import answer_job, reserved
from syncapp import queries, services
from syncapp.views import list_params
from syncapp.views.plans import REFUSALS as OF_PLANS
from syncapp.views.selection import LOOK_OR_ASK

REFUSALS: dict[type[Exception], int] = {services.ReadOnly: 409, **OF_PLANS}
NOT_WRITE = "You may look at plans, but not write them to Stash."


@reserved(services.APPLY_PLAN, REFUSALS, NOT_WRITE, methods=LOOK_OR_ASK)
async def apply_page(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Show what would be written; POST asks for the job that writes it."""
    if request.method == "POST":
        ref = await sync_to_async(services.start_apply)(
            plan_id, by=request.viewer.user_id
        )
        return answer_job(request, ref)
    preview = await sync_to_async(queries.apply_preview)(plan_id)
    if preview is None:
        raise services.PlanNotFound(plan_id)
    context = {"preview": preview, "plan": preview.plan}
    return render(request, "syncapp/apply_plan.html", context)


@require_safe
async def dry_run(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Show the mutations that an apply would send, a page of scenes at a time."""
    after = list_params.number(request.GET.get("after", "0"))
    page = await sync_to_async(queries.dry_run_page)(plan_id, max(after, 0))
    if page is None:
        raise Http404(str(services.PlanNotFound(plan_id)))
    context = {
        "page": page,
        "plan": page.plan,
        "next_url": f"?{urlencode({'after': page.next})}" if page.next else "",
        "may_apply": request.viewer.may(services.APPLY_PLAN),
    }
    return render(request, "syncapp/dry_run.html", context)
