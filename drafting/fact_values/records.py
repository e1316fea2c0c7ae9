"""Facts as they are kept with a draft, so that a changed rule can be tried on past mail."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

Facts: TypeAlias = dict[str, Any]
"""Values by the names of `facts.catalogue()`; None where it is not known."""


def recorded(*, before: Sequence[Facts], after: Sequence[Facts]) -> dict[str, Any]:
    """What `Draft.facts` holds of the sets of facts that the rules saw before and after the reply was written.

    {"before": …, "after": …}, each {"common": {name: value}, "sets": [{name: value}]}: what is the same in all sets stands once, and what
    was the same before is left out of "after". Amounts are floats, dates ISO 8601. Rules come out the same with what `again` makes of it.
    """
    first, second = _factored(before), _factored(after)
    known = first["common"]
    second["common"] = {name: value for name, value in second["common"].items() if name not in known or known[name] != value}
    return {"before": first, "after": second}


def again(kept: Mapping[str, Any]) -> tuple[list[Facts], list[Facts]]:
    """The sets of facts before and after out of `Draft.facts`; no sets where nothing was recorded."""
    before, after = kept.get("before") or {}, kept.get("after") or {}
    common = before.get("common", {})
    return _spread(common, before), _spread(common | after.get("common", {}), after)


def _spread(common: Facts, part: Mapping[str, Any]) -> list[Facts]:
    return [common | each for each in part.get("sets", [])]


def _factored(sets: Sequence[Facts]) -> dict[str, Any]:
    plain = [{name: _as_json(value) for name, value in each.items()} for each in sets]
    common = {
        name: value for name, value in (plain[0] if plain else {}).items() if all(name in each and each[name] == value for each in plain)
    }
    return {"common": common, "sets": [{name: value for name, value in each.items() if name not in common} for each in plain]}


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
