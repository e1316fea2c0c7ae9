"""Pin, probe, check, activate, renew and list setups."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafting import canaries, pinning, presets, setups
from drafting.errors import Refused, Unavailable
from drafting.findings import sentences
from drafting.models import CanaryRun, Category, Setup


class Command(BaseCommand):
    """`setup add|probe|canary|activate|repin|list|show|presets`."""

    help = "Pins what writes the drafts (model server, model, sampling, prompts, rules …) and says which setup is active."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        _add_arguments_of_add(commands.add_parser("add", help="probe a model server, pin it and make it the active setup"))
        probe = commands.add_parser("probe", help="ask a setup's model server what it can do and what it tells of itself")
        _add_number(probe)
        canary = commands.add_parser("canary", help="check that a setup's model is still the one that was pinned")
        _add_number(canary)
        activate = commands.add_parser("activate", help="switch to a setup that was pinned before")
        activate.add_argument("number", type=int, nargs="?")
        activate.add_argument("--category", default="", help="only for the mails of this category (its short name)")
        activate.add_argument("--default", action="store_true", help="with --category: return it to the default setup")
        commands.add_parser("repin", help="pin what runs here now with the same model servers, and make it active")
        commands.add_parser("list", help="all setups, the newest first")
        show = commands.add_parser("show", help="a setup part by part, with what runs differently now")
        _add_number(show)
        commands.add_parser("presets", help="well-known models, with the commands that start their servers")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except Refused as error:
            raise CommandError(str(error)) from error

    def _add(self, options: dict[str, Any]) -> None:
        given = _given(options)
        if not given["base_url"] or not given["model"]:
            raise CommandError("Say which server and model: setup add --base-url http://127.0.0.1:8080/v1 --model NAME.")
        try:
            setup = pinning.pin(**given, by=None, say=lambda words: self.stdout.write(f"{words} …"))
        except (Unavailable, Refused) as error:
            raise CommandError(f"{error} Nothing was pinned.") from error
        self.stdout.write(f"{setup} is pinned: {setup.model} at {setup.base_url}, fingerprint {setup.fingerprint[:12]}.")
        if newest := setup.canary_runs.order_by("-pk").first():
            self.stdout.write(f"Canaries: {newest.words}")
        if not options["no_activate"]:
            self._switch(setup, None)

    def _probe(self, options: dict[str, Any]) -> None:
        setup = self._setup(options["number"])
        try:
            found = pinning.probe_again(setup=setup, by=None, say=lambda words: self.stdout.write(f"{words} …"))
        except Unavailable as error:
            raise CommandError(str(error)) from error
        for name, words in sentences(found.as_json()):
            self.stdout.write(f"  {name:<20} {words}")

    def _canary(self, options: dict[str, Any]) -> None:
        run = canaries.check(self._setup(options["number"]))
        self.stdout.write(f"{run.setup}: {run.get_result_display()}. {run.words}")
        for one in run.differences:
            self.stdout.write(f"  {one.get('part') or 'canary ' + str(one['position'])}: pinned {one['expected']!r}, now {one['got']!r}")
        if run.result != CanaryRun.Result.SAME:
            raise CommandError(
                "Nothing is sent automatically while the canaries differ." if run.differences else "The server did not answer."
            )

    def _activate(self, options: dict[str, Any]) -> None:
        category = self._category(options["category"])
        if options["default"] and category:
            setups.return_to_default(category=category, by=None)
            self.stdout.write(f"The default setup drafts for {category} again.")
            return
        if options["number"] is None:
            raise CommandError("Say which setup: setup activate NUMBER; setup list shows those there are.")
        self._switch(self._setup(options["number"]), category)

    def _repin(self, options: dict[str, Any]) -> None:
        before = setups.active()
        setup = setups.repin(by=None)
        self.stdout.write("What runs is what was pinned; nothing changed." if setup == before else f"{setup} is active now.")

    def _list(self, options: dict[str, Any]) -> None:
        active, own = setups.active(), {setup.pk: pk for pk, setup in setups.own_setups().items()}
        for setup in Setup.objects.order_by("-pk"):
            mark = "active" if setup == active else "partly" if setup.pk in own else "      "
            self.stdout.write(f"{setup.pk:>4}  {mark}  {setup.fingerprint[:12]}  {setup.model} at {setup.base_url}")

    def _show(self, options: dict[str, Any]) -> None:
        setup = self._setup(options["number"])
        different = setups.differences(setup)
        self.stdout.write(f"{setup}, fingerprint {setup.fingerprint}")
        for part, value in sorted(setup.parts.items()):
            self.stdout.write(f"  {part:<15} {value}{'   (differs from what runs now)' if part in different else ''}")
        if "canaries" in different:
            self.stdout.write("  Its canaries differ: the model server no longer answers as when it was pinned.")

    def _presets(self, options: dict[str, Any]) -> None:
        self.stdout.write(presets.CAVEAT)
        for preset in presets.PRESETS:
            self.stdout.write(f"\n{preset.key}: {preset.name} on {preset.server}. {preset.notes}\n{preset.command}")

    def _setup(self, number: int | None) -> Setup:
        setup = setups.active() if number is None else Setup.objects.filter(pk=number).first()
        if setup is None and number is None:
            raise CommandError("No setup is active; add one with setup add.")
        if setup is None:
            raise CommandError(f"There is no setup {number}; setup list shows those there are.")
        return setup

    def _category(self, slug: str) -> Category | None:
        category = Category.objects.filter(slug=slug).first()
        if slug and category is None:
            known = ", ".join(Category.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no category {slug}; there are: {known}.")
        return category

    def _switch(self, setup: Setup, category: Category | None) -> None:
        if wrong := setups.unusable(setup):
            raise CommandError(f"{wrong}, so it cannot draft. Pin it anew with setup add.")
        setups.activate(setup=setup, by=None, category=category)
        self.stdout.write(f"{setup} is active now{f' for {category}' if category else ''}.")


def _add_number(parser: ArgumentParser) -> None:
    parser.add_argument("number", type=int, nargs="?", help="the active one if left out")


def _add_arguments_of_add(add: ArgumentParser) -> None:
    add.add_argument("--preset", choices=[preset.key for preset in presets.PRESETS], help="see setup presets; other options come first")
    add.add_argument("--base-url", default="", help="such as http://127.0.0.1:8080/v1")
    add.add_argument("--model", default="", help="as the server's models list names it")
    add.add_argument("--weights", default="", help="digest or declared revision of the weights, where the server tells none")
    add.add_argument("--weights-file", type=Path, help="a file of weights on this machine, to take the digest of")
    add.add_argument("--quantisation", default="", help="where the server tells none")
    add.add_argument("--context-length", type=int, help="in tokens; asked from the server, else 8192")
    add.add_argument("--guard-base-url", default="", help="server of a guard model, which may only add flags")
    add.add_argument("--guard-model", default="", help="such as llama-guard3:8b")
    add.add_argument("--guard-weights", default="")
    add.add_argument("--no-activate", action="store_true", help="only pin it")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `pinning.pin`: what was said, else the preset, else the environment."""
    preset = presets.find(options["preset"] or "")
    weights = _digest(options["weights_file"]) if options["weights_file"] else options["weights"]
    guard_base_url = options["guard_base_url"] or (options["base_url"] if options["guard_model"] else "")
    return {
        "base_url": options["base_url"] or (preset.base_url if preset else settings.MODEL_BASE_URL),
        "model": options["model"] or (preset.model if preset else settings.MODEL_NAME),
        "weights": weights,
        "quantisation": options["quantisation"],
        "context_length": options["context_length"] or (preset.context_length if preset else None),
        "sampling": preset.sampling if preset else None,
        "guard_base_url": guard_base_url,
        "guard_model": options["guard_model"],
        "guard_weights": options["guard_weights"],
    }


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror}).") from error
