"""The form of automatic apply: what may be accepted without anybody's look."""

from django import forms

from syncapp.models.automatic import MOST_A_DAY
from syncapp.queries.offered_detectors import OfferedDetector, offered_detectors


def trusted_detectors() -> list[OfferedDetector]:
    """Return those that can be left alone: not what runs only if it is asked for."""
    return [each for each in offered_detectors() if each.is_usual]


class AutomaticForm(forms.Form):
    """What the page lays out, detector by detector."""

    detectors = forms.MultipleChoiceField(
        choices=lambda: [(each.name, each.title) for each in trusted_detectors()],
        error_messages={
            "required": "Tick at least one, or switch automatic apply off.",
            "invalid_choice": "There is no detector “%(value)s” to be left alone.",
        },
    )
    daily_limit = forms.IntegerField(
        label="At most so many changes a day",
        min_value=1,
        max_value=MOST_A_DAY,
        help_text="Within 24 hours; the rest waits for the next day.",
    )

    @property
    def ticked(self) -> set[str]:
        """The names of the detectors that are ticked."""
        return set(self["detectors"].value() or ())
