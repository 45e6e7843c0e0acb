"""What a verification found: counts by stream and kind, with a few named examples."""

from collections.abc import Iterable
from dataclasses import dataclass, field

NAMED = 5  # examples of a kind
# Kinds of difference, and how the sentence about them begins.
KINDS = {
    "missing": "not in the mirror",
    "extra": "no longer listed by the source",
    "outdated": "edited since the last sync, or waiting to be read again",
    "wrong": "with a stored value that the source does not say",
    "dangling": "with a link to what is not there",
    "orphaned": "links or files left of rows that are not there",
    "miscounted": "with a wrong number of scenes",
    "unsearched": "that no search finds",
}


@dataclass(slots=True)
class Findings:
    """What differs in one stream; `examples` go by kind."""

    source: int = 0  # records, as the source counts them
    mirror: int = 0  # live rows
    compared: int = 0  # rows whose every column was compared
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, examples: Iterable[str], count: int | None = None) -> None:
        """Note differences; `count` if there are more than there are examples."""
        told = list(examples)
        self.counts[kind] += len(told) if count is None else count
        kept = self.examples.setdefault(kind, [])
        kept.extend(told[: NAMED - len(kept)])

    @property
    def differences(self) -> int:
        return sum(self.counts.values())

    @property
    def kinds(self) -> dict[str, int]:
        """Return the counts of what was found."""
        return {kind: count for kind, count in self.counts.items() if count}

    def plain(self) -> dict[str, int]:
        """Return the figures as JSON takes them."""
        return {
            "source": self.source,
            "mirror": self.mirror,
            "compared": self.compared,
            "differences": self.differences,
        }

    def sentences(self, name: str) -> Iterable[tuple[str, str]]:
        """Yield kind and sentence of each kind that was found."""
        for kind, count in self.kinds.items():
            named = self.examples.get(kind, [])
            more = f" and {count - len(named):,} more" if count > len(named) else ""
            yield kind, f"{name}: {count:,} {KINDS[kind]}: {'; '.join(named)}{more}."
