"""The tags as a tree: narrowed by a text, or opened as asked."""

from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jobs.viewer import ViewerRequest
from syncapp import queries
from syncapp.views.list_params import number


@require_safe
async def tag_tree(request: ViewerRequest) -> HttpResponse:
    asked = request.GET
    tree = await sync_to_async(queries.tag_tree)(
        _id(asked, "source"),
        search=asked.get("q", ""),
        opened=[number(text) for text in asked.getlist("open")],
        after=_id(asked, "after"),
    )
    context = {
        "tree": tree,
        "open_query": _open_query(tree),
        "next_query": _query(tree, after=tree.next) if tree.next else "",
        "list_url": reverse("syncapp:tags"),
        "scenes_url": reverse("syncapp:scenes"),
    }
    return render(request, "syncapp/tag_tree.html", context)


def _id(asked: QueryDict, name: str) -> int | None:
    """Return the id of a parameter, one that no row has for what is none."""
    text = asked.get(name, "").strip()
    return number(text) if text else None


def _open_query(tree: queries.Tree) -> str:
    """Return the query string to which `open` and one more tag belong."""
    pairs = [("open", str(key)) for key in tree.opened[1 - queries.MOST_OPEN :]]
    return "&".join(filter(None, (_query(tree, after=tree.after), urlencode(pairs))))


def _query(tree: queries.Tree, *, after: int | None) -> str:
    pairs = {"source": tree.source_id, "after": after}
    return urlencode({name: key for name, key in pairs.items() if key is not None})
