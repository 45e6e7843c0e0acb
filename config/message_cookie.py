"""Messages in a cookie that is ours alone, by name and by path."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse


class MessageCookie(CookieStorage):
    """Django's own is called "messages" on every site, and goes to all of a host."""

    cookie_name = "steward_messages"

    def _update_cookie(self, encoded_data: Any, response: HttpResponse) -> None:
        super()._update_cookie(encoded_data, response)  # type: ignore[misc]
        response.cookies[self.cookie_name]["path"] = settings.SESSION_COOKIE_PATH
