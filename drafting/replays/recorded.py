"""Tools that answer from what was looked up when a mail was first answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from drafting.errors import NotFound, Refused
from drafting.models import Draft, Evidence
from drafting.tools import Lookup, Scope, Tool
from drafting.tools.words import bare

COMPUTED = {"calculate", "dates"}
"""They look nothing up: what they say follows from the question and the day, which is the recorded one."""
BY_NUMBER = {"order", "product"}
"""They find a number however it is spelled, and so do we."""
NOT_RECORDED = "Not recorded: nobody looked this up when the mail was first answered, so it is not known in this replay."


@dataclass
class Recording:
    """The lookups of a recorded draft. `unrecorded` lists what was asked of it in vain: {"tool", "query"}."""

    draft: Draft
    unrecorded: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rows = list(self.draft.evidence.exclude(outcome=Evidence.Outcome.UNAVAILABLE).order_by("position"))
        self._is_first_about_articles = True

    @property
    def lookups(self) -> list[Lookup]:
        """What was looked up then."""
        return [
            Lookup(row.position, row.tool, row.source, row.question, row.outcome, row.answer, row.asked_by, row.milliseconds, row.at)
            for row in self._rows
        ]

    def tools(self, tools: Mapping[str, Tool]) -> dict[str, Tool]:
        """The same tools, answering from the recording; nothing is looked up anew."""
        return {name: tool if name in COMPUTED else replace(tool, look_up=partial(self._look_up, name)) for name, tool in tools.items()}

    def _look_up(self, tool: str, scope: Scope, query: str) -> Any:
        row = self._find(tool, scope, query)
        if row is None:
            self.unrecorded.append({"tool": tool, "query": query})
            raise NotFound(NOT_RECORDED)
        words = row.answer.get("words", "") if isinstance(row.answer, dict) else ""
        if row.outcome == Evidence.Outcome.NOT_FOUND:
            raise NotFound(words)
        if row.outcome == Evidence.Outcome.REFUSED:
            raise Refused(words)
        return row.answer

    def _find(self, tool: str, scope: Scope, query: str) -> Evidence | None:
        """The recorded answer to this question.

        Templates are those of a category. The first question about articles is made by code, in the words that the model uses for the
        asks, so it takes the place of the recorded first one.
        """
        is_first, self._is_first_about_articles = self._is_first_about_articles, self._is_first_about_articles and tool != "articles"
        if tool == "templates" and scope.category and scope.category.pk != self.draft.category_id:
            return None
        rows = [row for row in self._rows if row.tool == tool]
        same = [row for row in rows if _normal(tool, row.question.get("query", "")) == _normal(tool, query)]
        if tool == "articles" and is_first and not same:
            same = [row for row in rows if row.asked_by == Evidence.AskedBy.CODE]
        return next(iter(same), None)


def _normal(tool: str, query: str) -> str:
    return bare(query) if tool in BY_NUMBER else " ".join(query.casefold().split())
