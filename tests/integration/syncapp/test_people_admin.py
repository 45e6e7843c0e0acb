"""People in the admin: with rights over accounts alone, nobody gets any others."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from tests.builders import make_person

pytestmark = pytest.mark.django_db
OVER_PEOPLE = [
    f"auth.{verb}_{what}"
    for what in ("user", "group")
    for verb in ("add", "change", "delete", "view")
]
RUN = "jobs.run_job"


@pytest.fixture
def eve() -> Any:
    """Make a member of staff who may change accounts and groups, and no more."""
    return make_person("eve", *OVER_PEOPLE, is_staff=True)


@pytest.fixture
def browser(eve: Any) -> Client:
    client = Client()
    client.force_login(eve)
    return client


def permission(name: str) -> Permission:
    app, _, codename = name.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def group(name: str, *permissions: str) -> Group:
    made = Group.objects.create(name=name)
    made.permissions.set(permission(each) for each in permissions)
    return made


def change(client: Client, person: Any, **fields: Any) -> Any:
    """Send the form of a person, with what an attacker writes into it."""
    form = {
        "username": person.username,
        "is_active": "on" if person.is_active else "",
        "is_staff": "on" if person.is_staff else "",
        "user_permissions": list(person.user_permissions.values_list("pk", flat=True)),
        "groups": list(person.groups.values_list("pk", flat=True)),
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
        **fields,
    }
    response = client.post(f"/admin/auth/user/{person.pk}/change/", form)
    return response.status_code


def rights(person: Any) -> set[str]:
    return User.objects.get(pk=person.pk).get_all_permissions()


def test_nobody_makes_themselves_a_superuser(browser: Client, eve: Any) -> None:
    change(browser, eve, is_superuser="on")

    eve.refresh_from_db()
    assert not eve.is_superuser


def test_nobody_gives_themselves_or_others_what_they_lack(
    browser: Client, eve: Any
) -> None:
    other = make_person("bob")
    wanted = permission(RUN).pk
    powerful = group("Operators", RUN)

    codes = [
        change(browser, person, **fields)
        for person in (eve, other)
        for fields in ({"user_permissions": [wanted]}, {"groups": [powerful.pk]})
    ]

    assert codes == [200] * 4  # the form again, with a sentence beside the field
    assert RUN not in rights(eve) | rights(other)


def test_what_one_holds_can_be_given(browser: Client, eve: Any) -> None:
    other = make_person("bob")
    clerks = group("Clerks", "auth.view_user")

    code = change(
        browser,
        other,
        user_permissions=[permission("auth.change_user").pk],
        groups=[clerks.pk],
    )

    assert code == 302
    assert rights(other) == {"auth.change_user", "auth.view_user"}


def test_a_group_gets_nothing_that_its_editor_lacks(browser: Client, eve: Any) -> None:
    mine, powerful = group("Mine"), group("Operators", RUN)
    eve.groups.add(mine)
    form = {"name": "Mine", "permissions": [permission(RUN).pk]}

    given = browser.post(f"/admin/auth/group/{mine.pk}/change/", form)
    new = browser.post("/admin/auth/group/add/", {**form, "name": "New"})
    taken = browser.post(f"/admin/auth/group/{powerful.pk}/change/", {"name": "x"})
    deleted = browser.post(f"/admin/auth/group/{powerful.pk}/delete/", {"post": "yes"})

    assert (given.status_code, new.status_code) == (200, 200)
    assert (taken.status_code, deleted.status_code) == (403, 403)
    assert RUN not in rights(eve)
    assert set(Group.objects.values_list("name", flat=True)) == {"Mine", "Operators"}


@pytest.mark.parametrize(
    "more",
    [
        {"is_superuser": True},
        {"is_superuser": True, "is_active": False},
        {"permission": RUN},
        {"permission": RUN, "is_active": False},
        {"group": RUN},
    ],
    ids=str,
)
def test_who_holds_more_is_out_of_reach(
    more: dict[str, Any], browser: Client, eve: Any
) -> None:
    given = [more["permission"]] if "permission" in more else []
    flags = {key: value for key, value in more.items() if key.startswith("is_")}
    owner = make_person("owner", *given, **flags)
    if "group" in more:
        owner.groups.add(group("Operators", more["group"]))
    before = User.objects.values().get(pk=owner.pk)
    password = {"password1": "taken-over-2027", "password2": "taken-over-2027"}
    marked = {"action": "delete_selected", "_selected_action": [owner.pk]}

    codes = [
        change(browser, owner, email="eve@example.org", is_active="on"),
        browser.post(
            f"/admin/auth/user/{owner.pk}/password/", {**password, "usable_password": 1}
        ).status_code,
        browser.post(
            f"/admin/auth/user/{owner.pk}/delete/", {"post": "yes"}
        ).status_code,
    ]
    browser.post("/admin/auth/user/", {**marked, "post": "yes"})

    assert codes == [403] * 3
    assert User.objects.values().get(pk=owner.pk) == before


def test_a_superuser_may_give_all_there_is(admin_client: Client) -> None:
    other = make_person("bob")
    powerful = group("Operators", RUN)

    code = change(
        admin_client,
        other,
        is_superuser="on",
        user_permissions=[permission(RUN).pk],
        groups=[powerful.pk],
    )

    other.refresh_from_db()
    assert code == 302
    assert other.is_superuser
    assert list(other.groups.all()) == [powerful]
