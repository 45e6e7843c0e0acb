"""Images of a change as a change stores values: the way back from `journal`."""

from dataclasses import dataclass

from syncapp.applying.intents import Image
from syncapp.models import Studio
from syncapp.models.keys import row_id


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A value as columns of a change hold it: an entity's row id, or a text."""

    entity_id: int | None
    text: str  # what the entity is called, if the mirror knows it

    @property
    def key(self) -> int | str:
        """Return what tells it from other values of its field."""
        return self.text if self.entity_id is None else self.entity_id


def stored_value(field: str, image: Image, source_id: int) -> StoredValue:
    """Return the image of a set as a change stores it."""
    if field == "studio":
        return _studio(image, source_id)
    return StoredValue(None, stored_text(image))


def stored_text(image: Image) -> str:
    """Return an image of a text, a number or a switch as a change keeps it."""
    if isinstance(image, bool):
        return "true" if image else "false"
    return "" if image is None else str(image)


def _studio(image: Image, source_id: int) -> StoredValue:
    if image is None:
        return StoredValue(None, "")
    key = row_id(source_id, int(image))
    name = Studio.objects.filter(pk=key).values_list("name", flat=True).first()
    return StoredValue(key, name or "")
