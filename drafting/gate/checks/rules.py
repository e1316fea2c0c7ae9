"""What the company's rules want."""

from drafting.gate.subject import Check, GateSubject, verdict
from drafting.gate.wording import folded, quoted
from drafting.models import Rule


def rules_hold(subject: GateSubject) -> Check:
    """No business rule keeps the draft from leaving."""
    body = _spoken(subject.body)
    problems = []
    for outcome in subject.rule_outcomes:
        if not outcome.holds:
            continue
        lines = [line for line in outcome.rule.text.splitlines() if _spoken(line).strip()]
        said = [line.strip() for line in lines if _spoken(line) in body]
        if outcome.effect in (Rule.Effect.NEEDS_PERSON, Rule.Effect.HAND_OVER):
            problems.append(outcome.words)
        elif outcome.effect == Rule.Effect.MUST_SAY and len(said) < len(lines):
            problems.append(
                f"{outcome.rule.name}: the draft must say {quoted(line.strip() for line in lines if line.strip() not in said)}."
            )
        elif outcome.effect == Rule.Effect.MUST_NOT_SAY and said:
            problems.append(f"{outcome.rule.name}: the draft must not say {quoted(said)}.")
    return verdict("rules_hold", problem=" ".join(problems), otherwise="All rules hold.")


def _spoken(text: str) -> str:
    """The words of `text` alone, each between spaces, so that only whole words are found in each other."""
    return f" {' '.join(''.join(character if character.isalnum() else ' ' for character in folded(text)).split())} "
