"""What a button answers: the job's page, its JSON, or the sentence why not."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jobs import outages
from jobs.services import JobRef
from jobs.viewer import ViewerRequest

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[ViewerRequest, P], Coroutine[Any, Any, HttpResponse]]
FORBIDDEN, SEE_OTHER, ACCEPTED = 403, 303, 202
AWAY, AGAIN_S = 503, 10
TRIES = 3
ONLY_LOOK = "You may look at this, but not start or stop work here."


def button(
    permission: str,
    refusals: Mapping[type[Exception], int],
    forbidden: str = ONLY_LOOK,
) -> Callable[[View[P]], View[P]]:
    """Make a view a button: POST only, for who holds `permission`; see `reserved`."""
    return reserved(permission, refusals, forbidden, methods=["POST"])


def reserved(
    permission: str,
    refusals: Mapping[type[Exception], int],
    forbidden: str,
    *,
    methods: Sequence[str],
) -> Callable[[View[P]], View[P]]:
    """Make a view one for who holds `permission`, with these methods alone.

    `refusals` names the errors that are an answer, each with its HTTP status; an error
    is matched by the first entry that it is an instance of. `forbidden` is what others
    are told. What a deadlock undid is tried again.
    """

    def decorate(view: View[P]) -> View[P]:
        @require_http_methods(list(methods))
        @wraps(view)
        async def wrapper(
            request: ViewerRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not request.viewer.may(permission):
                return answer_refusal(request, forbidden, FORBIDDEN)
            act = partial(view, request, *args, **kwargs)
            try:
                return await _again_after_deadlock(act)
            except tuple(refusals) as exc:
                return answer_refusal(request, str(exc), status_of(exc, refusals))

        return wrapper

    return decorate


async def _again_after_deadlock(act: Callable[[], Awaitable[T]]) -> T:
    """Do it; where a deadlock undid it whole, once or twice more."""
    for _ in range(TRIES - 1):
        try:
            return await act()
        except OperationalError as exc:
            if not outages.is_deadlock(exc):
                raise
    return await act()


def status_of(exc: Exception, refusals: Mapping[type[Exception], int]) -> int:
    """Return the HTTP status of an error: of the first entry that it is one of."""
    return next(status for kind, status in refusals.items() if isinstance(exc, kind))


def answer_job(request: HttpRequest, ref: JobRef) -> HttpResponse:
    """Answer with the job: 303 to its page, or 202 and JSON for who asks for that."""
    if not wants_json(request):
        return HttpResponseRedirect(job_url(ref), status=SEE_OTHER)
    return JsonResponse(_as_json(ref), status=ACCEPTED)


def answer_jobs(request: HttpRequest, refs: Sequence[JobRef]) -> HttpResponse:
    """Answer with several jobs: 303 to the list of all, or 202 and JSON."""
    if not wants_json(request):
        return HttpResponseRedirect(reverse("jobs:list"), status=SEE_OTHER)
    return JsonResponse({"jobs": [_as_json(ref) for ref in refs]}, status=ACCEPTED)


def job_url(ref: JobRef) -> str:
    return reverse("jobs:detail", args=[ref.job_id])


def _as_json(ref: JobRef) -> dict[str, Any]:
    return {
        "job_id": ref.job_id,
        "status": ref.status,
        "created_at": ref.created_at.isoformat(),
        "updated_at": ref.updated_at.isoformat(),
        "url": job_url(ref),
    }


def answer_refusal(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """Answer why not, as a page or as JSON."""
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=status)
    return render(request, "refused.html", {"sentence": sentence}, status=status)


def answer_away(request: HttpRequest) -> HttpResponse:
    """Answer for a database that is away or full, or had another go first each time."""
    sentence = (
        "The database cannot do this at the moment: it is away, busy, or its disk is "
        "full. Nothing was changed; try again shortly."
    )
    response = answer_refusal(request, sentence, AWAY)
    response.headers["Retry-After"] = str(AGAIN_S)
    return response


def wants_json(request: HttpRequest) -> bool:
    """Return whether the request asks for JSON rather than for a page."""
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"
