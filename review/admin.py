"""Claims and decisions on the admin site, to look at only: `claims.py`, `decisions/` and `autosend/` write them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from review.models import Claim, Decision

# How somebody signs in is theirs, and what an admin may take away is on the page People.
admin.site.unregister([EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Claim)
class ClaimAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who is on which draft."""

    list_display = ["draft", "by", "until"]


@admin.register(Decision)
class DecisionAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What people decided."""

    list_display = ["draft", "kind", "by", "decided_at", "undone_at"]
    list_filter = ["kind"]
    date_hierarchy = "decided_at"
    list_select_related = ["draft", "by"]
