"""A language model of a few hundred kilobytes with random weights: it loads and answers like any other, and talks nonsense."""

from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, HIDDEN, LAYERS = 64, 4, 128, 2
CONTEXT = 32_768
CONTROL = ["<unk>", "<s>", "</s>"]
CHAT_TEMPLATE = "{% for message in messages %}<s>{{ message['role'] }}: {{ message['content'] }}</s>{% endfor %}assistant: "


def write(path: Path, *, seed: int = 1) -> Path:
    """Write the model as a GGUF file, with a vocabulary of single bytes; the same seed gives the same weights."""
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer)
    _add_vocabulary(writer)
    for name, shape in _tensors().items():
        _add_tensor(writer, name, shape, seed=seed)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _describe(writer: gguf.GGUFWriter) -> None:
    writer.add_name("random")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(_vocabulary_size())
    writer.add_chat_template(CHAT_TEMPLATE)


def _add_vocabulary(writer: gguf.GGUFWriter) -> None:
    """SentencePiece with nothing but bytes: unknown, begin and end, then <0x00> to <0xFF>."""
    writer.add_tokenizer_model("llama")
    writer.add_token_list([*CONTROL, *(f"<0x{byte:02X}>" for byte in range(256))])
    writer.add_token_scores([0.0] * _vocabulary_size())
    types = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    writer.add_token_types([*types, *([gguf.TokenType.BYTE] * 256)])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)


def _add_tensor(writer: gguf.GGUFWriter, name: str, shape: tuple[int, ...], *, seed: int) -> None:
    if name.endswith("norm.weight"):
        writer.add_tensor(name, np.ones(shape, dtype=np.float32))
        return
    random = np.random.default_rng([seed, *name.encode()])
    writer.add_tensor(name, random.normal(0, 0.3, shape).astype(np.float32))


def _tensors() -> dict[str, tuple[int, ...]]:
    """Names and shapes that llama.cpp expects, outermost dimension first."""
    tensors: dict[str, tuple[int, ...]] = {"token_embd.weight": (_vocabulary_size(), WIDTH), "output_norm.weight": (WIDTH,)}
    tensors["output.weight"] = (_vocabulary_size(), WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        tensors |= {f"{block}{norm}.weight": (WIDTH,) for norm in ("attn_norm", "ffn_norm")}
        tensors |= {f"{block}attn_{part}.weight": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
        tensors |= {f"{block}ffn_{part}.weight": (HIDDEN, WIDTH) for part in ("gate", "up")}
        tensors[f"{block}ffn_down.weight"] = (WIDTH, HIDDEN)
    return tensors


def _vocabulary_size() -> int:
    return len(CONTROL) + 256
