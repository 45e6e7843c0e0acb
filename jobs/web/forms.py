"""The form of a schedule; the services judge what is in it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jobs.enums import Misfire, Overlap
from jobs.models import CRON_LENGTH, TITLE_LENGTH
from jobs.scheduling import queries
from jobs.scheduling.firing import MOST_JITTER_S
from jobs.scheduling.services import ScheduleSpec
from jobs.scheduling.slots import MOST_MINUTES, Rule

OVERLAPS = (
    (Overlap.SKIP.value, "Leave this one out"),
    (Overlap.QUEUE.value, "Make the job; it waits its turn"),
)
MISFIRES = (
    (Misfire.SKIP.value, "Leave them out"),
    (Misfire.ONCE.value, "Make one job for all of them"),
)


class ScheduleForm(forms.Form):
    """A schedule: what is done, when, and what if."""

    name = forms.CharField(
        max_length=TITLE_LENGTH, help_text="Its jobs are called so, too."
    )
    kind = forms.ChoiceField(label="What is done")
    params = forms.JSONField(
        label="Parameters",
        required=False,
        initial=dict,
        help_text="As JSON; a job's page offers to take over its own.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    every_minutes = forms.IntegerField(
        label="Every so many minutes",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="Or leave it empty and write a cron.",
    )
    cron = forms.CharField(
        label="Cron",
        required=False,
        max_length=CRON_LENGTH,
        help_text="Minute, hour, day of month, month, day of week: 30 2 * * *",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    zone = forms.CharField(
        label="Time zone",
        max_length=64,
        help_text="Of the cron, such as Europe/Berlin.",
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )
    overlap = forms.ChoiceField(
        label="If its last job is still at work", choices=OVERLAPS
    )
    misfire = forms.ChoiceField(
        label="If some were missed while no worker ran", choices=MISFIRES
    )
    jitter_s = forms.IntegerField(
        label="Start later by up to so many seconds",
        required=False,
        min_value=0,
        max_value=MOST_JITTER_S,
        help_text="By chance, so that not everything starts at once.",
    )
    enabled = forms.BooleanField(label="On", required=False, initial=True)

    def __init__(self, *args: Any, kinds: tuple[queries.KindLine, ...], **kw: Any):
        super().__init__(*args, **kw)
        field = self.fields["kind"]
        field.choices = [(kind.kind, _named(kind)) for kind in kinds]  # type: ignore[attr-defined]

    def clean_params(self) -> Mapping[str, Any]:
        params = self.cleaned_data["params"]
        if params is None:
            return {}
        if not isinstance(params, dict):
            msg = 'Write an object, such as {"source_id": 1}.'
            raise ValidationError(msg)
        return params

    def spec(self) -> ScheduleSpec:
        """Return what was typed; only after `is_valid`."""
        typed = {**self.cleaned_data, "jitter_s": self.cleaned_data["jitter_s"] or 0}
        return ScheduleSpec(**typed)

    def rule(self) -> Rule:
        typed = self.cleaned_data
        return Rule(typed["cron"], typed["every_minutes"], typed["zone"])


def _named(kind: queries.KindLine) -> str:
    needs = f"; needs {', '.join(kind.needs)}" if kind.needs else ""
    takes = f"; may have {', '.join(kind.takes)}" if kind.takes else ""
    return f"{kind.title} ({kind.kind}{needs}{takes})"


def fields_of(line: queries.ScheduleLine) -> dict[str, Any]:
    """Return what the form of a schedule begins with."""
    names = (
        *("name", "kind", "params", "cron", "every_minutes", "zone"),
        *("overlap", "misfire", "jitter_s", "enabled"),
    )
    return {name: getattr(line, name) for name in names}
