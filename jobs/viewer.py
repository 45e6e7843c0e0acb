"""Who looks at a page: a frozen value that the sign-in middleware makes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Viewer:
    user_id: int
    name: str
    is_staff: bool  # may open the admin
    permissions: frozenset[str]  # as Django names them: "jobs.run_job"

    def may(self, permission: str) -> bool:
        """Return whether this person holds `permission`."""
        return permission in self.permissions


def viewer_of(user: Any) -> Viewer | None:
    """Return the value of a user's row; None for nobody."""
    if not user.is_authenticated:
        return None
    return Viewer(
        user_id=user.pk,
        name=user.get_username(),
        is_staff=user.is_staff,
        permissions=frozenset(user.get_all_permissions()),
    )


class ViewerRequest(HttpRequest):
    """A request that came through the sign-in middleware."""

    viewer: Viewer
