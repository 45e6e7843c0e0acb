"""Tags: a graph in which a tag may have several parents."""

from syncapp.models import Tag, TagParent
from syncapp.stash.documents import TAGS as ENTITY
from syncapp.stash.records import TagRecord, decode_tag
from syncapp.sync.stream import LinkTable, Parsed, Stream
from syncapp.sync.streams.fields import pairs, targets

COLUMNS = (
    "name",
    "sort_name",
    "description",
    "aliases",
    "stash_ids",
    "favorite",
    "ignore_auto_tag",
)


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
        ),
        (targets(record.parents, source_id),),
    )


TAGS = Stream(
    name="tags",
    entity=ENTITY,
    model=Tag,
    decode=decode_tag,
    parse=parse,
    columns=COLUMNS,
    links=(LinkTable(TagParent, "tag_id", "parent_id", to="tags"),),
    all_or_none=True,
)
