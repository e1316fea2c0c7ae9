"""The checks of the gate, in the order in which they are shown. Pure functions: a subject in, a verdict with words out."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from drafting.gate.flags import find_flags
from drafting.gate.instructions import find_instructions
from drafting.gate.promises import find_promises
from drafting.gate.subject import Check, GateSubject
from drafting.gate.wording import LANGUAGES, folded, quoted
from drafting.grounding import Kind, atoms, domain_of
from drafting.models import Rule

INSTRUCTIONS_FLAG = "instructions_to_assistant"
_QUESTION = re.compile(r"[?？؟]+(?![^\s\"'”’»)?？؟])")
"""A question mark at the end of a sentence, not one within a link."""


def check(subject: GateSubject) -> list[Check]:
    """Every check on `subject`, in order; never raises, whatever the mail or the draft contains."""
    return [one(subject) for one in CHECKS]


def is_eligible(checks: Sequence[Check]) -> bool:
    """Whether all checks passed (and there were any)."""
    return bool(checks) and all(one.passed for one in checks)


def _verdict(code: str, *, problem: str, otherwise: str) -> Check:
    return Check(code, not problem, problem or otherwise)


def setup_pinned(subject: GateSubject) -> Check:
    """What wrote the draft is exactly what was pinned."""
    problem = "" if subject.setup else "No setup is active."
    if subject.setup_differences:
        problem = f"What runs now differs from {subject.setup or 'the pinned setup'} in: {', '.join(subject.setup_differences)}."
    return _verdict("setup_pinned", problem=problem, otherwise=f"Written by {subject.setup}, unchanged since it was pinned.")


def category_certain(subject: GateSubject) -> Check:
    """There is one category, the model is certain of it, and the mail has a single topic."""
    problem = "No category was chosen."
    if subject.category:
        doubts = ["the assistant was not certain of the category"] * (not subject.is_certain)
        doubts += ["the mail has more than one topic"] * (not subject.is_single_topic)
        problem = _sentence(" and ".join(doubts))
    return _verdict("category_certain", problem=problem, otherwise=f"Certainly {subject.category}, and nothing else.")


def sender_authenticated(subject: GateSubject) -> Check:
    """The mail provider vouches for the sender's domain (DMARC)."""
    because = f": {subject.authentication_reason.rstrip('.')}" if subject.authentication_reason else ""
    problem = "" if subject.is_authenticated else f"The sender's address is not authenticated{because}. It may be forged."
    return _verdict("sender_authenticated", problem=problem, otherwise=f"The sender's address is authenticated{because}.")


def sender_known(subject: GateSubject) -> Check:
    """The address belongs to a customer."""
    problem = "" if subject.is_known else f"{subject.sender or 'The sender'} belongs to no customer that we know."
    return _verdict("sender_known", problem=problem, otherwise=f"{subject.sender} belongs to a customer.")


def not_automation(subject: GateSubject) -> Check:
    """The mail is from a person, and wants an answer from nobody's robot."""
    problem = "" if subject.message_kind == "person" else f"The mail is not from a person but {subject.message_kind or 'of unknown kind'}."
    if not problem and subject.suppress_auto_reply:
        problem = "The mail asks not to be answered automatically."
    return _verdict("not_automation", problem=problem, otherwise="The mail is from a person.")


def recipient_is_sender(subject: GateSubject) -> Check:
    """The reply goes to the sender and to nobody else."""
    sender = subject.sender.strip().casefold()
    others = [address for address in (*subject.recipients, *subject.reply_to) if address.strip().casefold() != sender]
    problem = f"The reply would go to {quoted(others)} and not only to the sender." if others else ""
    if not sender or len(subject.recipients) != 1:
        problem = problem or "It is not certain to whom the reply would go."
    return _verdict("recipient_is_sender", problem=problem, otherwise=f"The reply goes to {subject.sender} and nobody else.")


def no_hidden_text(subject: GateSubject) -> Check:
    """The mail has no text that its reader would not have seen."""
    hidden = " ".join(subject.hidden_text.split())
    problem = f"The mail has hidden text: {quoted([hidden])}." if hidden else ""
    return _verdict("no_hidden_text", problem=problem, otherwise="No hidden text.")


def no_instructions(subject: GateSubject) -> Check:
    """Nothing in the mail tries to tell an assistant what to do."""
    found = find_instructions(subject.sender_name, subject.subject, subject.mail_text, subject.hidden_text, *subject.attachment_names)
    problem = f"The mail seems to instruct an assistant: {quoted(found)}." if found else ""
    if not problem and INSTRUCTIONS_FLAG in subject.flags:
        problem = "The assistant saw instructions to itself in the mail."
    return _verdict("no_instructions", problem=problem, otherwise="No instructions aimed at an assistant.")


def no_sensitive_flags(subject: GateSubject) -> Check:
    """No complaint, threat, legal or medical matter, no press."""
    by_words = find_flags(subject.subject, subject.mail_text)
    reasons = [f"{flag} ({quoted(words)})" for flag, words in by_words.items()]
    reasons += [
        f"{flag} (says the assistant)" for flag in dict.fromkeys(subject.flags) if flag not in by_words and flag != INSTRUCTIONS_FLAG
    ]
    problem = f"The mail may be sensitive: {', '.join(reasons)}." if reasons else ""
    return _verdict("no_sensitive_flags", problem=problem, otherwise="No complaint, threat, legal or medical matter, no press.")


