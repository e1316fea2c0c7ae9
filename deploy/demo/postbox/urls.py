"""Addresses of the postbox."""

from django.urls import path

from deploy.demo.postbox import views

urlpatterns = [
    path("", views.people, name="people"),
    path("health", views.health, name="health"),
    path("<str:address>/", views.postbox, name="postbox"),
    path("<str:address>/mails/", views.mails, name="mails"),
    path("<str:address>/mails/<str:key>/", views.read, name="read"),
    path("<str:address>/write/", views.write, name="write"),
]
