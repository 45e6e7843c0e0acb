"""Lists as files: sent while they are read, a few rows at a time."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from jobs.viewer import ViewerRequest
from jobs.web.responses import answer_refusal
from syncapp import queries
from syncapp.views import entity_params, list_params, scene_params

MOST_EACH = 3  # at once, of one person
TOO_MANY, BAD = 429, 400


class ExportFile(StreamingHttpResponse):
    """A file that is being sent; it counts from its first piece to its end."""

    def __init__(self, begun: queries.ExportStart, user_id: int) -> None:
        self.user_id = user_id
        kind = queries.FORMATS[begun.asked.ending].content_type
        super().__init__(self._pieces(begun), content_type=kind)

    def close(self) -> None:
        """Take it as sent, or as left: its pieces may not hear of that for a while."""
        super().close()
        AT_WORK.discard(self)

    async def _pieces(self, begun: queries.ExportStart) -> AsyncIterator[str]:
        """Yield the file; the next rows are read when those before are on their way."""
        AT_WORK.add(self)
        try:
            part = begun.part
            yield part.text
            while part.next is not None:
                part = await sync_to_async(queries.export_part)(begun.asked, part.next)
                yield part.text
        finally:
            AT_WORK.discard(self)


AT_WORK: set[ExportFile] = set()


@require_GET
async def export_list(
    request: ViewerRequest, stream: str, kind: str
) -> HttpResponseBase:
    """Send the rows of a list with its filter, in its order."""
    if kind not in queries.FORMATS:
        msg = f"Lists are not written as {kind!r}."
        raise Http404(msg)
    user_id = request.viewer.user_id
    if sum(file.user_id == user_id for file in tuple(AT_WORK)) >= MOST_EACH:
        sentence = f"{MOST_EACH} exports of yours are being sent: wait for one to end."
        return answer_refusal(request, sentence, TOO_MANY)
    begun = await sync_to_async(queries.begin_export)(
        stream, _wanted(request, stream), ending=kind, sort=request.GET.get("sort", "")
    )
    if isinstance(begun, queries.UnusableFilter):
        return answer_refusal(request, " ".join(begun.sentences), BAD)
    return _file(begun, user_id)


def _wanted(request: ViewerRequest, stream: str) -> queries.WantedFilter:
    asked = list_params.with_source(request.GET, None)
    if stream == "scenes":
        return scene_params.parsed_filter(asked)
    return entity_params.parsed_entity_filter(stream, asked)


def _file(begun: queries.ExportStart, user_id: int) -> HttpResponseBase:
    asked, response = begun.asked, ExportFile(begun, user_id)
    name = f"steward-{asked.stream}-{timezone.localdate():%Y-%m-%d}.{asked.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
