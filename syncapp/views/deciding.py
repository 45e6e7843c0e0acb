"""Deciding changes of a plan: one, a choice, all that match; and taking it back."""

from collections.abc import Mapping
from datetime import UTC, datetime

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils import timezone

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import answer_refusal, button, reserved, wants_json
from syncapp import queries, services
from syncapp.views import list_params, plan_params
from syncapp.views.plans import ONLY_READ, REFUSALS
from syncapp.views.selection import BAD, CHANGED, LOOK_OR_ASK

# What a button of the page is called, and what it makes of changes.
BUTTONS: Mapping[str, str] = {
    "accept": "accepted",
    "choose": "accepted",
    "reject": "rejected",
    "put_back": "proposed",
}
VERBS: Mapping[str, str] = {
    "accepted": "Accept",
    "rejected": "Reject",
    "proposed": "Put back",
}
DID: Mapping[str, str] = {
    "accepted": "accepted it",
    "rejected": "rejected it",
    "proposed": "put it back",
}
SHOWN = 8  # characters of a digest: enough to compare by eye
MOST_TOLD = 5  # a message travels in a cookie


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def decide(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Decide what a button of the page names; leads back to where that stands."""
    pressed = next((name for name in BUTTONS if name in request.POST), "")
    if not pressed and "stay" in request.POST:
        return _back(request, plan_id)
    if not pressed:
        return answer_refusal(request, "Say what to decide: accept or reject.", BAD)
    told = request.POST[pressed]
    seen = _seen(request.POST.get(told, "") if pressed == "choose" else told)
    done = await sync_to_async(services.decide)(
        plan_id, BUTTONS[pressed], seen, by=request.viewer.user_id
    )
    if wants_json(request):
        return JsonResponse(_as_json(done))
    _tell_contested(request, done)
    if done.put_back:
        messages.info(request, "The other one of its choice is proposed again.")
    just = min(seen) if pressed == "reject" and len(seen) == 1 else None
    return _back(request, plan_id, min(seen), just_rejected=just)


@reserved(RUN_JOB, REFUSALS, ONLY_READ, methods=LOOK_OR_ASK)
async def decide_matching(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Show what a decision would decide; POST decides it, if that is the same still."""
    query = QueryDict(request.POST["filter"]) if "filter" in request.POST else None
    asked = (request.GET if query is None else query).copy()
    then = asked.pop("to", [""])[-1]
    then = request.POST.get("to", then)
    parsed = plan_params.parsed_plan_filter(asked)
    if parsed.wrong or then not in VERBS:
        sentence = " ".join(parsed.wrong.values()) or "Say whether to accept or reject."
        return answer_refusal(request, sentence, BAD)
    if request.method != "POST":
        found = await sync_to_async(queries.matching_changes)(
            plan_id, parsed.filters, then
        )
        if found is None:
            raise services.PlanNotFound(plan_id)
        return _confirm_page(request, found)
    done = await sync_to_async(services.decide_matching)(
        *(plan_id, parsed.filters, then),
        digest=request.POST.get("digest", ""),
        by=request.viewer.user_id,
    )
    if isinstance(done, queries.MatchingChanges):
        number = list_params.number(request.POST.get("number", ""))
        return _confirm_page(request, done, change=_how_it_differs(number, done))
    return _answer_matching(request, plan_id, parsed.filters, done)


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def take_back_decision(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Make changes what they were before a decision of this person."""
    taken = await sync_to_async(services.take_back_decision)(
        plan_id,
        list_params.number(request.POST.get("decision", "")),
        by=request.viewer.user_id,
    )
    if wants_json(request):
        told = {"state": taken.state, "changed": taken.changed, "left": taken.left}
        return JsonResponse(told)
    what = f"{taken.changed:,} change{'' if taken.changed == 1 else 's'}"
    messages.success(request, f"Taken back: {what} {_are(taken.changed)} as before.")
    if taken.left:
        sentence = (
            f"{taken.left:,} {_are(taken.left)} decided otherwise or written by now, "
            "and stayed."
        )
        messages.warning(request, sentence)
    return _back(request, plan_id)


def _confirm_page(
    request: ViewerRequest, found: queries.MatchingChanges, *, change: str = ""
) -> HttpResponse:
    if change and wants_json(request):
        return answer_refusal(request, change, CHANGED)
    pairs = queries.plan_filter_params(found.filters)
    context = {
        "page": found,
        "verb": VERBS[found.then],
        "words": [plan_params.facet_label(*pair) for pair in pairs],
        "query": plan_params.plan_address(pairs).removeprefix("?"),
        "digest": found.digest[:SHOWN],
        "change": change,
    }
    status = CHANGED if change else 200
    return render(request, "syncapp/decide_matching.html", context, status=status)


def _answer_matching(
    request: ViewerRequest,
    plan_id: int,
    filters: queries.PlanFilter,
    done: services.Decided,
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(_as_json(done))
    if done.choices or done.conflicts:
        left = done.choices + done.conflicts
        sentence = f"{left:,} that match {_are(left)} left to be decided one by one."
        messages.warning(request, sentence)
    if done.outdated and done.state == "accepted":
        messages.warning(request, _outdated_words(done.outdated))
    pairs = queries.plan_filter_params(filters)
    address = plan_params.plan_address(pairs) if pairs else ""
    return plan_params.lead_to_plan(plan_id, address)


def _seen(told: str) -> dict[int, str]:
    """Read "17.proposed 18.accepted": changes, and as what each was seen."""
    parted = (each.partition(".") for each in told.split())
    return {list_params.number(number): seen for number, _, seen in parted}


def _how_it_differs(shown: int, found: queries.MatchingChanges) -> str:
    now = f"{found.count:,} match now"
    if shown == found.count:
        now = f"{found.count:,} match now as well, but not the same in the same states"
    elif shown != list_params.NOBODY:
        now = f"{shown:,} were shown, and {now}"
    return f"Nothing was decided, for other changes match than were shown: {now}."


def _tell_contested(request: ViewerRequest, done: services.Decided) -> None:
    for each in done.contested[:MOST_TOLD]:
        messages.warning(request, f"{_contested_words(each)} It was left as it is.")
    if len(done.contested) > MOST_TOLD:
        more = len(done.contested) - MOST_TOLD
        messages.warning(request, f"{more:,} more are left as they are.")


def _outdated_words(number: int) -> str:
    return (
        f"{number:,} of these {_are(number)} outdated: look at them before the plan is "
        "applied."
    )


def _contested_words(each: services.Contested) -> str:
    if each.is_blocked:
        return "Another one of its choice is written already."
    if each.is_found_anew:
        return services.FOUND_ANEW
    did = DID.get(each.state)
    if did is None or each.at is None:
        return f"It is {each.state.replace('_', ' ')} by now."
    return f"{each.by or 'Somebody'} {did} at {_clock(each.at)}."


def _clock(moment: datetime) -> str:
    here, today = timezone.localtime(moment), timezone.localtime(datetime.now(UTC))
    day = "" if here.date() == today.date() else f" on {here:%Y-%m-%d}"
    return f"{here:%H:%M}{day}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _as_json(done: services.Decided) -> dict[str, object]:
    return {
        "decision_id": done.decision_id,
        "state": done.state,
        "changed": done.changed,
        "put_back": done.put_back,
        "choices": done.choices,
        "conflicts": done.conflicts,
        "outdated": done.outdated,
        "contested": [
            {
                "change_id": each.change_id,
                "state": each.state,
                "by": each.by,
                "found_anew": each.is_found_anew,
            }
            for each in done.contested
        ],
    }


def _back(
    request: ViewerRequest,
    plan_id: int,
    change_id: int | None = None,
    *,
    just_rejected: int | None = None,
) -> HttpResponse:
    """Lead back to the page, narrowed as it was, and to the change."""
    query = plan_params.own_query(request.POST.get("place", ""))
    if just_rejected:
        told = f"{plan_params.JUST_REJECTED}={just_rejected}"
        query = f"{query}&{told}" if query else f"?{told}"
    anchor = f"#change-{change_id}" if change_id else ""
    return plan_params.lead_to_plan(plan_id, query, anchor)
