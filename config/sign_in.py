"""The one door: Django's page of sign-in, which slows down who guesses."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from syncapp.forms import SignInForm

TOO_MANY = 429


class SignIn(LoginView):
    template_name = "sign_in.html"
    form_class = SignInForm

    def form_invalid(self, form: Any) -> HttpResponse:
        page = super().form_invalid(form)
        if form.wait_s:
            page.status_code = TOO_MANY
            page["Retry-After"] = str(form.wait_s)
        return page
