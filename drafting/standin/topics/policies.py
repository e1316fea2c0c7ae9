"""What only articles and templates answer, and what no rule of ours may decide."""

from drafting.standin.case import Case
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.topics.orders import things_of
from drafting.standin.wording import article, article_query, template


def policy(case: Case) -> Outcome:
    """What an article or a template says about it."""
    return _approved(case) or GiveUp("missing_fact", f"No article or template answers: “{' '.join(case.text.split())[:160]}”")


def discount(case: Case) -> Outcome:
    """Prices are not ours to lower."""
    return _approved(case) or GiveUp("not_allowed", "The customer asks for a better price; only a person may grant that.")


def complaint(case: Case) -> Outcome:
    """An upset customer is answered by a person."""
    return GiveUp("sensitive", "The customer complains; this needs a human touch.")


def callback(case: Case) -> Outcome:
    """A call is a person's to make."""
    return GiveUp("not_allowed", "The customer asks to be called.")


def thanks(case: Case) -> Outcome:
    """Nothing is asked."""
    return GiveUp("unsure", "The customer seems only to say thank you; probably no reply is needed.")


def _approved(case: Case) -> Outcome | None:
    if wording := article(case) or template(case, things_of(case, {})):
        return Answer([wording])
    query = article_query(case)
    return Lookup("articles", query) if query and case.can_look_up("articles", query) else None
