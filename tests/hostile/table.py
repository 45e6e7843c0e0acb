"""The table of hostile behaviours, by kind."""

from tests.hostile.answers import BYTES, JSON, PAGES, TOTALS
from tests.hostile.records import NUMBERS, REFERENCES, TEXTS, TIMES
from tests.hostile.servers import HTTP, SCHEMA

TABLE = {
    "bytes": BYTES,
    "JSON": JSON,
    "totals": TOTALS,
    "pages": PAGES,
    "times": TIMES,
    "texts": TEXTS,
    "numbers": NUMBERS,
    "references": REFERENCES,
    "schema": SCHEMA,
    "HTTP": HTTP,
}
