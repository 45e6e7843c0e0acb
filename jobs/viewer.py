"""Who looks at a page: a frozen value that the sign-in middleware makes."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.http import HttpRequest

RUN_JOB, MANAGE_SCHEDULE = "jobs.run_job", "jobs.manage_schedule"


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
        permissions=(
            all_permissions()
            if user.is_superuser
            else frozenset(user.get_all_permissions())
        ),
    )


@cache
def all_permissions() -> frozenset[str]:
    """Return what a superuser holds: every permission of the program's models.

    Django reads them all from the database, twice, for each page.
    """
    found: set[str] = set()
    for meta in (model._meta for model in apps.get_models()):
        codes = [get_permission_codename(way, meta) for way in meta.default_permissions]
        codes += [code for code, _name in meta.permissions]
        found.update(f"{meta.app_label}.{code}" for code in codes)
    return frozenset(found)


class ViewerRequest(HttpRequest):
    """A request that came through the sign-in middleware."""

    viewer: Viewer
