"""What a page shows of automatic apply: whether it is on, and how it went."""

from dataclasses import dataclass
from datetime import UTC, datetime

from syncapp.applying.automatic import (
    MOST_WRONG,
    DetectorRecord,
    accepted_today,
    certain_changes,
    records_since,
)
from syncapp.models import AutomaticApply, Plan, Source
from syncapp.models.automatic import USUAL_LIMIT
from syncapp.models.plans import PlanKind
from syncapp.queries.plans import PlanLine, plans_by_ids

LATEST = 5  # plans


@dataclass(frozen=True, slots=True)
class AutomaticPage:
    """Whether it is on, what it did since that was said, and what waits."""

    source_id: int
    source: str
    is_read_only: bool
    detectors: tuple[str, ...]  # that are allowed; none: it is off
    daily_limit: int
    allowed_by: str  # empty: a command
    allowed_at: datetime | None
    today: int  # accepted within a day
    records: tuple[DetectorRecord, ...]
    waiting: int  # certain and undecided, of those that are allowed
    plans: tuple[PlanLine, ...]  # the newest that it made

    @property
    def is_on(self) -> bool:
        return bool(self.detectors)

    @property
    def most_wrong(self) -> str:
        """Return the share that is borne, in words."""
        return f"{100 * MOST_WRONG:g}\N{NO-BREAK SPACE}%"

    @property
    def is_alarming(self) -> bool:
        return self.is_on and any(record.is_alarming for record in self.records)


def automatic_page(source_id: int) -> AutomaticPage | None:
    """Return it; None if the source is not there. Nine queries."""
    sources = Source.objects.filter(pk=source_id)
    source = sources.values("name", "read_only").first()
    if source is None:
        return None
    rows = AutomaticApply.objects.filter(pk=source_id)
    columns = ("detectors", "daily_limit", "allowed_by__username", "allowed_at")
    said = rows.values_list(*columns).first()
    detectors, limit, by, at = said or ([], USUAL_LIMIT, "", None)
    made = Plan.objects.filter(source_id=source_id, kind=PlanKind.AUTOMATIC)
    newest = list(made.order_by("-id").values_list("pk", flat=True)[:LATEST])
    return AutomaticPage(
        source_id=source_id,
        source=source["name"],
        is_read_only=source["read_only"],
        detectors=tuple(detectors),
        daily_limit=limit,
        allowed_by=by or "",
        allowed_at=at,
        today=accepted_today(source_id, datetime.now(UTC)),
        records=() if at is None else records_since(source_id, at),
        waiting=certain_changes(source_id, detectors).count(),
        plans=plans_by_ids(newest),
    )
