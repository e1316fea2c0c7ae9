"""One lookup's answer before and now. Pure: no database, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from drafting.grounding import Atom, Source, atoms, trace
from drafting.models import Evidence
from drafting.tools import Lookup
from inbox import languages

LONGEST_WORD = 200
"""Characters; a longer text is prose, of which only what the reply states matters."""
NAMES = ("number", "sku", "id")
FOUND = Evidence.Outcome.FOUND


@dataclass(frozen=True)
class Change:
    """Something that was so when the draft was written and is otherwise now, in words for people."""

    what: str
    was: str
    now: str

    @property
    def words(self) -> str:
        """Such as "order SO-10423: status was packed, is now shipped"."""
        return f"{self.what} was {self.was}, is now {self.now}"

    def states(self, atom: Atom) -> bool:
        """Whether this is the change of what `atom` says."""
        return bool(trace([atom], [Source("was", self.was)])[0].sources)


def lost(text: str, before: tuple[date, Sequence[Source]], now: tuple[date, Sequence[Source]]) -> list[Atom]:
    """What `text` states and the sources of before said, but those of now do not; each with its day, for "tomorrow" passes too."""
    language = languages.detect(text)
    found = atoms(text, language=language)
    old, new = (trace(found, sources, language=language, text=text, today=today) for today, sources in (before, now))
    return [was.atom for was, still in zip(old, new, strict=True) if was.trusted and not still.trusted]


def compare(before: Lookup, now: Lookup, *, text: str, gone: Sequence[Atom]) -> list[Change]:
    """What changed in the answer that matters for `text`; `gone` is what it states and nothing says any more."""
    if before.outcome != now.outcome:
        return [Change(_name(before), *(each.outcome.replace("_", " ") for each in (before, now)))]
    if before.outcome != FOUND or before.answer == now.answer:
        return []
    if isinstance(before.answer, dict) and isinstance(now.answer, dict):
        return list(_in_object(before.answer, now.answer, name=_name(before), gone=gone))
    return [change for item, name in _about(before, text) for change in _in_object(item, _same(item, now.answer), name=name, gone=gone)]


def _name(lookup: Lookup) -> str:
    answer = lookup.answer if isinstance(lookup.answer, dict) else {}
    return f"{lookup.tool} {_identity(answer) or lookup.question.get('query', '')}".strip()


def _about(lookup: Lookup, text: str) -> list[tuple[dict[str, Any], str]]:
    """The items of a list that `text` is about, with their names: those it names, else those that it takes something from."""
    items = [item for item in lookup.answer if isinstance(item, dict)] if isinstance(lookup.answer, list) else []
    said = atoms(text, language=languages.detect(text))
    named = [item for item in items if _identity(item) and _says(said, {"number": _identity(item)}, text)]
    used = items if len(items) == 1 else named or [item for item in items if _says(said, item, text)]
    return [(item, f"{lookup.tool.removesuffix('s')} {_identity(item)}".strip()) for item in used]


def _says(said: list[Atom], value: Any, text: str) -> bool:
    return any(each.is_traced for each in trace(said, [Source("item", value)], text=text))


def _identity(item: dict[str, Any]) -> str:
    return next((str(item[name]) for name in NAMES if item.get(name)), "")


def _same(item: dict[str, Any], answer: Any) -> dict[str, Any] | None:
    items = [each for each in answer if isinstance(each, dict)] if isinstance(answer, list) else []
    if not _identity(item):
        return item if item in items else next(iter(items), None)
    return next((each for each in items if _identity(each) == _identity(item)), None)


def _in_object(before: dict[str, Any], now: dict[str, Any] | None, *, name: str, gone: Sequence[Atom]) -> Iterator[Change]:
    if now is None:
        yield Change(name, "found", "not found")
        return
    for key, old in before.items():
        new, label = now.get(key), f"{name}: {key.replace('_', ' ')}"
        if old == new:
            continue
        if isinstance(old, list) or isinstance(new, list):
            yield from _in_list(old or [], new or [], name=label, gone=gone)
        elif _matters(old, new, currency=before.get("currency"), gone=gone):
            yield Change(label, _said(old), _said(new))


def _in_list(before: Any, now: Any, *, name: str, gone: Sequence[Atom]) -> Iterator[Change]:
    if not all(isinstance(each, dict) and _identity(each) for part in (before, now) for each in part):
        yield Change(name, _said(before), _said(now))
        return
    for item in before:
        yield from _in_object(item, _same(item, now), name=f"{name} {_identity(item)}", gone=gone)
    known = {_identity(each) for each in before}
    yield from (Change(f"{name} {_identity(each)}", "not found", "found") for each in now if _identity(each) not in known)


def _matters(old: Any, new: Any, *, currency: Any, gone: Sequence[Atom]) -> bool:
    if any(isinstance(each, str) and len(each) > LONGEST_WORD for each in (old, new)):
        return _is_stated(old, currency, gone)
    was, now = _number(old), _number(new)
    if was is not None and now is not None:
        return (was == 0) != (now == 0) or _is_stated(old, currency, gone)
    return True


def _is_stated(old: Any, currency: Any, gone: Sequence[Atom]) -> bool:
    return any(each.is_traced for each in trace(gone, [Source("was", {"value": old, "currency": currency})]))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _day(value) or value[:LONGEST_WORD]
    return "nothing" if value in (None, [], {}) else str(value)[:LONGEST_WORD]


def _day(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%-d %B %Y}" if len(value) == len("2026-03-04") else ""
    except ValueError:
        return ""
