"""The last look at a mail that leaves by itself, and what becomes of the draft where it does not."""


def check(*, mail_id: int) -> None:
    """Let the held mail go if all still holds, else give the draft back to people. Safe to be called twice."""
    raise NotImplementedError


def return_held_back(*, most: int = 200) -> int:
    """Sweep: give the drafts of automatic mails that were held back to people; says how many."""
    raise NotImplementedError
