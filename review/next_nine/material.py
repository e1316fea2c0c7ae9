"""What the mails of a cause have to say to whoever mends it: what customers asked, and what people wrote. Masked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Prefetch
from django.db.models.fields.json import KT

from drafting.models import Evidence
from drafting.personal import Personal, gather
from review import access
from review.models import Decision
from review.next_nine import causes

LOOKED_AT = 12
"""The newest mails of the cause that are read; masking costs some milliseconds each."""
LONGEST_QUESTION, LONGEST_CHANGE = 280, 1_200
LONGEST_KEY, MOST_MISSED = 80, 12
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_WORDED = re.compile(r"\w+\W+\w+\W+\w+")
"""At least three words: a greeting or a name is nothing to tell others."""
_NOT_TOLD = re.compile(r"^(?:re|aw|fwd?|wg|antw|sv|odp)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """One mail of the cause. `taken` and `put` are the sentences that the reviewer took out of the draft and put in, `reply` the whole."""

    subject: str
    question: str
    taken: tuple[str, ...]
    put: tuple[str, ...]
    reply: str
    language: str
    category: int | None


@dataclass(frozen=True, slots=True)
class Material:
    """`examples` are newest first; `language` and `category` (an id) are the most frequent ones."""

    examples: Sequence[Example]

    @property
    def language(self) -> str:
        """ "" where there are none."""
        return next((language for language, _ in Counter(one.language for one in self.examples).most_common(1)), "")

    @property
    def category(self) -> int | None:
        """None where there is none."""
        return next((pk for pk, _ in Counter(one.category for one in self.examples if one.category).most_common(1)), None)

    @property
    def questions(self) -> list[str]:
        """What customers asked, each once."""
        return list(dict.fromkeys(one.question for one in self.examples if one.question))

    @property
    def put(self) -> list[str]:
        """The sentences that people added, each once."""
        return list(dict.fromkeys(sentence for one in self.examples for sentence in one.put))


def material(cause: str, *, user: User) -> Material:
    """Of the newest mails of a cause that `user` may see."""
    evidence = Prefetch("draft__evidence", Evidence.objects.filter(outcome=Evidence.Outcome.FOUND).order_by("position"))
    wide = ("draft__message__html", "draft__message__hidden_text", "draft__facts", "draft__atoms")
    about = ("draft__message", "draft__conversation", "draft__customer", "by")
    newest = access.decisions(user).filter(miss__cause=cause).order_by("-miss__day", "-miss__pk")
    rows = newest.select_related(*about).prefetch_related(evidence, "draft__customer__addresses").defer(*wide)[:LOOKED_AT]
    return Material([_example(decision) for decision in rows])


def missed(cause: str, *, user: User) -> list[tuple[str, int]]:
    """What lookups of a cause asked for in vain, with how many drafts did: the most frequent first. None of other causes, nor of erased
    mails. As it stands in the evidence: who is told mends the table or the system with it, and may read the mails."""
    if not causes.base(cause).startswith("lookup:"):
        return []
    tool, outcome = causes.base(cause).split(":")[1:3]
    within = Evidence.objects.filter(draft__decisions__in=access.decisions(user).filter(miss__cause=cause), tool=tool, outcome=outcome)
    asked = within.filter(erased_at=None).annotate(asked=KT("question__query")).filter(asked__gt="")
    rows = asked.order_by().values("asked").annotate(drafts=Count("draft", distinct=True)).order_by("-drafts", "asked")
    return [(row["asked"][:LONGEST_KEY], row["drafts"]) for row in rows[:MOST_MISSED]]


def _example(decision: Decision) -> Example:
    draft, mail = decision.draft, decision.draft.message
    known, language = _known(decision), draft.language or mail.language
    asked = " ".join((mail.reply_text or mail.text).split())
    before, after = _sentences(draft.body), _sentences(decision.final_text)

    def told(texts: list[str]) -> tuple[str, ...]:
        return tuple(known.mask(text, language=language) for text in texts if _WORDED.search(text))

    return Example(
        subject=known.mask(_NOT_TOLD.sub("", mail.subject), language=language),
        question=_cut(known.mask(asked[: 4 * LONGEST_QUESTION], language=language)),
        taken=told([one for one in before if one not in set(after)]) if after else (),
        put=told([one for one in after if one not in set(before)]),
        reply=known.mask(decision.final_text.strip(), language=language),
        language=language,
        category=draft.category_id,
    )


def _sentences(text: str) -> list[str]:
    return [one for part in _SENTENCES.split(text[: 4 * LONGEST_CHANGE]) if (one := " ".join(part.split()))]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUESTION else f"{text[:LONGEST_QUESTION].rpartition(' ')[0]} …"


def _known(decision: Decision) -> Personal:
    draft, mail = decision.draft, decision.draft.message
    names = [mail.from_name, draft.conversation.customer_name, decision.by.get_full_name() if decision.by else ""]
    answers = [(each.tool, each.answer) for each in draft.evidence.all()]
    if draft.customer:
        names += [draft.customer.name, *(each.contact for each in draft.customer.addresses.all())]
        answers.append(("customer", {"number": draft.customer.number}))
    texts = [mail.reply_text or mail.text, draft.body, decision.final_text]
    return gather(names=names, sender=mail.from_address, answers=answers, texts=texts)
