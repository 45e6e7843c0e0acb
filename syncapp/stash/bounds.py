"""How much of what a source says is believed; docs/syncing.md tells it to people.

What is longer or larger is mended where that is plain: a text is cut, a number that no
column holds is left out, and the rest of the record is kept.
"""

TEXT = 100_000  # characters of a text
ITEMS = 50_000  # of a list; a scene of 33,500 files was seen
STAMP = 64  # characters of a time
DATE = 32  # characters of a date; Stash's own have 4 to 10
FLOAT = 1e300  # beyond it lies what JSON can write and a column cannot hold
INT32 = 2**31 - 1  # the largest number of a column of 32 bits
PAGE_BYTES = 8 * 2**20  # of an answer of several records; fewer are asked for then
RECORDS = 2_000_000  # of one kind
TYPES = 5_000  # of a schema; Stash's own has some 400
NAMES = 100_000  # of fields and arguments in a schema
ERRORS = 20  # of an answer, that are looked at
