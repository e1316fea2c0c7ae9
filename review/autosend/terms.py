"""What a category must prove, and within which limits it sends then: kept, confirmed by a second admin where it is loose, withdrawn."""

from typing import Any

from django.contrib.auth.models import User

from drafting.models import Category
from review.models import Terms


def of(category: Category) -> Terms | None:
    """The terms in force; None where the category never had any and is review only."""
    return Terms.objects.filter(category=category, in_force_at__isnull=False).order_by("-pk").first()


def waiting(category: Category) -> Terms | None:
    """Terms that wait for a second admin's word."""
    return Terms.objects.filter(category=category, in_force_at=None, withdrawn_at=None).order_by("-pk").first()


def save(*, category: Category, by: User, **values: Any) -> Terms:
    """Keep new terms: in force at once, unless they are looser than 2 % or 95 % and than what was confirmed before."""
    raise NotImplementedError


def confirm(*, terms: Terms, by: User) -> Terms:
    """A second admin's word for what is loose. Raises NotNow for who asked for it, and where it does not wait any more."""
    raise NotImplementedError


def withdraw(*, terms: Terms, by: User) -> None:
    """Drop terms that wait. Raises NotNow where they do not wait any more."""
    raise NotImplementedError
