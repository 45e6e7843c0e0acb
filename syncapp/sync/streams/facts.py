"""What lists narrow scenes by, worked out from a scene's row, its links and files."""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from syncapp.filters.values import MISSING_BITS, Missing
from syncapp.sync.stream import FILE_COLUMNS, Parsed

OF_FIRST_FILE = ("duration", "size", "height", "frame_rate", "bit_rate")
FACTS = ("missing", "tag_count", "performer_count", "file_count", *OF_FIRST_FILE)
# Where these stand among the columns of a scene, and of a file.
TITLE, DATE, URLS, STASH_IDS, STUDIO = 0, 4, 7, 8, 14
PLAIN = STUDIO + 2  # behind the key of the order
PHASH, FINGERPRINTS = FILE_COLUMNS.index("phash"), FILE_COLUMNS.index("fingerprints")
_of_first = itemgetter(*map(FILE_COLUMNS.index, OF_FIRST_FILE))
_NOTHING = (None,) * len(OF_FIRST_FILE)
_POSITION = FILE_COLUMNS.index("position")
BITS = 64
PHASH_FORM = re.compile(r"[0-9a-fA-F]{1,16}")


def with_facts(parsed: Parsed) -> Parsed:
    """Return a scene with its derived columns, whatever stood there before.

    Its values may end before them. Files have their phash already.
    """
    plain, files = parsed.values[:PLAIN], parsed.files
    tags, performers = parsed.links
    first = next((file for file in files if file[_POSITION] == 0), None)
    values = (
        *plain,
        _missing(parsed),
        len(tags),
        len(performers),
        len(files),
        *(_of_first(first) if first else _NOTHING),
    )
    return Parsed(values, parsed.links, files)


def with_phash(file: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row of SceneFile with its phash, whatever stood there before."""
    return (*file[:PHASH], phash_of(file[FINGERPRINTS]), *file[PHASH + 1 :])


def phash_of(fingerprints: Iterable[Sequence[str]]) -> int | None:
    """Return the phash as a signed number of 64 bits; None if there is none."""
    for kind, value in fingerprints:
        if kind == "phash" and PHASH_FORM.fullmatch(value):
            number = int(value, 16)
            return number - (1 << BITS) if number >> (BITS - 1) else number
    return None


def _missing(parsed: Parsed) -> int:
    """Return the bits of all that a scene lacks."""
    row, (tags, performers) = parsed.values, parsed.links
    has = {
        Missing.STUDIO: row[STUDIO] is not None,
        Missing.PERFORMERS: performers,
        Missing.TAGS: tags,
        Missing.DATE: row[DATE],
        Missing.TITLE: row[TITLE],
        Missing.FILES: parsed.files,
        Missing.PHASH: any(file[PHASH] is not None for file in parsed.files),
        Missing.URLS: row[URLS],
        Missing.STASH_IDS: row[STASH_IDS],
    }
    return sum(MISSING_BITS[kind] for kind, there in has.items() if not there)
