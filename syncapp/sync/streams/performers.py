"""Performers."""

from syncapp.models import Performer, PerformerTag
from syncapp.stash.documents import PERFORMERS as ENTITY
from syncapp.stash.records import PerformerRecord, decode_performer
from syncapp.sync.stream import LinkTable, Parsed, Stream
from syncapp.sync.streams.fields import pairs, targets

COLUMNS = (
    "name",
    "disambiguation",
    "details",
    "gender",
    "country",
    "birthdate",
    "death_date",
    "urls",
    "aliases",
    "stash_ids",
    "rating100",
    "favorite",
    "ignore_auto_tag",
)


def parse(record: PerformerRecord, source_id: int) -> Parsed:
    """Return the columns and links of one performer."""
    return Parsed(
        (
            record.name,
            record.disambiguation,
            record.details,
            record.gender,
            record.country,
            record.birthdate,
            record.death_date,
            list(record.urls),
            sorted(record.alias_list),
            pairs(record.stash_ids),
            record.rating100,
            record.favorite,
            record.ignore_auto_tag,
        ),
        (targets(record.tags, source_id),),
    )


PERFORMERS = Stream(
    name="performers",
    entity=ENTITY,
    model=Performer,
    decode=decode_performer,
    parse=parse,
    columns=COLUMNS,
    links=(LinkTable(PerformerTag, "performer_id", "tag_id", to="tags"),),
)
