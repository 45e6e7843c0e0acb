"""The form of a change by hand. What its values mean, the services judge."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http.request import QueryDict

from syncapp.services import TypedEdit

MOST_NAMES = 20  # of one list
EMPTY_ROWS = 2  # to type more names into
LISTS = (
    ("add_tags", "Add tags", "tags"),
    ("remove_tags", "Remove tags", "tags"),
    ("add_performers", "Add performers", "performers"),
    ("remove_performers", "Remove performers", "performers"),
)
CLEARED = (("studio", "studio"), ("date", "date"), ("rating", "rating"))


def _name(label: str, suggested: str) -> forms.CharField:
    attributes = {"list": suggested, "autocomplete": "off"}
    return forms.CharField(
        label=label,
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs=attributes),
    )


class EditForm(forms.Form):
    """What is to be changed in each scene; what is empty changes nothing."""

    studio = _name("Set studio", "studios")
    date = forms.CharField(
        label="Set date",
        required=False,
        max_length=10,
        help_text="As 2019-08-01.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rating = forms.CharField(
        label="Set rating",
        required=False,
        max_length=3,
        help_text="Of 1 to 100.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    organized = forms.ChoiceField(
        label="Organised",
        required=False,
        choices=[("", "as it is"), ("true", "yes"), ("false", "no")],
    )
    clear = forms.MultipleChoiceField(required=False, choices=CLEARED)
    create = forms.BooleanField(
        label="Create what is added and not there", required=False
    )
    name = forms.CharField(
        label="Name of the plan",
        required=False,
        max_length=200,
        help_text="As you like; empty: it is named after the scenes.",
    )

    def clean(self) -> dict[str, Any]:
        for name, label, _ in LISTS:
            if len(self.typed_names(name)) > MOST_NAMES:
                self.add_error(None, f"{label}: at most {MOST_NAMES} at once.")
        return self.cleaned_data

    def typed_names(self, name: str) -> tuple[str, ...]:
        """Return the names of one list, without the rows that are empty."""
        given = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        return tuple(filter(None, (text.strip() for text in given)))

    def lists(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """Yield name, label, suggestions and rows of each list, some of them empty."""
        for name, label, suggested in LISTS:
            rows = (*self.typed_names(name)[:MOST_NAMES], *([""] * EMPTY_ROWS))
            yield name, label, suggested, rows

    @property
    def cleared(self) -> list[tuple[str, str, bool]]:
        """What can be emptied: value, words, and whether it is ticked."""
        ticked = self["clear"].value() or ()
        return [(value, words, value in ticked) for value, words in CLEARED]

    def typed(self) -> TypedEdit:
        """Return what was typed, once it is valid."""
        given = self.cleaned_data
        names = {name: self.typed_names(name) for name, _, _ in LISTS}
        return TypedEdit(
            studio=given["studio"],
            date=given["date"],
            organized=given["organized"],
            rating=given["rating"],
            clear=tuple(given["clear"]),
            create=given["create"],
            name=given["name"],
            **names,
        )
