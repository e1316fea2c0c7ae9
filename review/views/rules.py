"""Rules: the list, and the editor with its check and preview."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import facts, rules, versions
from drafting.models import Rule, Version
from drafting.versions import SavedMeanwhile
from review import access, audit_log, frame
from review.desk import pinned, rule_facts, rule_previews, version_history, words
from review.desk import rules as shown
from review.desk.next_nine import opening
from review.next_nine import remedies
from review.permissions import DeskRequest, may_administer, needs
from review.rule_forms import PreviewForm, RuleForm, offer_categories


@require_safe
@needs(may_administer)
def show_rules(request: DeskRequest) -> HttpResponse:
    """All rules, and those that were deleted."""
    context = {"rows": shown.rows(), "deleted": version_history.deleted(Version.Kind.RULE), "differs": pinned.differs()}
    return render(request, "review/rules.html", context)


@require_safe
@needs(may_administer)
def show_rule(request: DeskRequest, rule_id: int = 0) -> HttpResponse:
    """The editor, of a new rule (0) or one that there is."""
    rule = get_object_or_404(Rule, pk=rule_id) if rule_id else None
    begun = opening.begun(request.GET, user=request.user, kind=Version.Kind.RULE, thing=rule)
    return _editor(request, rule_id, RuleForm(instance=rule, initial=begun.initial if begun else None), begun=begun)


@require_POST
@needs(may_administer)
def check_rule(request: DeskRequest) -> HttpResponse:
    """Whether what was typed so far is a rule."""
    return render(request, "review/_rule_check.html", {"check": shown.check(str(request.POST.get("expression", "")), facts.catalogue())})


@require_POST
@needs(may_administer)
def preview_rule(request: DeskRequest, rule_id: int = 0) -> HttpResponse:
    """What saving would have changed in past drafts; nothing is saved."""
    rule = _rule(rule_id)
    name, form, wanted = rule.name, RuleForm(request.POST, instance=rule), PreviewForm(request.POST)
    is_valid = form.is_valid() and wanted.is_valid()
    said = rule_previews.say(wanted.preview(without=name, rule=form.as_rule(), among=access.drafts(request.user))) if is_valid else None
    status = 200 if said else 422
    if request.htmx:
        return render(request, "review/_rule_preview.html", {"said": said, "form": form, "wanted": wanted}, status=status)
    begun = opening.begun(request.POST, user=request.user, kind=Version.Kind.RULE)
    return _editor(request, rule_id, form, begun=begun, wanted=wanted, said=said, status=status)


@require_POST
@needs(may_administer)
def save_rule(request: DeskRequest, rule_id: int = 0) -> HttpResponse:
    """Save, unless somebody else did meanwhile; what was typed is kept."""
    form = RuleForm(request.POST, instance=_rule(rule_id))
    begun = opening.begun(request.POST, user=request.user, kind=Version.Kind.RULE)
    if not form.is_valid():
        return _editor(request, rule_id, form, begun=begun, status=422)
    try:
        version = remedies.keep(form=form, cause=begun.cause if begun else "", by=request.user)
    except SavedMeanwhile as error:
        form.take_as_seen(error.newest)
        meanwhile = shown.meanwhile(typed=form.typed(), newest=error.newest)
        return _editor(request, rule_id, form, begun=begun, meanwhile=meanwhile, status=409)
    frame.forget_setup()
    messages.success(request, f"Saved as version {version.number}.")
    return redirect(begun.url) if begun else redirect("rule", rule_id=version.of)


@require_safe
@needs(may_administer)
def show_deletion(request: DeskRequest, rule_id: int) -> HttpResponse:
    """What deleting a rule would have changed, and the question whether to."""
    rule = get_object_or_404(Rule, pk=rule_id)
    newest = versions.newest(kind=Version.Kind.RULE, of=rule_id)
    wanted = PreviewForm({})
    said = rule_previews.say(wanted.preview(without=rule.name, rule=None, among=access.drafts(request.user))) if wanted.is_valid() else None
    return render(request, "review/rule_deletion.html", {"rule": rule, "said": said, "seen": newest.number if newest else 0})


@require_POST
@needs(may_administer)
def delete_rule(request: DeskRequest, rule_id: int) -> HttpResponse:
    """Delete; the versions stay."""
    rule = get_object_or_404(Rule, pk=rule_id)
    try:
        with audit_log.recording(act="rule.deleted", by=request.user, about=rule.name, of=rule_id):
            versions.delete(thing=rule, seen=words.said_id(str(request.POST.get("seen", ""))), by=request.user)
    except SavedMeanwhile as meanwhile:
        messages.error(request, f"{meanwhile} It was not deleted; look at it again.")
        return redirect("rule", rule_id=rule_id)
    frame.forget_setup()
    messages.success(request, f"“{rule.name}” was deleted. Its versions are kept.")
    return redirect("rules")


def _rule(rule_id: int) -> Rule:
    """The rule that was edited. One that somebody deleted meanwhile is there in name, so that what was typed is not lost."""
    if not rule_id:
        return Rule()
    found = Rule.objects.filter(pk=rule_id).first()
    if found is None and versions.newest(kind=Version.Kind.RULE, of=rule_id) is None:
        raise Http404
    return found or Rule(pk=rule_id)


def _editor(request: DeskRequest, rule_id: int, form: RuleForm, *, status: int = 200, **about: Any) -> HttpResponse:
    expression, known = str(form["expression"].value() or ""), facts.catalogue()
    wanted = PreviewForm()
    offer_categories(form, wanted)
    context = {
        "rule_id": rule_id,
        "name": form.name_before or "New rule",
        "changed": shown.last_change(form.newest),
        "form": form,
        "wanted": wanted,
        "check": shown.check(expression, known) if expression else None,
        "groups": rule_facts.groups(known, rules.facts_used(expression)),
        "differs": pinned.differs(),
    }
    return render(request, "review/rule.html", context | about, status=status)
