"""Addresses: the desk, sign-in, the admin site, and health."""

from django.contrib import admin
from django.urls import include, path

from deploy.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
    path("", include("review.urls")),
]
