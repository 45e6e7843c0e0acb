"""The forms of pages. Secrets go in and never come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from syncapp.models import Source
from syncapp.queries.offered_detectors import offered_detectors
from syncapp.queries.preferences import THEMES
from syncapp.services import (
    AnalysisChoices,
    BadKey,
    TooManyTries,
    begin_sign_in,
    checked_address,
    checked_key,
    end_sign_in,
    read_way_in,
)
from syncapp.stash.errors import BadAddress, BadWayIn
from syncapp.stash.way_in import WayIn


class SignInForm(AuthenticationForm):
    """A name and a password, looked at only as often as the throttle allows."""

    wait_s = 0  # more if the password was not looked at

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if name is None or "password" not in self.cleaned_data:
            return super().clean()
        try:
            begin_sign_in(name, address)
        except TooManyTries as exc:
            self.wait_s = exc.wait_s
            raise ValidationError(str(exc)) from exc
        cleaned: dict[str, Any] = super().clean()
        end_sign_in(name, address)
        return cleaned


class SetupForm(forms.Form):
    """What the first administrator types; the services judge what is in it."""

    code = forms.CharField(
        label="Setup code",
        required=False,  # without one the answer is that it is wrong
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    name = forms.CharField(
        label="User name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        strip=False,
        help_text="12 characters or more.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    # Filled in by setup.js: where the browser is.
    zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, second = cleaned.get("password"), cleaned.get("again")
        if first and second and first != second:
            self.add_error("again", "The two passwords differ. Type both again.")
        return cleaned


class PreferencesForm(forms.Form):
    """How a person wants the pages."""

    theme = forms.ChoiceField(
        label="Colours", required=False, choices=list(THEMES.items())
    )
    shortcuts = forms.BooleanField(label="Keys that move through lists", required=False)


def clean_address(text: str) -> str:
    """Return an address as we keep it; ValidationError says what is wrong with it."""
    try:
        return checked_address(text)
    except BadAddress as exc:
        raise ValidationError(str(exc)) from exc


def clean_key(text: str) -> str:
    """Return an API key as it is sent; ValidationError says what is wrong with it."""
    try:
        return checked_key(text)
    except BadKey as exc:
        raise ValidationError(str(exc)) from exc


class AddressForm(forms.Form):
    """How a Stash server is called, and where it is."""

    name = forms.CharField(max_length=100, help_text="As you like, such as “Home”.")
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="As in your browser, such as http://nas:9999.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"}),
    )

    def clean_url(self) -> str:
        return clean_address(self.cleaned_data["url"])


class KeyForm(forms.Form):
    """An API key: it goes in and is never shown."""

    api_key = forms.CharField(
        label="API key",
        required=False,
        max_length=2_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="From Stash: Settings, Security. Empty if Stash asks for none.",
    )

    def clean_api_key(self) -> str:
        return clean_key(self.cleaned_data["api_key"])


class SecretLines(forms.Textarea):
    """A field of several lines that is never filled in again."""

    def format_value(self, _value: Any) -> None:
        return None


class CertificateForm(forms.Form):
    """A certificate that no public authority has signed."""

    certificate = forms.CharField(
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="For https with a certificate of your own: the certificate or that "
        "of who signed it (PEM), or its SHA-256 fingerprint. Empty for a public one.",
    )

    def clean_certificate(self) -> str:
        text: str = self.cleaned_data["certificate"]
        with told():
            return read_way_in(text).certificate


class ProxyForm(forms.Form):
    """What a proxy before a Stash asks for; it goes in and is never shown."""

    user = forms.CharField(
        label="User at the proxy",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text="Only where your browser asks for a password before Stash does.",
    )
    password = forms.CharField(
        label="Password at the proxy",
        required=False,
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    headers = forms.CharField(
        label="Headers for the proxy",
        required=False,
        max_length=8_000,
        widget=SecretLines(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One a line, such as X-Token: 1234, if it lets programs in by them.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed = {name: cleaned.get(name, "") for name in ("user", "password")}
        with told():
            way_in = read_way_in(headers=cleaned.get("headers", ""), **typed)
        return {**cleaned, "headers": way_in.headers}


@contextmanager
def told() -> Iterator[None]:
    """Tell the person what is wrong with a way in."""
    try:
        yield
    except BadWayIn as exc:
        raise ValidationError(str(exc)) from exc


class AfterSyncForm(forms.Form):
    """What is done when a sync has ended."""

    analyse_after_sync = forms.BooleanField(
        label="Analyse what is new after each sync that changed a scene",
        required=False,
    )


class ConnectForm(AfterSyncForm, ProxyForm, CertificateForm, KeyForm, AddressForm):
    usual = ("name", "url", "api_key")
    field_order = [*usual, "certificate", "user", "password", "headers"]  # noqa: RUF012

    def way_in(self) -> WayIn:
        """Return what was typed of certificate and proxy, once it is valid."""
        typed = self.cleaned_data
        return replace(read_way_in(typed["certificate"]), headers=typed["headers"])

    @property
    def has_more(self) -> bool:
        """Whether something of the other fields was typed, or is wrong."""
        return any(field.errors or field.value() for field in self.other_fields)

    @property
    def usual_fields(self) -> list[forms.BoundField]:
        """What every source has."""
        return [self[name] for name in self.usual]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """What few sources have: a certificate of their own, a proxy before them."""
        apart = (*self.usual, "analyse_after_sync")
        return [field for field in self if field.name not in apart]


PUBLIC = (
    "Where your browser finds this Stash, if that is another address: for links alone."
)


def clean_public_address(text: str) -> str:
    """Return an address for links as we keep it, or nothing."""
    return clean_address(text) if text.strip() else ""


class EditSourceForm(AfterSyncForm, AddressForm):
    public_url = forms.CharField(
        label="Address for links",
        required=False,
        max_length=500,
        help_text=PUBLIC,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"}),
    )
    read_only = forms.BooleanField(
        label="Read only: Steward never writes to this Stash", required=False
    )

    def clean_public_url(self) -> str:
        return clean_public_address(self.cleaned_data["public_url"])


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    new_key = forms.CharField(
        label="API key",
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Leave it empty to keep the key as it is.",
    )
    remove_key = forms.BooleanField(label="Remove the API key", required=False)

    class Meta:
        model = Source
        fields: ClassVar = [
            *("name", "url", "public_url", "read_only", "analyse_after_sync"),
        ]
        labels: ClassVar = {"public_url": "Address for links"}
        help_texts: ClassVar = {
            "url": "For example http://nas:9999. "
            "Another scheme, host or port removes the API key: enter it again.",
            "public_url": PUBLIC,
            "analyse_after_sync": "What is new, after each sync that changed a scene.",
        }

    def clean_url(self) -> str:
        return clean_address(self.cleaned_data["url"])

    def clean_public_url(self) -> str:
        return clean_public_address(self.cleaned_data["public_url"])

    def clean_new_key(self) -> str:
        return clean_key(self.cleaned_data["new_key"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new_key") and cleaned.get("remove_key"):
            self.add_error("remove_key", "Enter a key or remove it, not both.")
        return cleaned


class SavedFilterForm(forms.Form):
    """How a saved filter is called, and who sees it."""

    name = forms.CharField(max_length=100, help_text="As you like, such as “To sort”.")
    shared = forms.BooleanField(label="Show it to everybody", required=False)


def _usual_detectors() -> list[str]:
    return [each.name for each in offered_detectors() if each.is_usual]


class AnalyseForm(forms.Form):
    """With what to analyse; the page lays out its boxes, detector by detector."""

    detectors = forms.MultipleChoiceField(
        choices=lambda: [(each.name, each.title) for each in offered_detectors()],
        initial=_usual_detectors,
        error_messages={
            "required": "Tick at least one: nothing would be looked for.",
            "invalid_choice": "There is no detector “%(value)s”.",
        },
    )
    options = forms.MultipleChoiceField(
        required=False,
        choices=lambda: [
            (option.name, option.does)
            for each in offered_detectors()
            for option in each.options
        ],
        error_messages={"invalid_choice": "There is no option “%(value)s”."},
    )
    organized = forms.BooleanField(label="Organised scenes as well", required=False)
    ignored = forms.BooleanField(
        label="Names as well that Stash leaves out of its own tagging", required=False
    )
    name = forms.CharField(
        label="Name of the plan",
        required=False,
        max_length=200,
        help_text="As you like; empty: it is named after the scenes.",
    )

    @property
    def ticked(self) -> set[str]:
        """The names of the detectors and options that are ticked."""
        return {*(self["detectors"].value() or ()), *(self["options"].value() or ())}

    def choices(self) -> AnalysisChoices:
        """Return what was chosen, once it is valid: no option of what does not run."""
        typed = self.cleaned_data
        chosen = set(typed["detectors"])
        of_chosen = {
            option.name
            for each in offered_detectors()
            if each.name in chosen
            for option in each.options
        }
        return AnalysisChoices(
            detectors=tuple(typed["detectors"]),
            options=tuple(name for name in typed["options"] if name in of_chosen),
            organized=typed["organized"],
            ignored=typed["ignored"],
            name=typed["name"],
        )
