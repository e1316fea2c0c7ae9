"""What the views of this package share."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from review.authentication import second_factor
from review.desk.tabs import tabs
from review.permissions import View, is_somebody, needs


def own(view: Callable[..., HttpResponseBase]) -> View[...]:
    """Guards a view of what is a person's own, whatever their role; no browser keeps the page."""
    return needs(is_somebody)(never_cache(view))


class WrongForms:
    """A form that is wrong is answered with 422, as everywhere on the desk."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


class OwnPage(WrongForms):
    """A page under "My settings"; without the desk around it as long as a second factor has to be set up."""

    here = "mfa_index"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        user = self.request.user  # type: ignore[attr-defined]
        return {**super().get_context_data(**about), **frame_of(user, here=self.here)}  # type: ignore[misc]


def frame_of(user: Any, *, here: str) -> dict[str, Any]:
    """What the templates of a person's own pages need beside their content."""
    is_missing = second_factor.is_missing(user)
    layout = "account/_alone.html" if is_missing else "account/_own.html"
    return {"layout": layout, "must_set_up": is_missing, "tabs": tabs("My settings", here=here)}
