"""Who a session belongs to."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User

from review import people
from review.authentication import accounts


class Backend(AuthenticationBackend):
    """Signs in as allauth does. Whom a session belongs to is read with their standing, which every page asks for: one query for both."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        return next((user for user in accounts.having(email) if self._check_password(user, password)), None)

    def get_user(self, user_id: int | str) -> User | None:
        """The person, unless they may not sign in any more."""
        user = people.find(user_id)
        return user if user and self.user_can_authenticate(user) else None
