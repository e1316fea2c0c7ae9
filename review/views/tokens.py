"""Tokens: what lets programs in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from review import tokens
from review.desk import programs
from review.desk.tabs import tabs
from review.models import ApiToken
from review.permissions import DeskRequest, may_administer, needs
from review.program_forms import TokenForm


@require_safe
@needs(may_administer)
def show_tokens(request: DeskRequest) -> HttpResponse:
    """All tokens."""
    return render(request, "review/tokens.html", {"tabs": tabs("Connectors", here="tokens"), "rows": programs.token_rows()})


@require_safe
@needs(may_administer)
def new_token(request: DeskRequest) -> HttpResponse:
    """The form for a token."""
    return render(request, "review/token_new.html", {"form": TokenForm(user=request.user)})


@require_POST
@never_cache
@needs(may_administer)
def add_token(request: DeskRequest) -> HttpResponse:
    """Make a token, and show its secret this once: it is in this answer and nowhere else."""
    form = TokenForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "review/token_new.html", {"form": form}, status=422)
    issued = tokens.issue(**form.said, by=request.user)
    return render(request, "review/token_made.html", {"token": issued.token, "secret": issued.secret})


@require_POST
@needs(may_administer)
def revoke_token(request: DeskRequest, token_id: int) -> HttpResponse:
    """Make a token open nothing."""
    token = get_object_or_404(ApiToken, pk=token_id)
    tokens.revoke(token=token, by=request.user)
    messages.success(request, f"{token.name} is revoked: its token opens nothing any more.")
    return redirect("tokens")
