"""People and groups in the admin: nobody gives, or gets at, what they do not hold."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest

Person = get_user_model()
admin.site.unregister([Person, Group])


def permissions_of(person: Any) -> "QuerySet[Permission, Permission]":
    """Return what a person holds, also while their account is off.

    Of a superuser that is what was given by name: they hold all by being one.
    """
    given = Q(user=person) | Q(group__user=person)
    return Permission.objects.filter(pk__in=Permission.objects.filter(given))


def beyond(person: Any) -> "QuerySet[Permission, Permission]":
    """Return the permissions that a person does not hold, so cannot give."""
    if person.is_superuser:
        return Permission.objects.none()
    return Permission.objects.exclude(pk__in=permissions_of(person))


def givable_groups(person: Any) -> "QuerySet[Group, Group]":
    """Return the groups that hold no more than a person does."""
    more = beyond(person).filter(group=OuterRef("pk"))
    return Group.objects.filter(~Exists(more))


class WithinOwnRights:
    """Pages of what holds permissions: who holds more than the editor is only shown."""

    def holds_more(self, request: HttpRequest, obj: Any) -> bool:
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or not self.holds_more(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or not self.holds_more(request, obj))

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer what the editor can give; no other choice is valid."""
        if db_field.related_model is Group:
            kwargs["queryset"] = givable_groups(request.user)
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.related_model is Permission:
            field.queryset = field.queryset.exclude(pk__in=beyond(request.user))
        return field


@admin.register(Person)
class PersonAdmin(WithinOwnRights, UserAdmin):  # type: ignore[type-arg]
    def holds_more(self, request: HttpRequest, obj: Model) -> bool:
        editor: Any = request.user
        if editor.is_superuser:
            return False
        if getattr(obj, "is_superuser", True):
            return True
        return permissions_of(obj).filter(pk__in=beyond(editor)).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")


@admin.register(Group)
class PeopleGroupAdmin(WithinOwnRights, GroupAdmin):
    def holds_more(self, request: HttpRequest, obj: Group) -> bool:
        return obj.permissions.filter(pk__in=beyond(request.user)).exists()
