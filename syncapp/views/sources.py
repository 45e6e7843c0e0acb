"""Connecting a Stash, a source's page, its removal: for who manages sources."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import (
    SEE_OTHER,
    View,
    answer_job,
    reserved,
)
from syncapp import queries, services
from syncapp.forms import (
    CertificateForm,
    ConnectForm,
    EditSourceForm,
    KeyForm,
    ProxyForm,
)
from syncapp.views import list_params

P = ParamSpec("P")
T = TypeVar("T")
MANAGE = "syncapp.manage_source"
LOOK = ["GET", "HEAD"]
ONLY_MANAGERS = "Only who manages sources may see and change them."
USUAL_DAYS = "90"  # of a purge
KEEPS: dict[str, services.Keep] = {"connect": "connect", "keep": "keep"}
REFUSALS: dict[type[Exception], int] = {
    services.NotThere: 404,
    services.SourceBusy: 409,
    services.TooManyTests: 429,
    services.SampleNotRunning: 409,
    services.Refused: 400,
}


def managed(*methods: str) -> Callable[[View[P]], View[P]]:
    """Make a view one for who may manage sources; others are told so."""

    def decorate(view: View[P]) -> View[P]:
        guard: Callable[[View[P]], View[P]] = reserved(
            MANAGE, REFUSALS, ONLY_MANAGERS, methods=methods
        )
        hide = sensitive_post_parameters("api_key", "password", "headers")
        return never_cache(hide(guard(view)))

    return decorate


@managed(*LOOK, "POST")
async def connect_source(request: ViewerRequest) -> HttpResponse:
    """Try an address and a key; keep them as a source if that is wanted."""
    if request.method != "POST":
        return _connect_page(request, ConnectForm())
    form = ConnectForm(request.POST)
    if not form.is_valid():
        return _connect_page(request, form, status=400)
    typed = form.cleaned_data
    keep = KEEPS.get(request.POST.get("do", "connect"), "test")
    try:
        tried = await sync_to_async(services.try_and_keep)(
            typed["name"],
            typed["url"],
            typed["api_key"],
            keep=keep,
            way_in=form.way_in(),
            analyse_after_sync=typed["analyse_after_sync"],
        )
    except services.BadName as exc:
        form.add_error("name", str(exc))
        return _connect_page(request, form, status=400)
    if tried.source_id is None:
        return _connect_page(request, form, tried=tried)
    sentence = f"“{typed['name']}” is kept." if keep == "keep" else tried.sentence
    messages.success(request, sentence)
    return _to("source", tried.source_id)


def _connect_page(
    request: ViewerRequest,
    form: ConnectForm,
    *,
    tried: services.Tried | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "tried": tried}
    return render(request, "syncapp/connect.html", context, status=status)


@managed("POST")
async def use_sample_data(_request: ViewerRequest) -> HttpResponse:
    await sync_to_async(services.use_sample_data)()
    return HttpResponseRedirect(reverse("syncapp:dashboard"), status=SEE_OTHER)


@managed(*LOOK, "POST")
async def source_page(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Show a source; POST changes its name, its address, and its switches."""
    page = _there(await sync_to_async(queries.source_page)(source_id), source_id)
    if request.method != "POST":
        return _source_page(request, page)
    form = EditSourceForm(request.POST)
    if not form.is_valid():
        return _source_page(request, page, form=form, status=400)
    try:
        cleared = await sync_to_async(services.change_source)(
            source_id, **form.cleaned_data
        )
    except services.BadName as exc:
        form.add_error("name", str(exc))
        return _source_page(request, page, form=form, status=400)
    messages.success(request, "Saved.")
    if cleared:
        sentence = (
            "The address is another server's, so the API key was removed, and what was "
            "set for a proxy: enter those of that server."
        )
        messages.warning(request, sentence)
    return _to("source", source_id)


@managed("POST")
async def set_source_key(request: ViewerRequest, source_id: int) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return await _typed_wrong(request, source_id, key_form=form)
    remove = "remove" in request.POST
    key = "" if remove else form.cleaned_data["api_key"]
    if not key and not remove:
        messages.info(request, "No key was entered: the stored one stays as it was.")
        return _to("source", source_id)
    await sync_to_async(services.set_key)(source_id, key)
    messages.success(request, "The key is kept." if key else "The key was removed.")
    return _to("source", source_id)


