"""What the model is told: one system text for each turn, and the line before the material."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from drafting.endpoints import Messages
from drafting.protocol import fingerprint, material

FOLDER = Path(__file__).parent
LINES = {
    "category": "Sort this mail. Answer with one JSON object only.",
    "draft": "Take the next step towards the reply. Answer with one JSON object only.",
}


def messages(*, turn: str, schema: dict[str, Any], value: dict[str, Any]) -> Messages:
    """The system and the user message of a turn ("category" or "draft")."""
    system = f"{_text(turn)}\n{json.dumps(schema, ensure_ascii=False)}"
    return [{"role": "system", "content": system}, {"role": "user", "content": f"{LINES[turn]}\n\n{material(value)}"}]


def bundle_hash() -> str:
    """Changes whenever a word of a prompt does."""
    return fingerprint([[turn, _text(turn), line] for turn, line in LINES.items()])


@cache
def _text(turn: str) -> str:
    return (FOLDER / f"{turn}.txt").read_text(encoding="utf-8").strip()
