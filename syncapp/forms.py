"""The forms: the sign-in, the setup, and sources. Secrets go in and never come out."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from syncapp.models import Source
from syncapp.services import (
    BadKey,
    TooManyTries,
    begin_sign_in,
    checked_key,
    end_sign_in,
)
from syncapp.stash.address import normalize
from syncapp.stash.errors import BadAddress


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


def clean_address(text: str) -> str:
    """Return an address as we keep it; ValidationError says what is wrong with it."""
    try:
        return normalize(text)
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


class ConnectForm(KeyForm, AddressForm):
    field_order = ["name", "url", "api_key"]  # noqa: RUF012 - Django's own form


class EditSourceForm(AddressForm):
    read_only = forms.BooleanField(
        label="Read only: Steward never writes to this Stash", required=False
    )


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
        fields: ClassVar = ["name", "url", "read_only"]
        help_texts: ClassVar = {
            "url": "For example http://nas:9999. "
            "Another scheme, host or port removes the API key: enter it again."
        }

    def clean_url(self) -> str:
        return clean_address(self.cleaned_data["url"])

    def clean_new_key(self) -> str:
        return clean_key(self.cleaned_data["new_key"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new_key") and cleaned.get("remove_key"):
            self.add_error("remove_key", "Enter a key or remove it, not both.")
        return cleaned
