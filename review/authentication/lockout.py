"""Guessing: after how many wrong attempts somebody waits, and how long.

The attempts are counted by django-allauth in the cache that all web processes share, for the address they came from and for the person
they were meant for (the rate limit "login_failed" of the settings).
"""

import math
import time

from allauth.core.internal import ratelimit
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest

from review.desk import words

APP, ACTION = "allauth.account", "login_failed"


def key(name: str) -> str:
    """What attempts for `name` are counted under: the person, called by user name or by address alike; else the name itself."""
    name = name.strip().lower()
    meant = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)) if name else User.objects.none()
    person_id = meant.order_by("pk").values_list("pk", flat=True).first()
    return f"person:{person_id}" if person_id else f"name:{name}"


def code_key(user: User) -> str:
    """What wrong codes of `user` are counted under; django-allauth's own name for it."""
    return f"mfa-auth-user-{user.pk}"


def refuse_if_locked(request: HttpRequest, *, key: str) -> None:
    """Raises ValidationError, with words that say how long to wait, as long as no attempt is free."""
    if seconds := seconds_left(request, key=key):
        raise ValidationError(waiting_words(seconds), code="too_many_login_attempts")


def seconds_left(request: HttpRequest, *, key: str) -> int:
    """How many seconds until one more attempt may be made; 0 for now."""
    now = time.time()
    waits = [0.0]
    for rate in ratelimit.get_rates(app=APP, action=ACTION):
        counted = cache.get(ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key), [])
        recent = [at for at in counted if at > now - rate.duration]
        if len(recent) >= rate.amount:
            waits.append(min(recent) + rate.duration - now)
    return math.ceil(max(waits))


def waiting_words(seconds: int) -> str:
    """What somebody is told who guessed too often."""
    length = words.count(seconds, "second") if seconds < 100 else words.count(math.ceil(seconds / 60), "minute")
    return f"Too many wrong attempts. Wait {length} and try again, or ask an admin for a link to set a new password."
