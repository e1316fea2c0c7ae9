"""Axes of charts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A number or a day with its place on an axis."""

    at: float
    label: str
