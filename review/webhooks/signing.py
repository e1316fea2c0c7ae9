"""Signatures as Standard Webhooks 1.0 describes them: HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from review.models import Webhook

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(webhook: Webhook, *, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with `body` when it is posted at `at`. The secret before the last change signs too for a while, after the new one."""
    moment = str(int(at.timestamp()))
    old = [webhook.old_secret] if webhook.old_secret_until and webhook.old_secret_until > at else []
    signed = f"{event_id}.{moment}.".encode() + body
    signatures = " ".join(_sign(secret, signed) for secret in (webhook.secret, *old))
    return {"webhook-id": event_id, "webhook-timestamp": moment, "webhook-signature": signatures}


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
