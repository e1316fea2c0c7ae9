"""What the draft itself must be like."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from drafting.gate.promises import find_promises
from drafting.gate.subject import Check, GateSubject, verdict
from drafting.gate.wording import LANGUAGES, folded, quoted
from drafting.grounding import Kind, atoms, domain_of, lies_ahead

_QUESTION = re.compile(r"[?？؟]+(?![^\s\"'”’»)?？؟])")
"""A question mark at the end of a sentence, not one within a link."""
_MARKUP = re.compile(r"!\[|\]\s?\(|\]\s?:\s?\S|</?[a-z!][^<>\n]{0,200}>?|&#?\w{1,20};")
"""Markdown's images and links, any tag or entity of HTML."""


def atoms_grounded(subject: GateSubject) -> Check:
    """Every number, date, amount, id and address in the draft comes from evidence, the mail or a template."""
    traced = Counter(one.atom.text for one in subject.atoms if one.is_traced)
    own = Counter(atom.text for atom in atoms(subject.body, language=subject.draft_language))
    untraced = [text for text, times in own.items() if traced[text] < times]
    untraced += [one.atom.text for one in subject.atoms if not one.is_traced and one.atom.text not in untraced]
    problem = f"Nothing we looked up or were told contains {quoted(dict.fromkeys(untraced), at_most=10)}." if untraced else ""
    total = len(subject.atoms)
    results = dict.fromkeys(f"“{one.atom.text}” is {one.note}" for one in subject.atoms if one.note)
    found = f"All {total} facts are traced{'; calculated: ' if results else ''}{', '.join(results)}."
    return verdict("atoms_grounded", problem=problem, otherwise=found if total else "The draft names no numbers or dates.")


def no_foreign_data(subject: GateSubject) -> Check:
    """Nothing in the draft belongs to another customer, even if a lookup returned it."""
    problem = f"Belongs to another customer: {quoted(dict.fromkeys(subject.foreign_values))}." if subject.foreign_values else ""
    return verdict("no_foreign_data", problem=problem, otherwise="Nothing in the draft belongs to another customer.")


def no_promises(subject: GateSubject) -> Check:
    """No refund, discount, credit, compensation, guarantee or liability that no template, article or rule words like this, and no date
    ahead that only the customer named.
    """
    found, days = find_promises(subject.body, allowed_texts=subject.allowed_texts), _days_only_they_name(subject)
    problem = f"Only the customer speaks of {quoted(days)}; nothing we looked up says that it will be so." if days else ""
    problem = f"The draft binds us, in words that no template, article or rule allows: {quoted(found)}." if found else problem
    if subject.draft_language.partition("-")[0] not in LANGUAGES:
        problem = problem or f"Promises cannot be recognised in “{subject.draft_language or '?'}”, so a person has to look."
    return verdict("no_promises", problem=problem, otherwise="No promise that a template, article or rule does not allow.")


def _days_only_they_name(subject: GateSubject) -> list[str]:
    """Dates from today on. Where nobody says which day it is, all."""
    today = subject.today or date.min
    said = [one.atom for one in subject.atoms if one.is_traced and not one.trusted and one.atom.kind is Kind.DATE]
    return list(dict.fromkeys(atom.text for atom in said if any(lies_ahead(value, today=today) for value in atom.value)))


def links_allowed(subject: GateSubject) -> Check:
    """Links lead to allowed domains or stand word for word in what the company wrote; nothing is loaded or hidden behind markup."""
    allowed = [domain.strip().lower().removeprefix("www.") for domain in subject.allowed_domains if domain.strip()]
    links = [atom for atom in atoms(subject.body) if atom.kind is Kind.URL]
    approved = {value for text in subject.allowed_texts for atom in atoms(text) if atom.kind is Kind.URL for value in atom.value}
    foreign = [link.text for link in links if not _leads_to(domain_of(link.text), allowed) and not approved.issuperset(link.value)]
    problem = f"Not on the list of allowed links: {quoted(foreign)}." if foreign else ""
    if _MARKUP.search(folded(subject.body)):
        problem = problem or "The draft contains markup for links or images; replies are plain text."
    return verdict("links_allowed", problem=problem, otherwise="All links are allowed." if links else "No links.")


