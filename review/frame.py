"""What the frame around every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame: the banner, and what the person may open."""
    return {"banner": settings.BANNER}
