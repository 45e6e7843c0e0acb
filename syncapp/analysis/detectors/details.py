"""Proposes details without HTML, where somebody asks for it."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from syncapp.analysis.detector import Detector
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.markup import entities_in, plain_text, tags_in
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
    TextSpan,
)
from syncapp.analysis.reading import SceneReading

KINDS = {
    "tags": "The details have tags of HTML in them.",
    "entities": 'The details have characters written as in HTML: "&amp;".',
    "escaped": "The details have tags of HTML in them, written as text.",
}
MOST_SPANS = 20
MOST_TIMES = 3  # that a text was escaped


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:  # noqa: ARG001
    details = reading.facts.details
    if "<" not in details and "&" not in details:
        return
    found = sorted(chain(tags_in(details), entities_in(details)), key=_start)
    if not found:
        return
    spans = tuple(TextSpan("details", *m.span()) for m in islice(found, MOST_SPANS))
    said, kind = _plain(details)
    if not said:
        reason = "Nothing would be left of the details but an empty text."
        yield HeldBack(SceneField.DETAILS, said, reason, spans)
    elif said != details:
        yield Proposal(
            field=SceneField.DETAILS,
            op=Op.SET,
            value=said,
            evidence=Evidence(kind, KINDS[kind], spans),
            cause=f"details: {kind}",
        )


def _plain(details: str) -> tuple[str, str]:
    """Return a text without markup, however often it was escaped, and the kind."""
    kind = "tags" if any(tags_in(details)) else "entities"
    said = plain_text(details)
    for _ in range(MOST_TIMES):
        if not any(tags_in(said)) and not any(entities_in(said)):
            break
        kind = "escaped" if any(tags_in(said)) else kind
        said = plain_text(said)
    return said, kind


def _start(match: re.Match[str]) -> int:
    return match.start()


DETAILS = Detector(
    name="details",
    version=1,
    title="Details",
    does="Turns HTML in the details into plain text with its paragraphs.",
    kinds=KINDS,
    find=_find,
    is_on_request=True,
)
