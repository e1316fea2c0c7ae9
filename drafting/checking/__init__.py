"""A written reply before the gate: where its facts come from, what in it belongs to others, and which checks it passes."""

from drafting.checking.foreign import foreign_values
from drafting.checking.grounds import sources
from drafting.checking.subjects import Checked, check

__all__ = ["Checked", "check", "foreign_values", "sources"]
