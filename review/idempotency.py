"""Asking twice for the same makes one message: by the key that a program sends, else by what it asks for."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from inbox.models import Message
from review.models import ApiToken, IdempotencyKey

KEPT = timedelta(days=7)
LONGEST = 190


class NoKey(Exception):
    """What came as a key can be none."""


class KeyTaken(Exception):
    """The key was used for something else."""


@transaction.atomic
def once(*, token: ApiToken, key: str, asked: bytes, create: Callable[[], tuple[Message, bool]]) -> tuple[Message, bool]:
    """What `create` made (and whether it is new) when `asked` was asked for first, with this key ("": without). Raises NoKey or KeyTaken.

    Two at once wait for each other: the second finds what the first made.
    """
    content_sha256 = hashlib.sha256(asked).hexdigest()
    name = f"key:{_checked(key)}" if key else f"content:{content_sha256}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency:{token.pk}:{name}"])
    known = IdempotencyKey.objects.select_related("message").defer("message__html").filter(token=token, key=name).first()
    if known is None:
        message, is_new = create()
        IdempotencyKey.objects.create(token=token, key=name, content_sha256=content_sha256, message=message)
        return message, is_new
    if known.content_sha256 != content_sha256:
        words = (
            "This Idempotency-Key was used for another message. Send a new key for a new message, and the same content with the same key."
        )
        raise KeyTaken(words)
    return known.message, False


def forget_old() -> int:
    """Delete keys that nobody will ask with any more; says how many."""
    deleted, _ = IdempotencyKey.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return deleted


def _checked(key: str) -> str:
    if len(key) > LONGEST or not (key.isascii() and key.isprintable()):
        raise NoKey(f"Send an Idempotency-Key of at most {LONGEST} printable ASCII characters, such as a UUID.")
    return key
