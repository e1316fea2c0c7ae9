"""One POST to a webhook's address, guarded like every request that an admin's address leads to (drafting/connectors/guarded_http.py)."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from django.utils import timezone

from drafting.connectors import waiting
from drafting.errors import Refused, Unavailable
from review.models import Delivery
from review.webhooks import signing

SECONDS = 15
"""For the whole of one try."""
MOST_BYTES = 64 * 1024
"""Nothing of an answer is read but its status and headers; no more than this is taken off the line."""
LONGEST_ASKED = 3600


class Answer(NamedTuple):
    """What came of a try: the status (None: no answer), what went wrong in words ("": taken), the pause in seconds that was asked for."""

    status: int | None
    error: str = ""
    pause: int = 0


def post(delivery: Delivery) -> Answer:
    """Post an event to its webhook, signed now."""
    webhook = delivery.webhook
    body = json.dumps(delivery.payload, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Connection": "close"}
    headers |= signing.headers(webhook, event_id=delivery.event_id, at=timezone.now(), body=body)
    try:
        status, said = waiting.run(lambda: _post(webhook.url, body, headers), seconds=SECONDS)
    except TimeoutError:
        return Answer(None, f"The receiver did not answer within {SECONDS} seconds.")
    except (Unavailable, Refused) as error:
        return Answer(None, str(error))
    return Answer(status, _judge(status), _pause(said))


async def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Mapping[str, str]]:
    import httpx2

    from drafting.connectors import guarded_http

    async with guarded_http.client(name="The receiver", max_bytes=MOST_BYTES, headers=headers) as client:
        try:
            async with client.stream("POST", url, content=body) as response:
                return response.status_code, dict(response.headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable(f"The receiver cannot be reached ({type(error).__name__}).") from error


def _judge(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver redirects (status {status}), which is not followed. Write the address that it leads to into the webhook."
    return f"The receiver answered with status {status}."


def _pause(said: Mapping[str, str]) -> int:
    seconds = said.get("retry-after", "")
    return min(int(seconds), LONGEST_ASKED) if seconds.isascii() and seconds.isdigit() and len(seconds) < 8 else 0
