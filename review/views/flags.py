"""What people report about a reply that left, and take back where they were mistaken."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from review import access, autosend
from review.automation_forms import FlagForm, ReasonForm
from review.desk import flags as desk
from review.desk import outgoing
from review.ledger import flags
from review.models import Decision, Flag
from review.permissions import DeskRequest, may_review, needs

NOTED = "Noted. The reply counts as unsafe from now on."
ADDED = "It is flagged for this already, and counts as unsafe. What you wrote is kept with that flag."


@require_POST
@needs(may_review)
def flag_reply(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Say that something was wrong with a reply. It counts as unsafe from now on; some kinds suspend its category at once."""
    mail = get_object_or_404(outgoing.find(request.user).filter(decision__kind__in=desk.OF_A_DRAFT, state__in=desk.LEFT), pk=mail_id)
    form = FlagForm(request.POST)
    if not form.is_valid():
        context = {"mail": outgoing.mail(mail, user=request.user), "flags": desk.shown(mail, user=request.user), "flag_form": form}
        return render(request, "review/outgoing_mail.html", context, status=422)
    said = form.cleaned_data
    try:
        made = autosend.flag(draft=mail.decision.draft, kind=Flag.Kind(said["kind"]), words=said["words"], by=request.user)
    except flags.NotFlagged as error:
        messages.error(request, str(error))
    else:
        messages.success(request, NOTED if made.words == said["words"] else ADDED)
    return redirect("outgoing_mail", mail.pk)


@require_POST
@needs(may_review)
def clear_flag(request: DeskRequest, flag_id: int) -> HttpResponse:
    """Find a flag mistaken. Not for who decided on the reply."""
    flag = get_object_or_404(Flag.objects.filter(draft__in=access.drafts(request.user)), pk=flag_id)
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise flags.NotFlagged("Say in a few words why the flag is mistaken.")
        flags.clear(flag=flag, by=request.user, words=form.cleaned_data["words"])
    except flags.NotFlagged as error:
        typed = request.POST.get("words", "").strip()[:500]
        messages.error(request, f"{error} You wrote: “{typed}”" if typed else str(error))
    else:
        messages.success(request, "Noted. The reply has the verdict again that it had before.")
    decision = Decision.objects.filter(draft=flag.draft_id, outgoing__isnull=False, undone_at=None).first()
    return redirect("outgoing_mail", decision.outgoing_id) if decision else redirect("conversation", flag.draft.conversation_id)
