"""Studios: a tree; a studio has at most one parent."""

from syncapp.models import Studio, StudioTag
from syncapp.stash.documents import STUDIOS as ENTITY
from syncapp.stash.records import StudioRecord, decode_studio
from syncapp.sync.stream import LinkTable, Parsed, Stream, ToOne
from syncapp.sync.streams.fields import named, pairs, target, targets
from syncapp.text.documents import SearchTexts
from syncapp.text.folding import order_key

COLUMNS = (
    "name",
    "details",
    "urls",
    "aliases",
    "stash_ids",
    "rating100",
    "favorite",
    "ignore_auto_tag",
    "parent_id",
    "name_key",
)
NAME, ALIASES = map(COLUMNS.index, ("name", "aliases"))


def parse(record: StudioRecord, source_id: int) -> Parsed:
    """Return the columns and links of one studio."""
    return Parsed(
        (
            record.name,
            record.details,
            list(record.urls),
            sorted(record.aliases),
            pairs(record.stash_ids),
            record.rating100,
            record.favorite,
            record.ignore_auto_tag,
            target(record.parent_studio, source_id),
            order_key(record.name),
        ),
        (targets(record.tags, source_id),),
    )


def _document(parsed: Parsed) -> SearchTexts:
    return named(parsed.values[NAME], parsed.values[ALIASES])


def _order_text(parsed: Parsed) -> str:
    name: str = parsed.values[NAME]
    return name


STUDIOS = Stream(
    name="studios",
    entity=ENTITY,
    model=Studio,
    decode=decode_studio,
    parse=parse,
    columns=COLUMNS,
    document=_document,
    order_text=_order_text,
    links=(LinkTable(StudioTag, "studio_id", "tag_id", to="tags"),),
    to_one=(ToOne("parent_id", to="studios"),),
)