def _leads_to(domain: str, allowed: Sequence[str]) -> bool:
    return bool(domain) and any(domain == one or domain.endswith(f".{one}") for one in allowed)


def language_matches(subject: GateSubject) -> Check:
    """The draft is in the language of the mail."""
    theirs, ours = (language.strip().lower().partition("-")[0] for language in (subject.customer_language, subject.draft_language))
    problem = "" if theirs == ours else f"The mail is in “{theirs or '?'}”, the draft in “{ours or '?'}”."
    if not theirs or not ours:
        problem = f"The language of the {'draft' if theirs else 'mail'} is not known."
    return verdict("language_matches", problem=problem, otherwise=f"Mail and draft are both in “{ours}”.")


def length_in_bounds(subject: GateSubject) -> Check:
    """Neither a fragment nor a flood."""
    length = len(subject.body.strip())
    problem = f"The draft is too short: {length} characters of at least {subject.min_length}." if length < subject.min_length else ""
    if length > subject.max_length:
        problem = f"The draft is too long: {length} characters of at most {subject.max_length}."
    return verdict("length_in_bounds", problem=problem, otherwise=f"{length} characters.")


def asks_answered(subject: GateSubject) -> Check:
    """Everything that the customer asked for has an answer.

    What was asked and answered is the model's word. Code counts what it can: questions in the mail, sentences in the draft, and ids asked
    about that neither the draft nor anything looked up speaks of.
    """
    questions = len(_QUESTION.findall(subject.mail_text))
    unanswered = [one.ask for one in subject.asks if not one.answered]
    problem = f"Not answered: {quoted(unanswered)}." if unanswered else ""
    if not problem and len(subject.asks) < subject.asks_found:
        problem = f"The mail asks {subject.asks_found} things, the draft speaks of {len(subject.asks)}."
    if not problem and len(subject.asks) < questions:
        problem = f"The mail has {questions} questions, the draft speaks of {len(subject.asks)}."
    if not subject.asks:
        problem = "Nothing is listed that the mail asks for, so nobody can tell whether it is answered."
    problem = problem or _too_little_said(subject)
    return verdict(
        "asks_answered", problem=problem, otherwise=f"Everything asked is answered, as far as can be told ({len(subject.asks)})."
    )


def _too_little_said(subject: GateSubject) -> str:
    said = _sentences_said(subject.body)
    if said < len(subject.asks):
        return f"The mail asks {len(subject.asks)} things, the draft says {said} between greeting and closing."
    known = _bare(f"{subject.body} {' '.join(subject.looked_up)}")
    asked = f"{subject.subject}\n" + "\n".join(one.ask for one in subject.asks) + "\n" + "\n".join(_questions(subject.mail_text))
    ids = dict.fromkeys(atom.text for atom in atoms(asked) if atom.kind is Kind.ID)
    unheard = [text for text in ids if _bare(text) not in known]
    return f"The mail asks about {quoted(unheard)}, which neither the draft nor anything looked up speaks of." if unheard else ""


def _sentences_said(body: str) -> int:
    """Sentences of three words and more; of greeting and closing most are shorter."""
    parts = re.split(r"(?<=[.!?:;])\s+|\n\s*\n|\n\s*[-*•]", body)
    return sum(len(part.split()) >= 3 for part in parts)


def _questions(text: str) -> list[str]:
    """The sentences that end in a question mark."""
    return [sentence for sentence in re.split(r"(?<=[.!?؟？])\s|\n\s*\n", text) if sentence.rstrip().endswith(("?", "？", "؟"))]


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
