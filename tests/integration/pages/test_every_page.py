"""Each address: open to whom it is for, closed to others, and none breaks."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import AsyncClient
from django.urls import URLResolver, get_resolver, reverse

from jobs.models import Job
from syncapp.models import Scene, Source, Studio, Tag
from tests.integration.pages.conftest import text

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("claimed"),
]
ACTIONS = [
    "/sources/1/sync/quick/",
    "/sources/1/sync/full/",
    "/sources/1/verify/",
    "/sources/1/deletions/scenes/keep/",
    "/scenes/1/sync/",
    "/sources/1/evaluate/",
    "/rules/1/spelling/",
    "/rules/1/spelling/1/remove/",
    "/scenes/sync/",
    "/jobs/1/cancel/",
    "/jobs/1/retry/",
    "/jobs/lanes/long/pause/",
    "/jobs/lanes/long/resume/",
    "/schedules/1/run/",
]


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield an example of each address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = str(entry.pattern).removeprefix("^").removesuffix("$")
        for part, example in (
            ("<int:job_id>", "1"),
            ("<int:row_id>", "1"),
            ("<str:kind>", "scene"),
            ("<int:scene_id>", "1"),
            ("<int:schedule_id>", "1"),
            ("<int:filter_id>", "1"),
            ("<int:plan_id>", "1"),
            ("<int:change_id>", "1"),
            ("<int:dismissal_id>", "1"),
            ("<int:rule_id>", "1"),
            ("<str:rule_kind>", "spelling"),
            ("<int:source_id>", "1"),
            ("<str:mode>", "quick"),
            ("<str:kind>", "csv"),
            ("<str:lane>", "long"),
            ("<str:stream>", "scenes"),
            ("<path:object_id>", "1"),
        ):
            route = route.replace(part, example)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + route)
        elif "<" not in route and "(" not in route:
            yield prefix + route


POSTS = re.compile(r'<form method="post" action="([^"]*)"')
# What everybody may choose for themselves.
KEPT_FOR_ONESELF = {
    f"/preferences/lists/{name}/"
    for name in ("scenes", "performers", "tags", "studios")
}
OPEN = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/sign-in/",
    "/setup/",
}  # the setup is gone, not closed
CLOSED = sorted(set(addresses()) - OPEN)


def test_the_walk_finds_the_pages() -> None:
    assert {"/", "/jobs/1/", "/scenes/", "/admin/syncapp/source/add/"} <= set(CLOSED)
    assert set(ACTIONS) - {"/sources/1/sync/full/"} <= set(CLOSED)


@pytest.mark.parametrize("address", CLOSED)
async def test_strangers_are_sent_to_sign_in(
    address: str, async_client: AsyncClient
) -> None:
    for method in (async_client.get, async_client.post):
        response = await method(address)

        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=")


async def test_strangers_who_want_json_are_told_so(async_client: AsyncClient) -> None:
    response = await async_client.post(
        ACTIONS[0], headers={"Accept": "application/json"}
    )

    assert response.status_code == 403
    assert response.json() == {"error": "Sign in first."}


async def test_health_is_open_and_plain(async_client: AsyncClient) -> None:
    response = await async_client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("address", ACTIONS)
async def test_actions_are_never_done_by_a_link(
    address: str, operator: AsyncClient, source: Source
) -> None:
    response = await operator.get(address)

    assert response.status_code == 405
    assert await Job.objects.acount() == 0


@pytest.mark.parametrize("address", ACTIONS)
async def test_actions_need_the_form_s_token(
    address: str, operator: AsyncClient, source: Source
) -> None:
    strict = AsyncClient(enforce_csrf_checks=True)
    strict.cookies = operator.cookies

    response = await strict.post(address)

    assert response.status_code == 403
    assert b"token" in response.content
    assert await Job.objects.acount() == 0


@pytest.mark.parametrize("address", ACTIONS)
async def test_actions_need_the_right_to_run_jobs(
    address: str, reader: AsyncClient, source: Source
) -> None:
    page = await reader.post(address)
    told = await reader.post(address, headers={"Accept": "application/json"})

    assert (page.status_code, told.status_code) == (403, 403)
    assert "not start or stop work" in told.json()["error"]
    assert "not start or stop work" in page.content.decode()
    assert await Job.objects.acount() == 0


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/scenes/", "/performers/", "/tags/", "/studios/", "/jobs/"),
        "/schedules/",
    ],
)
async def test_pages_answer_readers_without_any_button_to_run(
    address: str, reader: AsyncClient, source: Source
) -> None:
    html = text(await reader.get(address))

    assert html.count("<h1>") == 1
    posts = POSTS.findall(html)
    assert [each for each in posts if each not in KEPT_FOR_ONESELF] == ["/sign-out/"]
    assert html.count('method="post"') == len(posts)
    assert "noor" in html


@pytest.mark.parametrize(
    "address", ["/", "/scenes/", "/performers/", "/tags/", "/studios/", "/jobs/"]
)
async def test_pages_of_an_empty_installation(
    address: str, operator: AsyncClient
) -> None:
    assert "empty" in text(await operator.get(address))


async def test_pages_carry_no_inline_script_or_style(
    operator: AsyncClient, source: Source
) -> None:
    scene = await Scene.objects.afirst()
    assert scene is not None
    for address in ("/", "/scenes/", f"/scenes/{scene.pk}/", "/tags/", "/jobs/"):
        html = text(await operator.get(address))

        assert html.count("<script") == html.count('<script src="/static/')
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick" not in html


@pytest.mark.parametrize(
    "address",
    [
        *("/scenes/7/", "/jobs/7/", f"/scenes/{10**30}/", f"/jobs/{10**30}/", "/no/"),
        "/scenes/x/",
    ],
)
async def test_what_is_not_there_is_said_on_a_page_of_ours(
    address: str, operator: AsyncClient, source: Source
) -> None:
    response = await operator.get(address)

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


HOSTILE = [
    "'",
    "%",
    "\0",
    "\ud800",
    "a" * 5_000,
    "1" * 5_000,
    "-1",
    "~1",
    "x~" + "9" * 30,
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_parameter_breaks_a_list(
    value: str, operator: AsyncClient, source: Source
) -> None:
    value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for address in ("/scenes/", "/performers/", "/tags/", "/studios/", "/jobs/"):
        for name in ("q", "after", "before", "removed", "status", "tag", "studio"):
            response = await operator.get(address, {name: value})

            assert response.status_code == 200, (address, name)


async def test_hostile_metadata_is_text_and_never_a_link_or_markup(
    operator: AsyncClient, source: Source
) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    await Tag.objects.aupdate(name=attack, aliases=[attack])
    await Studio.objects.aupdate(name=attack)
    row = await Scene.objects.afirst()
    assert row is not None
    await Scene.objects.filter(pk=row.pk).aupdate(
        title=attack,
        details=attack,
        urls=["javascript:alert(1)", attack, "https://films.example/1"],
        stash_ids=[[attack, attack]],
    )
    await Source.objects.aupdate(name=attack, url="javascript:alert(1)", trouble=attack)
    lists = ("/scenes/", "/scenes/?view=grid", "/tags/", "/studios/")
    for address in ("/", *lists, f"/scenes/{row.pk}/"):
        html = text(await operator.get(address))

        assert "<script>" not in html
        assert html.count("<img") == html.count('<img class="cover scene" src="/media/')
        assert 'href="javascript' not in html.lower()
    detail = text(await operator.get(f"/scenes/{row.pk}/"))
    assert "javascript:alert(1)" in detail  # shown, as text
    assert 'href="https://films.example/1" rel="noopener noreferrer nofollow"' in detail


async def test_search_text_comes_back_escaped(
    operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get("/scenes/", {"q": '"><script>alert(1)</script>'}))

    assert "<script>" not in html
    assert "None of the scenes match" in html


async def test_the_api_key_is_on_no_page(operator: AsyncClient) -> None:
    key = "canary-key-81c2"
    source = await Source.objects.acreate(name="Keyed", url="http://nas:1", api_key=key)
    stored = await Source.objects.values_list("api_key", flat=True).aget(pk=source.pk)
    for address in ("/", "/jobs/", "/scenes/"):
        html = text(await operator.get(address))

        assert key not in html
        assert str.__str__(stored) not in html


async def test_signing_in_leads_to_where_one_wanted_to_go(
    async_client: AsyncClient, operator: AsyncClient
) -> None:
    async_client.cookies.clear()
    wanted = reverse("syncapp:scenes")
    page = text(await async_client.get("/sign-in/", {"next": wanted}))
    form = {"username": "ada", "password": "between-tides-1931", "next": wanted}

    wrong = await async_client.post("/sign-in/", {**form, "password": "x"})
    right = await async_client.post("/sign-in/", form)

    assert f'name="next" value="{wanted}"' in page
    assert "enter a correct username" in wrong.content.decode()
    assert right["Location"] == wanted
    assert settings.SESSION_COOKIE_NAME in right.cookies
