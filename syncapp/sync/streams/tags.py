"""Tags: a graph in which a tag may have several parents."""

from syncapp.models import Tag, TagParent
from syncapp.stash.documents import TAGS as ENTITY
from syncapp.stash.records import TagRecord, decode_tag
from syncapp.sync.stream import LinkTable, Parsed, Stream
from syncapp.sync.streams.fields import named, pairs, targets
from syncapp.text.documents import SearchTexts
from syncapp.text.folding import order_key

COLUMNS = (
    "name",
    "sort_name",
    "description",
    "aliases",
    "stash_ids",
    "favorite",
    "ignore_auto_tag",
    "name_key",
)
OF_NAMES = ("name", "aliases", "sort_name")
NAME, ALIASES, SORT_NAME = map(COLUMNS.index, OF_NAMES)


def parse(record: TagRecord, source_id: int) -> Parsed:
    """Return the columns and links of one tag."""
    return Parsed(
        (
            record.name,
            record.sort_name,
            record.description,
            sorted(record.aliases),
            pairs(record.stash_ids),
            record.favorite,
            record.ignore_auto_tag,
            order_key(record.sort_name or record.name),
        ),
        (targets(record.parents, source_id),),
    )


def _document(parsed: Parsed) -> SearchTexts:
    return named(parsed.values[NAME], parsed.values[ALIASES])


def _order_text(parsed: Parsed) -> str:
    name: str = parsed.values[SORT_NAME] or parsed.values[NAME]
    return name


TAGS = Stream(
    name="tags",
    entity=ENTITY,
    model=Tag,
    decode=decode_tag,
    parse=parse,
    columns=COLUMNS,
    document=_document,
    order_text=_order_text,
    links=(LinkTable(TagParent, "tag_id", "parent_id", to="tags"),),
    all_or_none=True,
)
