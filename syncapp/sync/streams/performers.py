"""Performers."""

from syncapp.models import Performer, PerformerTag
from syncapp.stash.documents import PERFORMERS as ENTITY
from syncapp.stash.records import PerformerRecord, decode_performer
from syncapp.sync.stream import LinkTable, Parsed, Stream
from syncapp.sync.streams.fields import named, pairs, targets
from syncapp.text.documents import SearchTexts
from syncapp.text.folding import order_key

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
    "name_key",
)
OF_NAMES = ("name", "aliases", "disambiguation")
NAME, ALIASES, DISAMBIGUATION = map(COLUMNS.index, OF_NAMES)


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
            order_key(record.name),
        ),
        (targets(record.tags, source_id),),
    )


def _document(parsed: Parsed) -> SearchTexts:
    return named(
        parsed.values[NAME], parsed.values[ALIASES], parsed.values[DISAMBIGUATION]
    )


def _order_text(parsed: Parsed) -> str:
    name: str = parsed.values[NAME]
    return name


PERFORMERS = Stream(
    name="performers",
    entity=ENTITY,
    model=Performer,
    decode=decode_performer,
    parse=parse,
    columns=COLUMNS,
    document=_document,
    order_text=_order_text,
    links=(LinkTable(PerformerTag, "performer_id", "tag_id", to="tags"),),
)
