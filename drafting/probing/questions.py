"""The questions of a probe: each shows one thing that a server does, whatever its documentation says."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from drafting import model_client
from drafting.endpoints import DIALECTS, Endpoint
from drafting.errors import NoAnswer, Unavailable
from drafting.findings import UNKNOWN
from drafting.model_replies import Reply, error_told, first_logprobs, usage_of

QUESTION_SECONDS = 20.0
LARGEST_TRIED = 40_000
"""Tokens; filling a longer context would keep the server busy for minutes."""
UNTOLD_CONTEXT = 8_192
NO_SUCH_MODEL = "countersign-no-such-model"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"fruit": {"type": "string", "enum": ["kiwi", "plum"]}},
    "required": ["fruit"],
    "additionalProperties": False,
}
AGAINST_THE_SCHEMA = [
    {"role": "user", "content": "What is the capital of France? Answer with that one word in capital letters, and no JSON."}
]
"""Whoever is not made to keep to SCHEMA answers PARIS."""
REPEATED = [{"role": "user", "content": "Make up the name of a ship, a harbour and a captain. Answer in one line."}]
SHORT = [{"role": "user", "content": "Say yes."}]
FILLER = "tree "
"""One token in every common vocabulary."""


@dataclass
class Asker:
    """Asks one model of one server until the deadline, and notes under which names the answers come."""

    base_url: str
    model: str
    deadline: float
    trouble: str = ""
    served: list[str] = field(default_factory=list)
    fingerprints: list[str] = field(default_factory=list)

    def ask(self, body: dict[str, Any]) -> "Answer":
        """What becomes of one request; trouble on the way makes it unknown."""
        try:
            deadline = min(self.deadline, time.monotonic() + QUESTION_SECONDS)
            answered = model_client.post(base_url=self.base_url, body={"model": self.model, "temperature": 0} | body, deadline=deadline)
        except (Unavailable, NoAnswer) as error:
            self.trouble = str(error)
            return Answer(None, None)
        status = error_told(answered.text)[0] if answered.status == 200 else answered.status
        reply = _reply(answered.text) if status == 200 else None
        if reply is None:
            self.trouble = f"It answered with error {status}." if status != 200 else "It answers with something else than completions."
        elif body.get("model", self.model) == self.model:
            self.served.append(reply.served_model)
            self.fingerprints.append(reply.system_fingerprint if isinstance(reply.system_fingerprint, str) else "")
        return Answer(status, reply)

    @property
    def answers_as(self) -> str:
        """The one name of all answers; "" where there is none or several."""
        return _only(self.served)[:200]

    @property
    def system_fingerprint(self) -> str:
        """The one fingerprint of all answers; "" where there is none or several."""
        return _only(self.fingerprints)[:200]


@dataclass(frozen=True)
class Answer:
    """What came back: the status (None if nothing did) and the completion, if it is one."""

    status: int | None
    reply: Reply | None

    @property
    def is_refusal(self) -> bool:
        """Whether the server understood and declined."""
        return self.status is not None and self.status != 200


def dialects(asker: Asker) -> dict[str, str]:
    """For each dialect: enforced, works (taken but ignored), refused or unknown. Raises Unavailable where none works."""
    found = {dialect: _dialect(asker, dialect) for dialect in DIALECTS}
    if not {"enforced", "works"} & set(found.values()):
        raise Unavailable(f"The model server at {asker.base_url} cannot be used. {asker.trouble}")
    return found


def strictest(found: dict[str, str]) -> str:
    """The dialect to use: the strictest that is enforced, else the strictest that is taken."""
    return next(dialect for how in ("enforced", "works") for dialect in DIALECTS if found[dialect] == how)


def repeat(asker: Asker) -> tuple[str, str]:
    """Whether log probabilities are told (yes, no, unknown), and whether a seed repeats an answer (repeats, varies, unknown)."""
    body = {"messages": REPEATED, "temperature": 1.0, "seed": 7, "max_tokens": 24}
    first = asker.ask(body | {"logprobs": True, "top_logprobs": 3})
    logprobs = "no" if first.is_refusal else UNKNOWN
    if first.reply is not None:
        logprobs = "yes" if first_logprobs(first.reply) else "no"
    answers = [first if first.reply else asker.ask(body), asker.ask(body)]
    texts = [answer.reply.text for answer in answers if answer.reply]
    return logprobs, UNKNOWN if len(texts) < 2 else "repeats" if texts[0] == texts[1] else "varies"


def unknown_model(asker: Asker) -> str:
    """Whether a model that no server has is refused or accepted."""
    answer = asker.ask({"model": NO_SUCH_MODEL, "messages": SHORT, "max_tokens": 1})
    return "accepted" if answer.reply else "refused" if answer.is_refusal else UNKNOWN


def overflow(asker: Asker, *, context_length: int | None) -> tuple[str, int | None]:
    """What happens to a question longer than the context: refused, truncated, accepted or unknown; and how many tokens of it were read."""
    words = (context_length or UNTOLD_CONTEXT) * 5 // 4
    if words > LARGEST_TRIED * 5 // 4:
        return "too large", None
    answer = asker.ask({"messages": [{"role": "user", "content": FILLER * words}], "max_tokens": 1})
    if answer.reply is None:
        return "refused" if answer.is_refusal else UNKNOWN, None
    read = usage_of(answer.reply)
    if read is None:
        return UNKNOWN, None
    return ("truncated", read) if read < words * 0.95 else ("accepted", None)


def _dialect(asker: Asker, dialect: str) -> str:
    endpoint = Endpoint(asker.base_url, asker.model, dialect, {"temperature": 0, "max_tokens": 40}, UNTOLD_CONTEXT)
    answer = asker.ask(model_client.request_body(endpoint=endpoint, messages=AGAINST_THE_SCHEMA, schema=SCHEMA, dialect=dialect))
    if answer.reply is None:
        return "refused" if answer.is_refusal else UNKNOWN
    if answer.reply.only_reasoned:
        asker.trouble = "It answers in its reasoning only; turn reasoning off at the server."
        return UNKNOWN
    if not answer.reply.text.strip():
        asker.trouble = "Its answer is empty."
        return UNKNOWN
    return "enforced" if dialect != "text" and _fits(answer.reply.text, dialect) else "works"


def _fits(text: str, dialect: str) -> bool:
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    if dialect == "json_object":
        return isinstance(value, dict)
    return isinstance(value, dict) and set(value) == {"fruit"} and value["fruit"] in {"kiwi", "plum"}


def _reply(text: str) -> Reply | None:
    try:
        return Reply.model_validate(json.loads(text, strict=False))
    except (ValidationError, ValueError, RecursionError):
        return None


def _only(names: list[str]) -> str:
    return names[0] if len(set(names)) == 1 else ""
