"""Lists as files: sent while they are read, a few rows at a time."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from jobs.viewer import ViewerRequest
from jobs.web.responses import answer_refusal
from syncapp import queries, services
from syncapp.views import entity_params, list_params, scene_params
from syncapp.views.plan_params import parsed_plan_filter

MOST_EACH = 3  # at once, of one person
TOO_MANY, BAD = 429, 400
AnyExport = queries.Export | queries.PlanExport


class ExportFile(StreamingHttpResponse):
    """A file that is being sent; it counts from its first piece to its end."""

    def __init__(self, asked: AnyExport, first: queries.ExportPart, *, by: int) -> None:
        self.user_id = by
        kind = queries.FORMATS[asked.ending].content_type
        super().__init__(self._pieces(asked, first), content_type=kind)

    def close(self) -> None:
        """Take it as sent, or as left: its pieces may not hear of that for a while."""
        super().close()
        AT_WORK.discard(self)

    async def _pieces(
        self, asked: AnyExport, first: queries.ExportPart
    ) -> AsyncIterator[str]:
        """Yield the file; the next rows are read when those before are on their way."""
        AT_WORK.add(self)
        try:
            part = first
            yield part.text
            while part.next is not None:
                part = await sync_to_async(queries.next_part)(asked, part.next)
                yield part.text
        finally:
            AT_WORK.discard(self)


AT_WORK: set[ExportFile] = set()


@require_GET
async def export_list(
    request: ViewerRequest, stream: str, kind: str
) -> HttpResponseBase:
    """Send the rows of a list with its filter, in its order."""
    _check_kind(kind)
    user_id = request.viewer.user_id
    if sentence := _too_many(user_id):
        return answer_refusal(request, sentence, TOO_MANY)
    begun = await sync_to_async(queries.begin_export)(
        stream, _wanted(request, stream), ending=kind, sort=request.GET.get("sort", "")
    )
    if isinstance(begun, queries.UnusableFilter):
        return answer_refusal(request, " ".join(begun.sentences), BAD)
    file = ExportFile(begun.asked, begun.part, by=user_id)
    return _named(file, stream, kind)


@require_GET
async def export_plan(
    request: ViewerRequest, plan_id: int, kind: str
) -> HttpResponseBase:
    """Send the changes of a plan that match, by scene."""
    _check_kind(kind)
    user_id, parsed = request.viewer.user_id, parsed_plan_filter(request.GET)
    if sentence := _too_many(user_id):
        return answer_refusal(request, sentence, TOO_MANY)
    if parsed.wrong:
        return answer_refusal(request, " ".join(parsed.wrong.values()), BAD)
    asked = queries.PlanExport(plan_id, kind, parsed.filters)
    first = await sync_to_async(queries.begin_plan_export)(asked)
    if first is None:
        raise Http404(str(services.PlanNotFound(plan_id)))
    file = ExportFile(asked, first, by=user_id)
    return _named(file, f"plan-{plan_id}", kind)


def _check_kind(kind: str) -> None:
    if kind not in queries.FORMATS:
        msg = f"Lists are not written as {kind!r}."
        raise Http404(msg)


def _too_many(user_id: int) -> str:
    """Return why this person has to wait; empty if nothing keeps them."""
    if sum(file.user_id == user_id for file in tuple(AT_WORK)) < MOST_EACH:
        return ""
    return f"{MOST_EACH} exports of yours are being sent: wait for one to end."


def _wanted(request: ViewerRequest, stream: str) -> queries.WantedFilter:
    asked = list_params.with_source(request.GET, None)
    if stream == "scenes":
        return scene_params.parsed_filter(asked)
    return entity_params.parsed_entity_filter(stream, asked)


def _named(file: ExportFile, what: str, ending: str) -> HttpResponseBase:
    name = f"steward-{what}-{timezone.localdate():%Y-%m-%d}.{ending}"
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    file.headers["Cache-Control"] = "no-store"
    return file
