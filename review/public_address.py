"""The addresses of this installation, as people reach it."""

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest, path: str = "") -> str:
    """Where `path` is found; "" for what addresses begin with."""
    return secured(f"{request.scheme}://{request.get_host()}{path}")


def secured(address: str) -> str:
    """The address by HTTPS where people come by that: the proxy before us may not say so."""
    return address.replace("http://", "https://", 1) if settings.SECURE_COOKIES else address
