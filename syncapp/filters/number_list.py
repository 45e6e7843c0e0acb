"""Numbers that a query compares with, as the rows of a query of their own."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

ARRAYS = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT jsonb_array_elements(%s::jsonb)::bigint",
}


def number_list(numbers: Sequence[int]) -> RawSQL:
    """Return what stands on the right of an IN for these numbers.

    They are one value. As many values, the drivers would keep a statement for each
    length of the list, and PostgreSQL may compare each row with all of them.
    """
    return RawSQL(ARRAYS[connection.vendor], [json.dumps(numbers)])  # noqa: S611 - ours
