"""To whom the draft speaks, and whether it says what it seems to say."""

import re

from drafting.gate.asides import find_asides, find_other_recipients
from drafting.gate.disguise import find_disguises
from drafting.gate.instructions import find_instructions
from drafting.gate.subject import Check, GateSubject, verdict
from drafting.gate.wording import quoted
from drafting.grounding import Kind

_PLACEHOLDER = re.compile(r"\{[^{}\n]{1,80}\}|\[[^\W\d_][^\[\]\n]{0,60}\]")
"""A slot of a template, or what stands for a name or a number in a masked example: "{day:date}", "[order number]"."""


def recipient_only(subject: GateSubject) -> Check:
    """The text neither brings others in nor names addresses but those of the company and the customer: no "Cc", no "write to …"."""
    known = {address.strip().casefold() for address in (subject.sender, *subject.own_addresses)}
    named = [one for one in subject.atoms if one.atom.kind is Kind.EMAIL]
    strange = [one.atom.text for one in named if not one.trusted and one.atom.value[0].casefold() not in known]
    problem = f"Mail addresses that are neither ours nor this customer's: {quoted(dict.fromkeys(strange))}." if strange else ""
    wordings = find_other_recipients(subject.body)
    problem = problem or (f"The draft brings in somebody else: {quoted(wordings)}." if wordings else "")
    return verdict("recipient_only", problem=problem, otherwise="The text speaks to nobody but the customer.")


def nothing_to_reviewer(subject: GateSubject) -> Check:
    """The draft is written for the customer: nothing in it is aimed at whoever reviews it, or at another assistant."""
    found = [*find_asides(subject.body), *find_instructions(subject.body)]
    problem = f"The draft speaks to whoever reviews it: {quoted(dict.fromkeys(found))}." if found else ""
    return verdict("nothing_to_reviewer", problem=problem, otherwise="The draft is for the customer alone.")


def no_disguise(subject: GateSubject) -> Check:
    """What a person reads is what was checked: no invisible characters, no look-alike letters of other alphabets."""
    found = find_disguises(subject.body)
    problem = f"The draft has characters that hide something: {quoted(found)}." if found else ""
    return verdict("no_disguise", problem=problem, otherwise="No invisible characters or look-alike letters.")


def no_placeholders(subject: GateSubject) -> Check:
    """Nothing is left to be filled in: no slot of a template, no "[name]" of an example."""
    found = [match[0] for match in _PLACEHOLDER.finditer(subject.body)]
    problem = f"The draft has something that is not filled in: {quoted(dict.fromkeys(found))}." if found else ""
    return verdict("no_placeholders", problem=problem, otherwise="Nothing is left to be filled in.")
