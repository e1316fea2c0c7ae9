"""What a probe found, and how people read it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

UNKNOWN = "unknown"
WORDS = {
    "enforced": "the answer always fits",
    "works": "taken, but not enforced: an answer may break the schema",
    "refused": "refused",
    UNKNOWN: "not known",
}
DIALECT_NAMES = {
    "json_schema": "JSON schema",
    "json_object_schema": "JSON object with a schema",
    "json_object": "JSON object",
    "text": "plain text",
}
LOGPROBS = {"yes": "Tells log probabilities.", "no": "Tells no log probabilities; canaries compare texts only."}
SEED = {
    "repeats": "The same seed gave the same answer twice.",
    "varies": "The same seed gave two answers: drafts cannot be repeated exactly, and need not be.",
}
OVERFLOW = {
    "refused": "Refuses a question that is too long, as it should.",
    "truncated": "Cuts a question that is too long without saying so; we never send more than the context holds.",
    "accepted": "Takes more than the context length that was told or declared.",
    "too large": "Not tried: the context is so long that filling it would take minutes.",
}
UNKNOWN_MODEL = {
    "refused": "Refuses a model that it does not have, as it should.",
    "accepted": "Answers under any model name: the name proves nothing, the canaries do.",
}


@dataclass(frozen=True)
class Server:
    """What a server tells of itself and its model; "" or None where it tells nothing.

    `weights` is a digest, or the best name that the server has for them; `chat_template` is a SHA-256; `context_length` is in tokens.
    """

    kind: str = ""
    version: str = ""
    weights: str = ""
    quantisation: str = ""
    chat_template: str = ""
    context_length: int | None = None


@dataclass(frozen=True)
class Findings:
    """What a server does when it is asked. `dialects` says for each whether it is enforced, works, is refused or unknown.

    `tokens_read` is how many tokens of a question that was too long the server read, where it cut it.
    """

    models: list[str]
    server: Server
    dialects: dict[str, str]
    dialect: str
    logprobs: str = UNKNOWN
    seed: str = UNKNOWN
    overflow: str = UNKNOWN
    tokens_read: int | None = None
    unknown_model: str = UNKNOWN
    answers_as: str = ""
    system_fingerprint: str = ""
    milliseconds: int = 0

    def as_json(self) -> dict[str, Any]:
        """As a Probe row keeps them."""
        return asdict(self)


def sentences(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a Probe row's `findings` say, as pairs of a name and words."""
    server = Server(**found["server"])
    kind = f"{server.kind or 'Unknown kind'} {server.version}".strip()
    dialects = [f"{words}: {WORDS.get(found['dialects'].get(name), UNKNOWN)}" for name, words in DIALECT_NAMES.items() if name != "text"]
    cut = f" It read {found['tokens_read']:,} tokens." if found["tokens_read"] else ""
    return [
        ("Server", kind),
        ("Weights", server.weights or "The server does not say."),
        ("Quantisation", server.quantisation or "The server does not say."),
        ("Chat template", server.chat_template[:12] or "The server does not say."),
        ("Context length", f"{server.context_length:,} tokens" if server.context_length else "The server does not say."),
        ("Schema in use", DIALECT_NAMES.get(found["dialect"], found["dialect"])),
        ("Schemas", "; ".join(dialects)),
        ("Log probabilities", LOGPROBS.get(found["logprobs"], "Not known.")),
        ("Seed", SEED.get(found["seed"], "Not known.")),
        ("Too long a question", OVERFLOW.get(found["overflow"], "Not known.") + cut),
        ("Unknown model names", UNKNOWN_MODEL.get(found["unknown_model"], "Not known.")),
        ("Answers as", found["answers_as"] or "Tells no name."),
        ("System fingerprint", found["system_fingerprint"] or "Tells none that stays the same."),
    ]
