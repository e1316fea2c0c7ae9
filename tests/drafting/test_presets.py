"""The well-known models that fill the form for a new setup."""

import re

import pytest

from drafting import presets
from drafting.presets import PRESETS, Preset
from drafting.probing.servers import QUANTISATION


def test_mistral_nemo_comes_first_on_every_server() -> None:
    assert {preset.name for preset in PRESETS[:3]} == {"Mistral Nemo 12B Instruct 2407"}
    assert [preset.server for preset in PRESETS[:3]] == ["vLLM", "llama.cpp", "Ollama"]


def test_a_preset_is_found_by_its_key() -> None:
    assert len({preset.key for preset in PRESETS}) == len(PRESETS)
    assert all(presets.find(preset.key) is preset for preset in PRESETS)
    assert presets.find("") is None


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_the_command_starts_what_the_form_asks_for(preset: Preset) -> None:
    assert preset.model in preset.command
    assert str(preset.context_length) in preset.command
    port = re.search(r":(\d+)/v1$", preset.base_url)
    assert port is not None
    assert preset.server == "Ollama" or f"--port {port[1]}" in preset.command


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_the_weights_are_pinned_by_revision_or_by_digest(preset: Preset) -> None:
    assert "--revision COMMIT" in preset.command or (preset.server == "Ollama" and "digest" in preset.notes)


@pytest.mark.parametrize("preset", [each for each in PRESETS if each.server == "llama.cpp"], ids=lambda preset: preset.key)
def test_the_quantisation_of_a_file_is_the_one_its_name_says(preset: Preset) -> None:
    assert QUANTISATION.findall(preset.command.split()[3])[-1] == preset.quantisation


def test_what_could_not_be_tried_is_said() -> None:
    assert "recommendations that we could not try" in presets.CAVEAT
