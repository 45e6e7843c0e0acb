"""Counts what a sync did to each stream."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(slots=True)
class Tally:
    """Records of one stream in one run."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    revived: int = 0
    skipped: int = 0

    @classmethod
    def of(cls, saved: Mapping[str, int]) -> "Tally":
        """Return the counts that a checkpoint kept."""
        return cls(**{f.name: saved.get(f.name, 0) for f in fields(cls)})

    def add(self, other: "Tally") -> None:
        """Add the counts of an earlier pass over the same stream."""
        for f in fields(self):
            setattr(self, f.name, getattr(self, f.name) + getattr(other, f.name))

    def plain(self) -> dict[str, int]:
        """Return the counts as JSON takes them."""
        return asdict(self)
