"""Rows among a few others, which the database looks up before all else."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


def is_one_of(few: QuerySet[Any, Any]) -> Func:
    """Whether a row's id is among those that `few` gives, one id each.

    As an array they are looked up first; the database would else take them for many, and go through all that there ever was.
    """
    found = Func(ArraySubquery(few), function="ANY")
    return Func(F("pk"), found, template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField())
