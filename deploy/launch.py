"""What deploy/run does once Python is there: services, migrations, the demo company, and all parts under one supervisor."""

import argparse
import contextlib
import fcntl
import os
import random
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy import env, services

PORTS = ("web", "postbox", "imap", "smtp", "systems", "standin")
"""The parts that listen on this machine; they take consecutive ports from --port on."""


def main() -> int:
    """Run until Ctrl-C. Returns the exit code."""
    options = parse(sys.argv[1:])
    if options.smoke or options.rough:
        return try_out(rough=options.rough)
    data = Path(env.text("COUNTERSIGN_DATA", str(Path.cwd() / ".data"))).resolve()
    with locked(data):
        if options.reset:
            reset(data)
        configure(data, first_port=options.port, demo=not options.empty)
        with services.started(data):
            prepare()
            from django.core.management import call_command

            call_command("up")
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of deploy/run."""
    parser = argparse.ArgumentParser(prog="deploy/run", description="Run Countersign on this machine, with a made-up company to try it on.")
    parser.add_argument(
        "--port", type=port_number, default=8000, help="where the web side listens (default 8000); the five ports after it are used too"
    )
    parser.add_argument("--empty", action="store_true", help="without the demo company: your own mailbox, your own model")
    parser.add_argument("--reset", action="store_true", help="throw away all data first and start over")
    parser.add_argument("--smoke", action="store_true", help="try the main job once in a temporary folder, print each step, and stop")
    parser.add_argument("--rough", action="store_true", help="the same while workers are killed and Redis is emptied")
    return parser.parse_args(arguments)


def port_number(text: str) -> int:
    """The number of a port that has room for the others after it."""
    if not text.isdecimal() or not 0 < int(text) < 65536 - len(PORTS):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; choose a number from 1 to {65535 - len(PORTS)}")
    return int(text)


def configure(data: Path, *, first_port: int, demo: bool) -> None:
    """Set the environment that the parts share, and stop with a sentence where a port is taken."""
    env.make_secret(data / "secret_key")
    used = PORTS if demo else PORTS[:1]
    for offset, name in enumerate(used):
        check_port(first_port + offset, what=name)
    os.environ["COUNTERSIGN_DATA"] = str(data)
    os.environ["WEB_PORT"] = str(first_port)
    os.environ["DJANGO_SETTINGS_MODULE"] = "deploy.settings"
    if demo:
        configure_demo(first_port)


def configure_demo(first_port: int) -> None:
    """The demo's mail servers, postbox and systems, and the stand-in model unless MODEL_BASE_URL names another."""
    os.environ["COUNTERSIGN_DEMO"] = "1"
    os.environ.setdefault("COUNTERSIGN_BANNER", "Demo: this company, its customers and its mail are made up.")
    for offset, name in enumerate(PORTS[1:-1], start=1):
        os.environ[f"DEMO_{name.upper()}_PORT"] = str(first_port + offset)
    listed = os.environ.get("CONNECTOR_HOSTS", "")
    os.environ["CONNECTOR_HOSTS"] = ",".join(filter(None, [listed, f"127.0.0.1:{os.environ['DEMO_SYSTEMS_PORT']}"]))
    if "MODEL_BASE_URL" not in os.environ:
        os.environ["STANDIN_PORT"] = str(first_port + len(PORTS) - 1)
        os.environ["MODEL_BASE_URL"] = f"http://127.0.0.1:{os.environ['STANDIN_PORT']}/v1"
        os.environ["MODEL_NAME"] = "stand-in-1"


def prepare() -> None:
    """Check the database and bring its tables up to date."""
    services.check_database()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def check_port(port: int, *, what: str) -> None:
    """Stop with one sentence where `port` on this machine is taken."""
    if not is_free(port):
        env.stop(f"port {port}, wanted for {what}, is taken; choose others with deploy/run --port NUMBER, such as --port {port + 100}.")


def is_free(port: int) -> bool:
    """Whether a server could listen on `port`. A connection that merely leaves from it takes it as well."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def locked(data: Path) -> Iterator[None]:
    """Only one run uses `data` at a time."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            env.stop(f"another deploy/run uses {data} already; stop it with Ctrl-C in its terminal first.")
        yield


def reset(data: Path) -> None:
    """Throw away all that runs before have kept, but for the lock that is held."""
    if env.is_set("DATABASE_URL"):
        env.stop("--reset does not empty a database of your own; drop and create it again, or unset DATABASE_URL.")
    if (data / "postgres").exists():
        services.stop_postgres(data / "postgres")
    for path in data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def try_out(*, rough: bool) -> int:
    """The main job once, on free ports, with everything in a temporary folder."""
    for name in ("DATABASE_URL", "REDIS_URL", "MODEL_BASE_URL"):
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    folder = Path(tempfile.mkdtemp(prefix="countersign-smoke-"))
    folder.chmod(0o755)
    try:
        configure(folder, first_port=free_ports(len(PORTS)), demo=True)
        with services.started(folder):
            prepare()
            from deploy.smoke import run

            return run(rough=rough)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> int:
    """The first of `count` consecutive ports that are free now, below those that systems give to outgoing connections (32768 and up)."""
    while True:
        first = random.randrange(20_000, 32_000)  # noqa: S311
        if all(is_free(first + offset) for offset in range(count)):
            return first


if __name__ == "__main__":
    sys.exit(main())
