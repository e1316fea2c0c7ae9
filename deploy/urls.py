"""Addresses: the desk, sign-in, the admin site, and health."""

from django.contrib import admin
from django.urls import include, path

from deploy.admin_sign_in import change_password, sign_in
from deploy.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/login/", sign_in),
    path("admin/password_change/", change_password),
    path("admin/", admin.site.urls),
    path("api/v1/", include("review.api.urls")),
    path("", include("review.urls")),
]
