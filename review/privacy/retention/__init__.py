"""How long what is kept, and taking away what is older. Nothing goes unless an admin said so."""

from review.privacy.retention.periods import ABOUT, days, save
from review.privacy.retention.sweeping import apply, due, sweep

__all__ = ["ABOUT", "apply", "days", "due", "save", "sweep"]
