"""Finds which element a refused write named that its source does not have."""

from collections.abc import Iterable

from syncapp.applying.intents import Intent
from syncapp.models.field_words import KIND_OF_FIELD
from syncapp.stash.client import StashClient
from syncapp.stash.documents import NAMED


def missing_elements(client: StashClient, intents: Iterable[Intent]) -> dict[int, str]:
    """Return a sentence for each change whose element is gone; one request."""
    asked = [each for each in intents if _names_one(each)]
    if not asked:
        return {}
    wanted = ", ".join(f"$i{n}: ID!" for n in range(len(asked)))
    parts = " ".join(
        f"i{n}: {NAMED[KIND_OF_FIELD[each.field]].one_root}(id: $i{n}) {{ id }}"
        for n, each in enumerate(asked)
    )
    document = f"query ElementsNow({wanted}) {{ {parts} }}"
    data = client.ask(
        document, {f"i{n}": str(each.value) for n, each in enumerate(asked)}
    ).data
    return {
        each.change_id: (
            f"Its {KIND_OF_FIELD[each.field]} is no longer at the source: it was "
            "deleted, or merged into another. Sync, and analyse the scene again."
        )
        for n, each in enumerate(asked)
        if data.get(f"i{n}") is None
    }


def _names_one(intent: Intent) -> bool:
    names = intent.field in KIND_OF_FIELD and intent.value is not None
    return names and intent.op != "remove"
