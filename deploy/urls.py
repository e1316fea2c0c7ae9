"""Addresses: the desk, sign-in, the admin site, and health."""

from django.contrib import admin
from django.urls import include, path

from deploy.admin_sign_in import change_password, sign_in
from deploy.health import health

handler400 = "review.views.problems.bad_request"
handler403 = "review.views.problems.permission_denied"
handler404 = "review.views.problems.not_found"
handler429 = "review.views.problems.too_many"
handler500 = "review.views.problems.server_error"

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/login/", sign_in),
    path("admin/password_change/", change_password),
    path("admin/", admin.site.urls),
    path("api/v1/", include("review.api.urls")),
    path("", include("review.urls")),
]