@managed("POST")
async def set_source_certificate(
    request: ViewerRequest, source_id: int
) -> HttpResponse:
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return await _typed_wrong(request, source_id, certificate_form=form)
    certificate = form.cleaned_data["certificate"]
    await sync_to_async(services.set_way_in)(source_id, certificate=certificate)
    sentence = "The certificate is kept." if certificate else "It has no certificate."
    messages.success(request, sentence)
    return _to("source", source_id)


@managed("POST")
async def set_source_proxy(request: ViewerRequest, source_id: int) -> HttpResponse:
    form = ProxyForm(request.POST)
    if not form.is_valid():
        return await _typed_wrong(request, source_id, proxy_form=form)
    remove = "remove" in request.POST
    headers = () if remove else form.cleaned_data["headers"]
    if not headers and not remove:
        messages.info(request, "Nothing was entered: what is stored stays as it was.")
        return _to("source", source_id)
    await sync_to_async(services.set_way_in)(source_id, headers=headers)
    messages.success(request, "It is kept." if headers else "It was removed.")
    return _to("source", source_id)


@managed("POST")
async def test_source(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Try the source and stay on its page, with every step."""
    page, steps = await sync_to_async(services.test_source_for_page)(source_id)
    return _source_page(request, page, steps=steps)


@managed(*LOOK, "POST")
async def remove_source(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Ask whether to remove a source and its mirror; POST does it."""
    if request.method == "POST":
        await sync_to_async(services.remove_source)(source_id)
        messages.success(request, "The source and all that was mirrored are removed.")
        return HttpResponseRedirect(reverse("syncapp:dashboard"), status=SEE_OTHER)
    page = _there(await sync_to_async(queries.source_removal)(source_id), source_id)
    return render(request, "syncapp/remove_source.html", {"page": page})


@managed("POST")
async def cancel_source_jobs(request: ViewerRequest, source_id: int) -> HttpResponse:
    await sync_to_async(services.cancel_jobs_of)(source_id, by=request.viewer.user_id)
    return _to("remove_source", source_id)


@managed(*LOOK, "POST")
async def purge_source(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Show what a purge would drop; POST asks for it."""
    days = list_params.number((request.POST or request.GET).get("days", USUAL_DAYS))
    if request.method == "POST":
        ref = await sync_to_async(services.purge_tombstones)(
            source_id, days, by=request.viewer.user_id
        )
        return answer_job(request, ref)
    if not 0 <= days <= services.MOST_DAYS:
        days = int(USUAL_DAYS)
    page = _there(await sync_to_async(queries.source_purge)(source_id, days), source_id)
    return render(request, "syncapp/purge.html", {"page": page})


async def _typed_wrong(
    request: ViewerRequest, source_id: int, **typed: Form
) -> HttpResponse:
    """Show the source with the form that has to be put right."""
    page = _there(await sync_to_async(queries.source_page)(source_id), source_id)
    return _source_page(request, page, status=400, **typed)


def _source_page(
    request: ViewerRequest,
    page: queries.SourcePage,
    *,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    """Show a source; `shown`: forms as they were filled in, and what a test told."""
    source = page.source
    names = ("name", "url", "public_url", "read_only", "analyse_after_sync")
    now = {name: getattr(source, name) for name in names}
    certificate = {"certificate": source.certificate}
    context = {
        "source": source,
        "syncs": page.syncs,
        "form": EditSourceForm(initial=now),
        "key_form": KeyForm(),
        "certificate_form": CertificateForm(initial=certificate),
        "proxy_form": ProxyForm(),
        "may_run": request.viewer.may(RUN_JOB),
        "may_apply": request.viewer.may(services.APPLY_PLAN),
        **shown,
    }
    return render(request, "syncapp/source.html", context, status=status)


def _there(found: T | None, source_id: int) -> T:
    if found is None:
        raise Http404(str(services.SourceNotFound(source_id)))
    return found


def _to(name: str, source_id: int) -> HttpResponse:
    url = reverse(f"syncapp:{name}", args=[source_id])
    return HttpResponseRedirect(url, status=SEE_OTHER)
