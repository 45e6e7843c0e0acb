"""How changes end: what the journal is told, with a sentence for a person."""

from collections.abc import Iterable, Iterator

from syncapp.applying.intents import Image, Intent, Settled
from syncapp.applying.journal import ChangeEnding
from syncapp.models.change_states import ChangeState
from syncapp.stash.scene_writing import SceneValues

GONE = "The scene is no longer at the source."
UNSEEN = (
    "Its answer was lost. It was read a moment before; an edit of that moment by "
    "somebody else would not have been seen."
)
NOT_SHOWN = (
    "The source did not show what stood there in the moment of the write: an edit by "
    "somebody else since the read before it would not have been seen."
)


def failed(intents: Iterable[Intent], why: str) -> Iterator[ChangeEnding]:
    for intent in intents:
        yield ChangeEnding(intent, ChangeState.FAILED, objection=why)


def conflicting(intent: Intent, image: Image) -> ChangeEnding:
    return ChangeEnding(
        intent,
        ChangeState.CONFLICT,
        found=image,
        has_found=True,
        objection="It holds something else by now than when this was proposed.",
    )


def ended(intent: Intent, settled: Settled, *, shown: bool) -> ChangeEnding:
    return ChangeEnding(
        intent,
        settled.state,
        settled.before,
        settled.found,
        has_found=settled.state is ChangeState.CHANGED_SINCE,
        objection="" if shown else NOT_SHOWN,
    )


def unanswered(intent: Intent, before: Image, now: SceneValues) -> ChangeEnding:
    image = intent.image(now)
    if image == intent.wanted:
        return ChangeEnding(intent, ChangeState.APPLIED, before, objection=UNSEEN)
    if image == before:
        return ChangeEnding(intent, ChangeState.ACCEPTED)
    return ChangeEnding(
        intent,
        ChangeState.CHANGED_SINCE,
        before,
        image,
        has_found=True,
        objection="Its answer was lost, and the source holds another value by now.",
    )
