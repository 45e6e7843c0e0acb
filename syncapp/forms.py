"""The form of a source, for the admin. The API key goes in and never comes out."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from syncapp.models import Source
from syncapp.services import BadKey, checked_key
from syncapp.stash.address import normalize
from syncapp.stash.errors import BadAddress


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
        try:
            return normalize(self.cleaned_data["url"])
        except BadAddress as exc:
            raise ValidationError(str(exc)) from exc

    def clean_new_key(self) -> str:
        try:
            return checked_key(self.cleaned_data["new_key"])
        except BadKey as exc:
            raise ValidationError(str(exc)) from exc

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new_key") and cleaned.get("remove_key"):
            self.add_error("remove_key", "Enter a key or remove it, not both.")
        return cleaned
