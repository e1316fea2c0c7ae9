"""Well-known open instruct models on three servers: what to fill in, and the command that starts the server with its weights pinned.

Plain data. Names of models, files and options are as their makers document them; what is only our recommendation is said in CAVEAT.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CAVEAT = (
    "Context lengths, sampling and quantisation are recommendations that we could not try on these models; the probe and a replay of your "
    "own past mail show what they do for you. Put the commit of the model page where a command says COMMIT, and read the licence."
)
SAMPLING: dict[str, Any] = {"temperature": 0, "seed": 7, "max_tokens": 1500}
"""The likeliest words each time: drafts are to state facts, and a setup is easier to compare. Makers often recommend more for chat."""
CONTEXT = 16_384
"""Tokens; a long mail with history and evidence rarely needs more, and memory grows with it."""


@dataclass(frozen=True)
class Preset:
    """What fills the form for a new setup. `context_length` is in tokens; `command` starts the server."""

    key: str
    name: str
    server: str
    base_url: str
    model: str
    context_length: int
    sampling: dict[str, Any]
    quantisation: str
    command: str
    notes: str


@dataclass(frozen=True)
class _Model:
    key: str
    name: str
    repository: str
    gguf_repository: str
    gguf_file: str
    ollama: str
    notes: str


_MODELS = (
    _Model(
        "mistral-nemo-12b",
        "Mistral Nemo 12B Instruct 2407",
        "mistralai/Mistral-Nemo-Instruct-2407",
        "lmstudio-community/Mistral-Nemo-Instruct-2407-GGUF",
        "Mistral-Nemo-Instruct-2407-Q4_K_M.gguf",
        "mistral-nemo:12b-instruct-2407-q4_K_M",
        "Apache 2.0, good in European languages; its maker recommends low temperatures.",
    ),
    _Model(
        "qwen2.5-7b",
        "Qwen2.5 7B Instruct",
        "Qwen/Qwen2.5-7B-Instruct",
        "lmstudio-community/Qwen2.5-7B-Instruct-GGUF",
        "Qwen2.5-7B-Instruct-Q4_K_M.gguf",
        "qwen2.5:7b-instruct-q4_K_M",
        "Apache 2.0, small; suits categories of simple mail.",
    ),
    _Model(
        "qwen2.5-14b",
        "Qwen2.5 14B Instruct",
        "Qwen/Qwen2.5-14B-Instruct",
        "lmstudio-community/Qwen2.5-14B-Instruct-GGUF",
        "Qwen2.5-14B-Instruct-Q4_K_M.gguf",
        "qwen2.5:14b-instruct-q4_K_M",
        "Apache 2.0.",
    ),
    _Model(
        "llama3.1-8b",
        "Llama 3.1 8B Instruct",
        "meta-llama/Llama-3.1-8B-Instruct",
        "lmstudio-community/Meta-Llama-3.1-8B-Instruct-GGUF",
        "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf",
        "llama3.1:8b-instruct-q4_K_M",
        "Llama 3.1 Community Licence; its page wants you to agree first.",
    ),
    _Model(
        "gemma3-12b",
        "Gemma 3 12B",
        "google/gemma-3-12b-it",
        "lmstudio-community/gemma-3-12b-it-GGUF",
        "gemma-3-12b-it-Q4_K_M.gguf",
        "gemma3:12b-it-q4_K_M",
        "Gemma Terms of Use; its page wants you to agree first. Its template puts the system message into the first user message.",
    ),
)


def _on_vllm(model: _Model) -> Preset:
    # Without the last option vLLM adds sampling defaults of the model's own repository, which the setup would not know of.
    command = (
        f"vllm serve {model.repository} --revision COMMIT --tokenizer-revision COMMIT \\\n"
        f"  --max-model-len {CONTEXT} --port 8001 --generation-config vllm"
    )
    notes = f"{model.notes} Unquantised, so it wants a large GPU."
    return Preset(
        f"vllm-{model.key}", model.name, "vLLM", "http://127.0.0.1:8001/v1", model.repository, CONTEXT, SAMPLING, "", command, notes
    )


def _on_llama_cpp(model: _Model) -> Preset:
    command = (
        f"hf download {model.gguf_repository} {model.gguf_file} --revision COMMIT --local-dir models\n"
        f"llama-server --model models/{model.gguf_file} --alias {model.key} --jinja \\\n"
        f"  --ctx-size {CONTEXT} --parallel 1 --port 8080"
    )
    notes = f"{model.notes} The context is shared by the parallel slots: with --parallel 4, give four times the --ctx-size."
    return Preset(
        f"llama.cpp-{model.key}",
        model.name,
        "llama.cpp",
        "http://127.0.0.1:8080/v1",
        model.key,
        CONTEXT,
        SAMPLING,
        "Q4_K_M",
        command,
        notes,
    )


def _on_ollama(model: _Model) -> Preset:
    own_name = f"countersign-{model.key}:16k"
    command = (
        f"ollama pull {model.ollama}\n"
        f"printf 'FROM {model.ollama}\\nPARAMETER num_ctx {CONTEXT}\\n' > Modelfile\n"
        f"ollama create {own_name} -f Modelfile"
    )
    notes = f"{model.notes} Ollama's tags can move; the digest that the probe reads is what is pinned."
    return Preset(
        f"ollama-{model.key}", model.name, "Ollama", "http://127.0.0.1:11434/v1", own_name, CONTEXT, SAMPLING, "Q4_K_M", command, notes
    )


def _all() -> Iterator[Preset]:
    for model in _MODELS:
        yield from (_on_vllm(model), _on_llama_cpp(model), _on_ollama(model))


PRESETS = tuple(_all())


def find(key: str) -> Preset | None:
    """The preset of this key."""
    return next((preset for preset in PRESETS if preset.key == key), None)
