"""Webhooks: who is told what happens here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from review import webhooks
from review.desk import programs, words
from review.desk.tabs import tabs
from review.models import Delivery, Webhook
from review.permissions import DeskRequest, may_administer, needs
from review.program_forms import WebhookForm


@require_safe
@needs(may_administer)
def show_webhooks(request: DeskRequest) -> HttpResponse:
    """All webhooks."""
    return render(request, "review/webhooks.html", {"tabs": tabs("Connectors", here="webhooks"), "rows": programs.webhook_rows()})


@require_safe
@needs(may_administer)
def new_webhook(request: DeskRequest) -> HttpResponse:
    """The form for a webhook."""
    return render(request, "review/webhook_new.html", {"form": WebhookForm()})


@require_POST
@never_cache
@needs(may_administer)
def add_webhook(request: DeskRequest) -> HttpResponse:
    """Keep a new webhook, and show its secret this once."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return render(request, "review/webhook_new.html", {"form": form}, status=422)
    about = form.cleaned_data
    webhook = webhooks.add(name=about["name"], url=about["url"], events=about["events"], is_active=about["is_active"], by=request.user)
    return render(request, "review/webhook_secret.html", {"webhook": webhook, "secret": webhook.secret, "is_new": True})


@require_safe
@needs(may_administer)
def show_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """One webhook with what it was told last."""
    webhook = _webhook(webhook_id)
    return _page(request, webhook, WebhookForm(initial=_values(webhook)))


@require_POST
@needs(may_administer)
def save_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Keep what was changed."""
    webhook, form = _webhook(webhook_id), WebhookForm(request.POST)
    if not form.is_valid():
        return _page(request, webhook, form, status=422)
    webhooks.change(webhook=webhook, by=request.user, **form.cleaned_data)
    messages.success(request, f"{form.cleaned_data['name']} is saved.")
    return redirect("webhook", webhook_id)


@require_POST
@never_cache
@needs(may_administer)
def rotate_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Make a new secret, and show it this once."""
    webhook = _webhook(webhook_id)
    secret = webhooks.rotate_secret(webhook=webhook, by=request.user)
    return render(request, "review/webhook_secret.html", {"webhook": webhook, "secret": secret})


@require_POST
@needs(may_administer)
def test_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Send it a test event."""
    webhook = _webhook(webhook_id)
    webhooks.send_test(webhook=webhook, by=request.user)
    said = "A test event is on its way. Load this page again to see what came of it."
    messages.success(request, said if webhook.is_active else f"{said} Nothing is sent while the webhook is not in use.")
    return redirect("webhook", webhook_id)


@require_POST
@needs(may_administer)
def resend_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Tell it again what was given up."""
    number = webhooks.resend_given_up(webhook=_webhook(webhook_id), by=request.user)
    messages.success(request, f"{words.count(number, 'event is', 'events are')} on the way again.")
    return redirect("webhook", webhook_id)


@require_POST
@needs(may_administer)
def dismiss_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Let its problem be."""
    webhooks.dismiss(webhook=_webhook(webhook_id), by=request.user)
    return redirect("webhook", webhook_id)


@require_POST
@needs(may_administer)
def delete_webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Tell it nothing any more."""
    webhook = _webhook(webhook_id)
    webhooks.delete(webhook=webhook, by=request.user)
    messages.success(request, f"{webhook.name} is deleted and is told nothing any more.")
    return redirect("webhooks")


@require_POST
@needs(may_administer)
def resend_delivery(request: DeskRequest, delivery_id: int) -> HttpResponse:
    """Tell one event again."""
    delivery = get_object_or_404(Delivery.objects.select_related("webhook"), pk=delivery_id)
    webhooks.resend(delivery=delivery, by=request.user)
    messages.success(request, "The event is on its way again, with the same id.")
    return redirect("webhook", delivery.webhook_id)


def _webhook(webhook_id: int) -> Webhook:
    return get_object_or_404(Webhook, pk=webhook_id)


def _values(webhook: Webhook) -> dict[str, object]:
    return {"name": webhook.name, "url": webhook.url, "events": webhook.events, "is_active": webhook.is_active}


def _page(request: DeskRequest, webhook: Webhook, form: WebhookForm, *, status: int = 200) -> HttpResponse:
    context = {"webhook": programs.webhook_row(webhook), "form": form, "deliveries": programs.delivery_rows(webhook)}
    return render(request, "review/webhook.html", context, status=status)
