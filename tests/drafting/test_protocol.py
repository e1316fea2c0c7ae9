"""The schemas that model servers are given."""

from typing import Any

import pytest

from drafting.protocol import action_schema, category_schema

SCHEMAS = [category_schema(["a", "b"]), action_schema(["order"])]
LONGEST = 1000


def lengths(schema: Any) -> list[int]:
    """Every `maxLength` and `maxItems` in a schema."""
    if isinstance(schema, list):
        return [length for one in schema for length in lengths(one)]
    if not isinstance(schema, dict):
        return []
    own = [schema[name] for name in ("maxLength", "maxItems") if isinstance(schema.get(name), int)]
    return own + [length for one in schema.values() for length in lengths(one)]


@pytest.mark.parametrize("schema", SCHEMAS, ids=["category", "action"])
def test_no_length_is_longer_than_grammars_of_model_servers_can_take(schema: dict[str, Any]) -> None:
    assert lengths(schema)
    assert max(lengths(schema)) <= LONGEST
