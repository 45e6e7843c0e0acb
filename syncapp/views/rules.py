"""A person's rules of one source: shown to everybody, kept by who may run jobs."""

from typing import cast

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import ONLY_LOOK, SEE_OTHER, button, reserved
from syncapp import queries, services
from syncapp.rule_forms import RootsForm, RuleForm, rule_form
from syncapp.views.list_params import number
from syncapp.views.selection import BAD, LOOK_OR_ASK, REFUSALS

KEPT = "The rule is kept: it counts from the next analysis on."


@require_safe
async def rules_of_sources(request: ViewerRequest) -> HttpResponse:
    """Lead to the rules of the only source, or let one be chosen."""
    sources = await sync_to_async(queries.list_sources)()
    if len(sources) == 1:
        return _to_rules(sources[0].source_id)
    return render(request, "syncapp/rules_of_sources.html", {"sources": sources})


@require_safe
async def rules(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Show the rules; `change=spelling:12` fills that rule into its form."""
    page = await _rules(source_id)
    kind, _, rule = request.GET.get("change", "").partition(":")
    typed = queries.rule_as_typed(page, kind, number(rule))
    return _rules_page(request, page, kind=kind, initial=typed)


@button(RUN_JOB, REFUSALS)
async def keep_rule(
    request: ViewerRequest, source_id: int, rule_kind: str
) -> HttpResponse:
    kind = _kind(rule_kind)
    form = rule_form(kind, request.POST)
    if form.is_valid():
        try:
            await sync_to_async(services.keep_typed_rule)(
                kind, source_id, form.cleaned_data, by=request.viewer.user_id
            )
        except services.WrongField as exc:
            form.add_error(exc.field, str(exc))
        else:
            messages.success(request, KEPT)
            return _to_rules(source_id, kind)
    page = await _rules(source_id)
    return _rules_page(request, page, kind=kind, form=form)


@button(RUN_JOB, REFUSALS)
async def remove_rule(
    request: ViewerRequest, source_id: int, rule_kind: str, rule_id: int
) -> HttpResponse:
    kind = _kind(rule_kind)
    await sync_to_async(services.drop_rule)(kind, rule_id)
    messages.success(request, "The rule is removed.")
    return _to_rules(source_id, kind)


@reserved(RUN_JOB, REFUSALS, ONLY_LOOK, methods=LOOK_OR_ASK)
async def library_roots(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Show folders that tell nothing; POST keeps others, or those that are found."""
    form = RootsForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        lines = form.cleaned_data["folders"].splitlines()
        folders = [line for line in lines if line.strip()]
        wanted = None if "found" in request.POST else folders
        try:
            await sync_to_async(services.keep_roots)(
                source_id, wanted, by=request.viewer.user_id
            )
        except services.BadRule as exc:
            form.add_error("folders", str(exc))
        else:
            messages.success(request, "Kept: it counts from the next analysis on.")
            return _to_rules(source_id)
    page = await sync_to_async(queries.roots_page)(source_id)
    if page is None:
        raise Http404(_gone(source_id))
    status = 200 if form is None else BAD
    form = form or RootsForm(initial={"folders": "\n".join(page.counting)})
    context = {"page": page, "form": form}
    return render(request, "syncapp/library_roots.html", context, status=status)


async def _rules(source_id: int) -> queries.RulesPage:
    page = await sync_to_async(queries.rules_page)(source_id)
    if page is None:
        raise Http404(_gone(source_id))
    return page


def _rules_page(
    request: ViewerRequest,
    page: queries.RulesPage,
    *,
    kind: str,
    form: RuleForm | None = None,
    initial: dict[str, str] | None = None,
) -> HttpResponse:
    """Show all rules, with one form filled in or found wrong, the others empty."""
    forms = {each: rule_form(each) for each in services.RULE_KINDS}
    if kind in forms:
        known = cast("services.RuleKind", kind)
        forms[known] = form or rule_form(known, initial=initial)
    context = {
        "page": page,
        **{f"{name}_form": each for name, each in forms.items()},
        "may_run": request.viewer.may(RUN_JOB),
    }
    status = BAD if form is not None else 200
    return render(request, "syncapp/rules.html", context, status=status)


def _kind(name: str) -> services.RuleKind:
    if name not in services.RULE_KINDS:
        msg = f"There is no rule of kind “{name}”."
        raise Http404(msg)
    return cast("services.RuleKind", name)


def _to_rules(source_id: int, kind: str = "") -> HttpResponse:
    place = f"#{kind}" if kind else ""
    address = f"{reverse('syncapp:rules', args=[source_id])}{place}"
    return HttpResponseRedirect(address, status=SEE_OTHER)


def _gone(source_id: int) -> str:
    return f"Source {source_id} is not here: it may have been removed."
