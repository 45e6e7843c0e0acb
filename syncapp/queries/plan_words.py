"""What of a plan is said in words: levels, fields, detectors and how sure they are."""

from collections.abc import Mapping

from jobs.units import heading
from syncapp.analysis.looking import every_detector
from syncapp.editing.by_hand import BY_HAND
from syncapp.models.change_states import ChangeState
from syncapp.models.field_words import shown_field

LEVEL_WORDS: Mapping[str, str] = {
    "certain": "certain",
    "likely": "likely",
    "look": "worth a look",
}
REACH_WORDS: Mapping[str, str] = {
    "scene": "for this scene",
    "cause": "for this reason",
    "name": "anywhere",
}
STATES = tuple(ChangeState)  # in the order in which they are shown
ALWAYS = 0.9995  # from here on "99.9%" would say too little


def level_words(level: str) -> str:
    return LEVEL_WORDS.get(level, level)


def facet_words(facet: str, value: str) -> str:
    """Return a value that changes are counted by, as people call it."""
    if facet == "level":
        return level_words(value)
    if facet == "detector":
        return detector_words(value)
    return shown_field(value) if facet == "field" else heading(value)


def detector_words(name: str) -> str:
    """Return a detector's title; one that is not here any more is called by name."""
    titles = {each.name: each.title for each in every_detector()}
    return titles.get(name, name)


def sureness(confidence: float, detector: str = "") -> str:
    """Return in words how often proposals of this kind were right."""
    if detector == BY_HAND:
        return "a person asked for it"
    if not confidence:
        return "how often such proposals are right was not measured"
    if confidence == 1:  # no measured share is
        return "nothing of it is a guess"
    if confidence >= ALWAYS:
        return "nearly all such proposals were right"
    return f"{100 * confidence:.3g}% of such proposals were right"
