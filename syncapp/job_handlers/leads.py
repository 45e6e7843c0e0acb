"""The page that each number of a job's result leads to."""

from urllib.parse import urlencode

from django.urls import reverse

from syncapp.models import What

# How a tally calls it, and how the page of what changed does.
COUNTED = {
    "new": What.CAME,
    "changed": What.CHANGED,
    "gone": What.WENT,
    "revived": What.BACK,
}


def to_changes(job_id: int, part: str, row: str, column: str) -> str:
    """Return the address of the rows that a number counts; "" for another number."""
    if part != "streams" or column not in COUNTED:
        return ""
    asked = {"stream": row, "what": COUNTED[column].value, "job": job_id}
    return f"{reverse('syncapp:changes')}?{urlencode(asked)}"


def to_plan(job_id: int, part: str, row: str, _column: str) -> str:
    """Return the address of the plan that an analysis made; "" for another number."""
    is_of_plan = (part, row) == ("", "plan") or (part, row) == ("found", "proposals")
    return reverse("syncapp:plan_of_job", args=[job_id]) if is_of_plan else ""


def to_ended_changes(job_id: int, part: str, row: str, _column: str) -> str:
    """Return the address of the changes that ended so; "" for another number."""
    if part != "changes":
        return ""
    plan = reverse("syncapp:plan_of_job", args=[job_id])
    return f"{plan}?{urlencode({'state': row})}"


def to_evaluation(job_id: int, part: str, _row: str, _column: str) -> str:
    """Return the address of the table of an evaluation; "" for another number."""
    return reverse("syncapp:evaluation", args=[job_id]) if part == "accuracy" else ""