def language_matches(subject: GateSubject) -> Check:
    """The draft is in the language of the mail."""
    theirs, ours = (language.strip().lower().partition("-")[0] for language in (subject.customer_language, subject.draft_language))
    problem = "" if theirs == ours else f"The mail is in “{theirs or '?'}”, the draft in “{ours or '?'}”."
    if not theirs or not ours:
        problem = f"The language of the {'draft' if theirs else 'mail'} is not known."
    return _verdict("language_matches", problem=problem, otherwise=f"Mail and draft are both in “{ours}”.")


def length_in_bounds(subject: GateSubject) -> Check:
    """Neither a fragment nor a flood."""
    length = len(subject.body.strip())
    problem = f"The draft is too short: {length} characters of at least {subject.min_length}." if length < subject.min_length else ""
    if length > subject.max_length:
        problem = f"The draft is too long: {length} characters of at most {subject.max_length}."
    return _verdict("length_in_bounds", problem=problem, otherwise=f"{length} characters.")


def asks_answered(subject: GateSubject) -> Check:
    """Everything that the customer asked for has an answer. What was asked and answered is the model's word; questions are counted here."""
    questions = len(_QUESTION.findall(subject.mail_text))
    unanswered = [one.ask for one in subject.asks if not one.answered]
    problem = f"Not answered: {quoted(unanswered)}." if unanswered else ""
    if not problem and len(subject.asks) < subject.asks_found:
        problem = f"The mail asks {subject.asks_found} things, the draft speaks of {len(subject.asks)}."
    if not problem and len(subject.asks) < questions:
        problem = f"The mail has {questions} questions, the draft speaks of {len(subject.asks)}."
    if not subject.asks:
        problem = "Nothing is listed that the mail asks for, so nobody can tell whether it is answered."
    return _verdict("asks_answered", problem=problem, otherwise=f"Everything asked is answered ({len(subject.asks)}).")


def atoms_grounded(subject: GateSubject) -> Check:
    """Every number, date, amount, id and address in the draft comes from evidence, the mail or a template."""
    traced = Counter(one.atom.text for one in subject.atoms if one.is_traced)
    own = Counter(atom.text for atom in atoms(subject.body, language=subject.draft_language))
    untraced = [text for text, times in own.items() if traced[text] < times]
    untraced += [one.atom.text for one in subject.atoms if not one.is_traced and one.atom.text not in untraced]
    problem = f"Nothing we looked up or were told contains {quoted(dict.fromkeys(untraced), at_most=10)}." if untraced else ""
    total = len(subject.atoms)
    return _verdict(
        "atoms_grounded", problem=problem, otherwise=f"All {total} facts are traced." if total else "The draft names no numbers or dates."
    )


def no_foreign_data(subject: GateSubject) -> Check:
    """Nothing in the draft belongs to another customer, even if a lookup returned it."""
    problem = f"Belongs to another customer: {quoted(dict.fromkeys(subject.foreign_values))}." if subject.foreign_values else ""
    return _verdict("no_foreign_data", problem=problem, otherwise="Nothing in the draft belongs to another customer.")


def no_promises(subject: GateSubject) -> Check:
    """No refund, discount, credit, compensation, guarantee or liability that no template or rule words like this."""
    found = find_promises(subject.body, allowed_texts=subject.allowed_texts)
    problem = f"The draft speaks of something that binds us, in words that no template or rule allows: {quoted(found)}." if found else ""
    if subject.draft_language.partition("-")[0] not in LANGUAGES:
        problem = problem or f"Promises cannot be recognised in “{subject.draft_language or '?'}”, so a person has to look."
    return _verdict("no_promises", problem=problem, otherwise="No promise that a template or rule does not allow.")


def links_allowed(subject: GateSubject) -> Check:
    """Links lead to domains on the allow-list only, and nothing is loaded or hidden behind markup."""
    allowed = [domain.strip().lower().removeprefix("www.") for domain in subject.allowed_domains if domain.strip()]
    links = [atom.text for atom in atoms(subject.body) if atom.kind is Kind.URL]
    foreign = [link for link in links if not _leads_to(domain_of(link), allowed)]
    problem = f"Not on the list of allowed links: {quoted(foreign)}." if foreign else ""
    if any(markup in folded(subject.body) for markup in ("![", "](", "<a ", "<img", "<script", "<iframe")):
        problem = problem or "The draft contains markup for links or images; replies are plain text."
    return _verdict("links_allowed", problem=problem, otherwise="All links are allowed." if links else "No links.")


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
    return _verdict("rules_hold", problem=" ".join(problems), otherwise="All rules hold.")


def _spoken(text: str) -> str:
    """The words of `text` alone, each between spaces, so that only whole words are found in each other."""
    return f" {' '.join(''.join(character if character.isalnum() else ' ' for character in folded(text)).split())} "


def _leads_to(domain: str, allowed: Sequence[str]) -> bool:
    return bool(domain) and any(domain == one or domain.endswith(f".{one}") for one in allowed)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if words else ""


CHECKS: tuple[Callable[[GateSubject], Check], ...] = (
    setup_pinned,
    category_certain,
    sender_authenticated,
    sender_known,
    no_hidden_text,
    no_instructions,
    no_sensitive_flags,
    atoms_grounded,
    no_foreign_data,
    no_promises,
    links_allowed,
    language_matches,
    asks_answered,
    length_in_bounds,
    not_automation,
    rules_hold,
    recipient_is_sender,
)
