"""What several shapes share."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from django.contrib.auth.models import User
from pydantic import BaseModel, Field

T = TypeVar("T")

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
ErasedAt = Annotated[
    datetime | None, Field(description="When its content was erased, for a person or by a retention rule; null while it is there.")
]
Line = Annotated[str, Field(max_length=320, pattern=r"^[^\x00]*$")]


class Page(BaseModel, Generic[T]):
    """One part of a list. Ask again with `cursor` set to `next_cursor` for the part after it; null is the end."""

    items: list[T]
    next_cursor: str | None


class Person(BaseModel):
    """Somebody at the desk."""

    id: int
    name: str

    @classmethod
    def of(cls, user: User | None) -> "Person | None":
        """None for nobody."""
        return cls(id=user.pk, name=user.get_full_name() or user.get_username()) if user else None


class Fault(BaseModel):
    """One part of a request that is not as described."""

    where: str
    words: str


class ProblemDetails(BaseModel):
    """Why a request was not answered as asked (RFC 9457), as application/problem+json. `detail` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []
