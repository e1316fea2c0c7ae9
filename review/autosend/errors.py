"""Why a person cannot do something at the moment, named for what they can do about it."""


class NotNow(Exception):
    """Nothing was changed, for the reason in words, which people read."""
