"""The addresses of the desk: one per page, one per verb."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
