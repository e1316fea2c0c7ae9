"""Why a decision was not made, named for what the caller can do."""

from review.models import Decision


class Undecidable(Exception):
    """The decision was not made and nothing has changed."""


class AlreadyDecided(Undecidable):
    """Somebody was faster, or the same person twice: `decision` says what happened."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"{decision.by or 'The assistant'} decided already: {decision.get_kind_display()}")
        self.decision = decision


class Superseded(Undecidable):
    """A newer message or draft took this draft's place: look at the conversation again."""


class NotOffered(Undecidable):
    """There is nothing to decide in this way: the assistant is still writing, gave up, or the mail was not taken over by this person."""


class CannotSend(Undecidable):
    """No reply to this mail is possible, for the reason in words; another decision may be."""


class TooLate(Undecidable):
    """What was decided can no longer be taken back: the reply is on its way, or the time has passed."""


class CannotAttach(Exception):
    """The file was not attached, for the reason in words; another may be."""
