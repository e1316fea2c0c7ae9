"""The description of the API, for programs and for people who signed in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from review import permissions
from review.api.auth import Token
from review.api.description import document
from review.api.problems import Problem, response


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The whole description as JSON."""
    try:
        if not permissions.may_read(request.user):
            Token("")(request)
    except Problem as problem:
        return response(problem)
    return JsonResponse(document())
