"""What kind of server it is and what it tells of itself, read from addresses that only one kind has. Names are never trusted for that."""

import hashlib
import re
import time
from functools import partial
from pathlib import PurePath
from typing import Any, Protocol

from drafting import model_client
from drafting.findings import Server
from drafting.model_replies import ModelCard

STANDIN = "countersign-standin"
KINDS = ("llama.cpp", "ollama", "vllm")
"""Those that are known by what they answer; of others, only the word of the models list is kept."""
LOOK_SECONDS = 5.0
QUANTISATION = re.compile(r"(?i)(?<![a-z0-9])(i?q\d\w*|bf16|f16|f32|mxfp4)(?![a-z0-9])")
"""As GGUF files are named (ggml's naming convention): Q4_K_M, IQ3_XS, F16 …"""


class Look(Protocol):
    """Reads the JSON at a path of one server; None where there is none."""

    def __call__(self, path: str, *, body: dict[str, Any] | None = None) -> Any: ...


def identify(*, base_url: str, card: ModelCard, deadline: float) -> Server:
    """What the server says of itself and the model of `card`. Never raises: what it does not tell stays unknown."""
    look = partial(_look, base_url, deadline)
    for read in (_llama_cpp, _ollama, _vllm):
        if card.owned_by != STANDIN and (server := read(look, card)):
            return server
    return Server(kind=card.owned_by[:80], context_length=card.max_model_len)


def _look(base_url: str, deadline: float, path: str, *, body: dict[str, Any] | None = None) -> Any:
    return model_client.look(base_url=base_url, path=path, body=body, deadline=min(deadline, time.monotonic() + LOOK_SECONDS))


def _llama_cpp(look: Look, card: ModelCard) -> Server | None:
    """`/props` (llama.cpp, tools/server/README.md); the context is that of one slot. It tells no digest of the file."""
    props = _object(look("/props"))
    if "default_generation_settings" not in props:
        return None
    file = PurePath(_text(props, "model_path").replace("\\", "/")).name
    size = _number(_object(card.meta), "size")
    quantisation = QUANTISATION.findall(file)
    return Server(
        kind="llama.cpp",
        version=_text(props, "build_info"),
        weights=f"{file} ({size:,} bytes)" if size else file,
        quantisation=quantisation[-1] if quantisation else "",
        chat_template=_hash(_text(props, "chat_template", most=1_000_000)),
        context_length=_number(_object(props["default_generation_settings"]), "n_ctx"),
    )


def _ollama(look: Look, card: ModelCard) -> Server | None:
    """`/api/version`, `/api/tags`, `/api/show` and `/api/ps` (Ollama, docs/api.md). Only a loaded model has a context for certain."""
    version = _object(look("/api/version"))
    tags = _named(look("/api/tags"), card.id)
    if not version or not tags:
        return None
    show = _object(look("/api/show", body={"model": card.id}))
    asked = re.search(r"(?m)^num_ctx\s+(\d{1,9})\s*$", _text(show, "parameters", most=20_000))
    digest = _text(tags, "digest")
    return Server(
        kind="ollama",
        version=_text(version, "version"),
        weights=f"sha256:{digest.removeprefix('sha256:')}" if digest else "",
        quantisation=_text(_object(show.get("details") or tags.get("details")), "quantization_level"),
        chat_template=_hash(_text(show, "template", most=1_000_000)),
        context_length=_number(_named(look("/api/ps"), card.id), "context_length") or (int(asked[1]) if asked else None),
    )


def _vllm(look: Look, card: ModelCard) -> Server | None:
    """`/version` and what the models list adds: `root` is the repository or folder of the weights, `max_model_len` the context."""
    version = _text(_object(look("/version")), "version")
    if not version or card.max_model_len is None:
        return None
    return Server(kind="vllm", version=version, weights=(card.root or "")[:200], context_length=card.max_model_len)


def _named(value: Any, model: str) -> dict[str, Any]:
    """The entry of `model` in one of Ollama's lists, where a name without a tag means ":latest"."""
    rows = _object(value).get("models")
    named = [_object(row) for row in rows] if isinstance(rows, list) else []
    names = {model, f"{model}:latest"}
    return next((row for row in named if names & {_text(row, "name"), _text(row, "model")}), {})


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: dict[str, Any], name: str, *, most: int = 200) -> str:
    found = value.get(name)
    return found.replace("\0", "")[:most] if isinstance(found, str) else ""


def _number(value: dict[str, Any], name: str) -> int | None:
    found = value.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest() if text else ""
