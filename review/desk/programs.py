"""Tokens and webhooks as their pages show them."""

from dataclasses import dataclass

from django.utils.html import format_html

from review import tokens
from review.desk import words
from review.models import ApiToken, Delivery, Webhook

NEWEST = 30
"""Deliveries that a webhook's page shows."""
TONES = {Delivery.State.DELIVERED: "green", Delivery.State.WAITING: "amber", Delivery.State.GIVEN_UP: "red"}


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token. `refusal` says why it opens nothing, "" while it does."""

    id: int
    name: str
    start: str
    scopes: list[str]
    mailboxes: str
    by: str
    made: words.Moment
    until: words.Moment | None
    used: words.Moment | None
    refusal: str
    is_open: bool


def token_rows() -> list[TokenRow]:
    """All tokens, those that open something first, the newest on top."""
    found = list(ApiToken.objects.select_related("by").prefetch_related("mailboxes").order_by("-pk"))
    refusals = tokens.refusals(found)
    rows = [_token(token, refusals[token.pk]) for token in found]
    return sorted(rows, key=lambda row: not row.is_open)


def _token(token: ApiToken, refusal: str) -> TokenRow:
    names = sorted(mailbox.name for mailbox in token.mailboxes.all())
    return TokenRow(
        id=token.pk,
        name=token.name,
        start=token.start,
        scopes=list(token.scopes),
        mailboxes=(words.listed(names) if names else "none") if token.is_limited else "all",
        by=words.person(token.by),
        made=words.moment(token.created_at),
        until=words.moment(token.expires_at) if token.expires_at else None,
        used=words.moment(token.used_at) if token.used_at else None,
        refusal=refusal,
        is_open=not token.revoked_at,
    )


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One webhook, and how it fares in a word."""

    id: int
    name: str
    url: str
    events: list[str]
    state: str
    tone: str
    problem: str


def webhook_rows() -> list[WebhookRow]:
    """All webhooks by name."""
    return [webhook_row(webhook) for webhook in Webhook.objects.order_by("name", "pk")]


def webhook_row(webhook: Webhook) -> WebhookRow:
    """A webhook with its state: in use, paused, or failing since when."""
    if not webhook.is_active:
        state, tone = "not in use", "amber"
    elif webhook.failing_since:
        state, tone = format_html("failing since {}", words.timed(webhook.failing_since)), "red"
    else:
        state, tone = "in use", "green"
    return WebhookRow(webhook.pk, webhook.name, webhook.url, list(webhook.events), state, tone, webhook.problem)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One event on its way to a webhook."""

    id: int
    event: str
    event_id: str
    state: str
    tone: str
    tries: str
    said: str
    at: words.Moment
    can_resend: bool


def delivery_rows(webhook: Webhook) -> list[DeliveryRow]:
    """The newest events that a webhook was told, or is to be."""
    return [_delivery(one) for one in webhook.deliveries.order_by("-pk")[:NEWEST]]


def _delivery(delivery: Delivery) -> DeliveryRow:
    is_tried_again = delivery.state == Delivery.State.WAITING and delivery.attempts
    next_try = format_html("Next try {}.", words.timed(delivery.due_at)) if is_tried_again else ""
    status = f"Status {delivery.last_status}." if delivery.last_status and not delivery.last_error else ""
    return DeliveryRow(
        id=delivery.pk,
        event=delivery.event,
        event_id=delivery.event_id,
        state=delivery.get_state_display(),
        tone=TONES[Delivery.State(delivery.state)],
        tries=words.count(delivery.attempts, "try", "tries") if delivery.attempts else "",
        said=words.sentences(status, delivery.last_error, next_try),
        at=words.moment(delivery.delivered_at or delivery.created_at),
        can_resend=delivery.state != Delivery.State.WAITING,
    )
