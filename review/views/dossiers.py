"""Decision dossiers: of one reply, and of a random sample for auditors. Files are posted for, as each leaves an entry in the audit log."""

from collections.abc import Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from inbox.models import OutgoingMail
from review import access, audit_log
from review.desk import dossiers, words
from review.exports import replies, replies_json, report_words, sample
from review.exports.sample import Sample
from review.permissions import DeskRequest, may_read, may_report, may_see_evidence, needs
from review.sample_forms import SampleForm


@require_safe
@needs(may_read)
def show_dossier(request: DeskRequest, mail_id: int) -> HttpResponse:
    """What there is to know about how one reply came about."""
    mail = _mail(request, mail_id)
    [reply] = replies.replies([mail.pk], shows_proof=may_see_evidence(request.user))
    return render(request, "review/dossier.html", {"dossier": dossiers.dossier(reply)})


@require_POST
@needs(may_read)
def export_dossier(request: DeskRequest, mail_id: int, kind: str) -> HttpResponseBase:
    """The same as a file: `kind` is json or pdf."""
    mail = _mail(request, mail_id)
    said = f"The dossier of a reply as {kind.upper()}."
    audit_log.record(act="conversation.exported", by=request.user, about=str(mail.conversation), words=said, conversation=mail.conversation)
    return _file(request, kind, [mail.pk], name=f"dossier-{mail.pk}")


@require_safe
@needs(may_report)
def show_sample(request: DeskRequest) -> HttpResponse:
    """Which replies an auditor wants to look at."""
    return render(request, "review/dossier_sample.html", {"form": SampleForm(user=request.user, initial=SampleForm.usual(request.GET))})


@require_POST
@needs(may_report)
def export_sample(request: DeskRequest) -> HttpResponseBase:
    """Their dossiers, in one file."""
    form = SampleForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "review/dossier_sample.html", {"form": form}, status=422)
    drawn = sample.draw(**form.said)
    kind = form.cleaned_data["file"]
    said = f"{report_words.period(drawn.period)}. {drawn.which}. Seed {drawn.seed}."
    about = f"{words.count(len(drawn.ids), 'reply', 'replies')} of {drawn.of} as {kind.upper()}"
    audit_log.record(act="report.sampled", by=request.user, about=about, words=said)
    return _file(request, kind, drawn.ids, name=f"dossiers-{drawn.period.first}-{drawn.period.last}-{drawn.seed}", drawn=drawn)


def _mail(request: DeskRequest, mail_id: int) -> OutgoingMail:
    """Raises Http404 for what has no dossier, too."""
    found = access.outgoing(request.user).filter(decision__undone_at=None).exclude(state__in=dossiers.CALLED_OFF)
    return get_object_or_404(found.select_related("conversation").defer("mime", "search"), pk=mail_id)


def _file(request: DeskRequest, kind: str, ids: Sequence[int], *, name: str, drawn: Sample | None = None) -> HttpResponseBase:
    from review.exports import replies_pdf

    shows_proof = may_see_evidence(request.user)
    response: HttpResponseBase
    if kind == "json":
        lines = replies_json.lines(ids, by=request.user, shows_proof=shows_proof, sample=drawn)
        response = StreamingHttpResponse(lines, content_type="application/json")
    else:
        content = replies_pdf.document(ids, by=request.user, shows_proof=shows_proof, sample=drawn)
        response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
