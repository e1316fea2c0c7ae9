"""What wrote the draft, and what it made of the mail."""

from drafting.gate.subject import Check, GateSubject, verdict
from drafting.gate.wording import quoted


def setup_pinned(subject: GateSubject) -> Check:
    """What wrote the draft is exactly what was pinned."""
    problem = "" if subject.setup else "No setup is active."
    if subject.setup_differences:
        differing = ", ".join("the model's answers to the canaries" if part == "canaries" else part for part in subject.setup_differences)
        problem = f"What runs now differs from {subject.setup or 'the pinned setup'} in: {differing}."
    return verdict("setup_pinned", problem=problem, otherwise=f"Written by {subject.setup}, unchanged since it was pinned.")


def category_certain(subject: GateSubject) -> Check:
    """There is one category, the model is certain of it, and the mail has a single topic."""
    problem = "No category was chosen."
    if subject.category:
        doubts = ["the assistant was not certain of the category"] * (not subject.is_certain)
        doubts += ["the mail has more than one topic"] * (not subject.is_single_topic)
        problem = _sentence(" and ".join(doubts))
    return verdict("category_certain", problem=problem, otherwise=f"Certainly {subject.category}, and nothing else.")


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if words else ""


def guard_agrees(subject: GateSubject) -> Check:
    """A second model that reads mail and draft, where the setup has one, objects to nothing. It can only add doubt."""
    problem = f"The guard model objects: {quoted(dict.fromkeys(subject.guard_flags))}." if subject.guard_flags else ""
    return verdict("guard_agrees", problem=problem, otherwise="No guard model objects.")
