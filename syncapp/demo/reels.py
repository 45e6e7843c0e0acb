"""A film of the attic, as a value."""

from dataclasses import dataclass

ALL = "studio people tags date title"


@dataclass(frozen=True, slots=True)
class Copy:
    """How a reel resembles an earlier one, and whether it is truly the same film."""

    of: str  # the other's path
    is_exact: bool = False  # byte by byte: all fingerprints are equal
    steps: int = 0  # half the distance of their phashes
    longer: float = 0.0  # seconds
    is_same: bool = True


@dataclass(frozen=True, slots=True)
class Reel:
    """A film, with what its path tells; `has` names the fields that tell it as well."""

    path: str
    studio: str = ""
    people: str = ""  # labels, with ";" between
    tags: str = ""  # names, with ";" between
    date: str = ""
    title: str = ""
    has: str = ""
    copy: Copy | None = None
    is_flat: bool = False  # its phash is that of a black picture

    @property
    def organized(self) -> bool:
        return self.has == ALL
