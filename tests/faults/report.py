"""What a run has to say: each fault with its recovery, and what did not hold."""

import statistics
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One fault and what came of it."""

    number: int
    words: str
    hit: int  # jobs that ran when it came
    recovered_s: float  # until all of them went on, and a new one was done
    whole_s: float  # until every process was back
    events: dict[str, int]

    def __str__(self) -> str:
        told = ", ".join(f"{n} {code}" for code, n in sorted(self.events.items()))
        return (
            f"{self.number:>4}  {self.words:<44} {self.hit} hit, recovered"
            f" {self.recovered_s:>5.1f} s, whole {self.whole_s:>5.1f} s  {told}"
        )


@dataclass(slots=True)
class Report:
    database: str
    broker: str
    seed: int
    rows: list[Row] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)
    refused: int = 0  # requests that came while the database was away

    def percentile(self, share: float) -> float:
        times = sorted(row.recovered_s for row in self.rows)
        if len(times) < 2:
            return times[0] if times else 0.0
        return statistics.quantiles(times, n=100, method="inclusive")[int(share) - 1]

    def as_json(self) -> dict[str, object]:
        rows = [asdict(row) for row in self.rows]
        p50, p95 = self.percentile(50), self.percentile(95)
        kept = {"database": self.database, "broker": self.broker, "seed": self.seed}
        figures = {"p50_s": p50, "p95_s": p95, "jobs": self.jobs}
        return {**kept, **figures, "wrong": self.wrong, "faults": rows}

    def __str__(self) -> str:
        told = ", ".join(f"{n} {word}" for word, n in sorted(self.jobs.items()))
        p50, p95 = self.percentile(50), self.percentile(95)
        what = f"{self.database}, wake-ups by {self.broker}, seed {self.seed}"
        times = f"{len(self.rows)} faults, recovery p50 {p50:.1f} s, p95 {p95:.1f} s"
        refused = f"{self.refused} requests refused while the database was away"
        lines = [f"{what}: {times}", f"jobs: {told}; {refused}"]
        lines += [f"  WRONG: {sentence}" for sentence in self.wrong]
        lines += ["0 lost, 0 stuck, 0 done twice, 0 strays"] if not self.wrong else []
        return "\n".join(lines)
