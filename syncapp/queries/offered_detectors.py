"""What an analysis can be asked to do: the detectors, and the options of each."""

from dataclasses import dataclass

from syncapp.analysis import detectors as known


@dataclass(frozen=True, slots=True)
class OfferedOption:
    name: str  # "studio.replace"
    does: str


@dataclass(frozen=True, slots=True)
class OfferedDetector:
    name: str
    title: str
    does: str
    is_usual: bool  # runs where none is named
    options: tuple[OfferedOption, ...]


def offered_detectors() -> tuple[OfferedDetector, ...]:
    """Return what can be chosen, in the order of the findings; no query."""
    return tuple(
        OfferedDetector(
            each.name,
            each.title,
            each.does,
            is_usual=not each.is_on_request,
            options=tuple(OfferedOption(*pair) for pair in each.options.items()),
        )
        for each in known.DETECTORS
    )
