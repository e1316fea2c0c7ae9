"""No text of a person is forgotten: every field that could hold one is erased, or says why it holds none."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from review.privacy.places import PLACES
from review.privacy.plain import PLAIN

OURS = ("inbox", "drafting", "review")
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField, ArrayField, SearchVectorField)
BESIDE = {
    "drafting.TableImport": {"first_rows", "errors"},
    "drafting.CustomerAddress": {"address", "contact"},
}
"""What `beside.py` takes away."""
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


def texts(model: type[models.Model]) -> Iterator[str]:
    """The fields of a model that can hold words; a list of numbers holds none."""
    for field in model._meta.concrete_fields:
        held = field.output_field if isinstance(field, models.GeneratedField) else field
        base = held.base_field if isinstance(held, ArrayField) else held
        if isinstance(base, TEXTS):
            yield field.name


def erased(model: type[models.Model]) -> set[str]:
    """What goes from a model: the fields that are blanked, or all where rows go."""
    found: set[str] = set(BESIDE.get(model._meta.label, set()))
    for place in PLACES:
        if place.model is model:
            found |= set(texts(model)) if place.goes and not place.blank else set(place.blank)
    return found


def plain(model: type[models.Model]) -> set[str]:
    """What is said to hold nothing of a customer."""
    named = {name for names in PLAIN.get(model._meta.label, {}) for name in names.split()}
    return set(texts(model)) if "*" in named else named


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_text_is_erased_or_says_why_it_holds_nothing_of_a_customer(model: type[models.Model]) -> None:
    forgotten = set(texts(model)) - erased(model) - plain(model)
    assert not forgotten, f"Add {sorted(forgotten)} of {model._meta.label} to review/privacy/places.py, or to plain.py with a reason."


@pytest.mark.parametrize("label", PLAIN)
def test_what_is_said_to_hold_nothing_exists(label: str) -> None:
    fields = {field.name for field in apps.get_model(label)._meta.concrete_fields}
    assert {name for names in PLAIN[label] for name in names.split()} - {"*"} <= fields


@pytest.mark.parametrize("place", [place for place in PLACES if not place.goes], ids=lambda place: place.key)
def test_nothing_is_both_erased_and_said_to_hold_nothing(place: object) -> None:
    from review.privacy.places import Place

    assert isinstance(place, Place)
    assert not set(place.blank) & plain(place.model)
