"""The addresses of the API, each answering every error as a problem."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from review.api import problems
from review.api.operations import api
from review.api.views import openapi


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, **arguments: Any) -> HttpResponse:
        response = view(request, **arguments)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return problems.not_allowed(response.headers["Allow"]) if response.status_code == 405 else response

    return answered


_operations, _, _namespace = api.urls
for _pattern in _operations:
    assert isinstance(_pattern, URLPattern)
    # The root only lends its address to the description.
    _pattern.callback = csrf_exempt(problems.not_here) if _pattern.name == "api-root" else _with_problems(_pattern.callback)

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("", include((_operations, _namespace), namespace="api-v1")),
    re_path("", csrf_exempt(problems.not_here)),
]
