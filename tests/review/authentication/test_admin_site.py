"""What of signing in is not on the admin site."""

from django.contrib import admin


def test_what_people_sign_in_with_is_not_on_the_admin_site() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_config.name.startswith("allauth")]
