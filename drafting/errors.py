"""What can go wrong on the way to a draft, named for what the caller can do about it."""


class Unavailable(Exception):
    """Something we depend on does not answer: try later. The message says what, in words for people.

    `retry_after` is in seconds, where the other side asked for it.
    """

    def __init__(self, words: str, *, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class NotFound(Exception):
    """A lookup came back empty: tell the model. The message is what it reads."""


class Refused(Exception):
    """This may not be done, now or later. The message says why."""


class NoAnswer(Exception):
    """The model answered nothing that can be used: ask once more or hand over. `finish_reason` and `response` are for the record."""

    def __init__(self, words: str, *, response: str = "", finish_reason: str = "") -> None:
        super().__init__(words)
        self.response = response
        self.finish_reason = finish_reason
