"""What an analysis can be asked to do: the detectors, and the options of each."""

from dataclasses import dataclass

from syncapp.analysis.language_model.configured import is_configured
from syncapp.analysis.language_model.declaration import MODEL
from syncapp.analysis.looking import every_detector


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
    """Return what can be chosen, in the order of the findings; no query.

    A language model can where one is set up.
    """
    return tuple(
        OfferedDetector(
            each.name,
            each.title,
            each.does,
            is_usual=not each.is_on_request,
            options=tuple(OfferedOption(*pair) for pair in each.options.items()),
        )
        for each in every_detector()
        if each is not MODEL or is_configured()
    )
