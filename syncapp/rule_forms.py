"""The forms of a person's rules; the services judge what is typed."""

from collections.abc import Mapping
from typing import Any

from django import forms

from syncapp.services import RULE_KINDS, RuleKind

EFFECTS = {
    "off": "never counts",
    "needs_more": "counts only with a second sign",
    "with_studio": "counts only with a studio",
}
WHOSE = {
    "": "whatever is spelled so",
    "studio": "a studio",
    "performer": "a performer",
    "tag": "a tag",
}
ORDERS = {
    "dmy": "day first: 03.04.2019 is 3 April",
    "mdy": "month first: 03.04.2019 is 4 March",
}


class RuleForm(forms.Form):
    """A rule; `rule` is the one that is changed, empty for a new one."""

    rule = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SpellingForm(RuleForm):
    spelling = forms.CharField(max_length=200, help_text="Such as “May”.")
    effect = forms.ChoiceField(label="What it does", choices=list(EFFECTS.items()))
    kind = forms.ChoiceField(
        label="Of what", required=False, choices=list(WHOSE.items())
    )
    entity = forms.CharField(
        label="Of which one",
        required=False,
        max_length=500,
        help_text="Its name, or its number in Stash; empty: of all of this kind.",
    )
    studio = forms.CharField(
        label="With which studio",
        required=False,
        max_length=500,
        help_text="Its name or number: only where it counts with a studio.",
    )


class DateOrderForm(RuleForm):
    folder = forms.CharField(
        max_length=500, help_text="With all above it: /films/lectures, or D:/films."
    )
    order = forms.ChoiceField(choices=list(ORDERS.items()))


class MarkForm(RuleForm):
    mark = forms.CharField(
        max_length=40, help_text="Such as 1080p, 60fps or hevc; “duplicate” for copies."
    )
    tag = forms.CharField(max_length=500, help_text="Its name, or its number in Stash.")


class PairForm(RuleForm):
    first = forms.CharField(
        label="One scene", max_length=20, help_text="Its number in Stash."
    )
    second = forms.CharField(
        label="The other", max_length=20, help_text="Its number in Stash."
    )


class RootsForm(forms.Form):
    """Folders, one a line."""

    folders = forms.CharField(
        required=False,
        strip=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One a line, with all above it: /films, or D:/films. Empty: none is.",
    )


FORMS: Mapping[RuleKind, type[RuleForm]] = dict(
    zip(RULE_KINDS, (SpellingForm, DateOrderForm, MarkForm, PairForm), strict=True)
)


def rule_form(
    kind: RuleKind,
    typed: Any = None,
    *,
    initial: dict[str, str] | None = None,
) -> RuleForm:
    """Return the form of this kind of rule; its fields' ids are its own."""
    return FORMS[kind](typed, auto_id=f"{kind}-%s", initial=initial)
