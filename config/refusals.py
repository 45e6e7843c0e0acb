"""What is answered at the door, without a thread: a page or JSON with one sentence."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix, set_script_prefix

from config.middleware import POLICY

RETRY_S = 2  # a second is what most crowds take


class NotLetIn(Exception):
    """A request that is not let in; the text is what its sender is told."""

    status = 503


class Busy(NotLetIn):
    def __init__(self) -> None:
        super().__init__(
            "Steward has more to do than it can at this moment, and left this undone. "
            "Try again in a few seconds."
        )


class Unanswered(NotLetIn):
    def __init__(self) -> None:
        super().__init__(
            "Steward still waits for its database to answer who asked this before."
        )


class TooLarge(NotLetIn):
    status = 413

    def __init__(self, most: int) -> None:
        super().__init__(
            f"What was sent is larger than {most:,} bytes, which no form of Steward "
            "is. Nothing of it was kept."
        )


class TooSlow(NotLetIn):
    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"What was sent had not come whole after {seconds:.0f} s. Nothing of it "
            "was kept."
        )


def answer(refusal: NotLetIn, scope: Any) -> HttpResponse:
    """Return the answer to a request that is not let in."""
    sentence = str(refusal)
    response = (
        JsonResponse({"error": sentence})
        if _wants_json(scope["headers"])
        else HttpResponse(_page(sentence, f"{settings.PUBLIC_PATH}/"))
    )
    response.status_code = refusal.status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Connection"] = "close"  # what is still being sent is not read
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    if refusal.status == NotLetIn.status:
        response.headers["Retry-After"] = str(RETRY_S)
    return response


@cache
def _page(sentence: str, below: str) -> str:
    """Render the page as for nobody: without a request no database is asked.

    Its links are `below` this path, which Django sets for requests that it sees.
    """
    before = get_script_prefix()
    set_script_prefix(below)
    try:
        return render_to_string("refused.html", {"sentence": sentence}, using="pages")
    finally:
        set_script_prefix(before)


def _wants_json(headers: Any) -> bool:
    accepted = b",".join(value for name, value in headers if name == b"accept")
    return b"application/json" in accepted and b"text/html" not in accepted
