"""How long what is kept, and taking away what is older. Nothing goes unless an admin said so."""

from review.privacy.retention.periods import ABOUT, days, save
from review.privacy.retention.sweeping import MOST_COUNTED, apply, due, sweep

__all__ = ["ABOUT", "MOST_COUNTED", "apply", "days", "due", "save", "sweep"]
