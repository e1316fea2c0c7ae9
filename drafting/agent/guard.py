"""The guard model: a second model reads mail and reply. It can only add flags, never remove one."""

from dataclasses import replace

from drafting.agent.mail import Mail
from drafting.agent.run import Run, Unreadable
from drafting.endpoints import Endpoint
from drafting.errors import NoAnswer, Unavailable
from drafting.models import ModelCall

SECONDS = 30.0
MOST_FLAGS = 12


def flags(run: Run, *, endpoint: Endpoint, mail: Mail, body: str) -> list[str]:
    """What the guard model has against the reply; nothing where it says "safe".

    Llama Guard and its kin read a conversation and answer "safe", or "unsafe" and the codes of what they found in a second line. Anything
    else is a flag, and so is no answer: the reply then needs a person.
    """
    theirs = "\n\n".join(filter(None, (mail.subject, mail.text, mail.written.said)))
    messages = [{"role": "user", "content": theirs}, {"role": "assistant", "content": body}]
    plain = replace(endpoint, dialect="text")
    try:
        verdict = run.complete(
            endpoint=plain, purpose=ModelCall.Purpose.GUARD, messages=messages, schema={}, read=str.strip, seconds=SECONDS
        )
    except (NoAnswer, Unavailable, Unreadable) as error:
        return [f"guard not asked: {error}"]
    return _flags(verdict)


def _flags(verdict: str) -> list[str]:
    first, _, rest = verdict.partition("\n")
    if verdict.lower() == "safe":
        return []
    if first.strip().lower() == "unsafe":
        codes = [code.strip()[:40] for code in rest.replace("\n", ",").split(",") if code.strip()]
        return codes[:MOST_FLAGS] or ["unsafe"]
    return [f"unclear answer: {verdict[:80]}"]
