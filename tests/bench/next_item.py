"""From a decision to the next item: `python -m tests.bench.next_item`.

Deciding by key in a real browser, and how long until the next mail is painted: as soon as it can be read, and until it is there with its
buttons. Beside it stand the server's answer to the same decisions, and a bare file from the same server, in the same run: on a machine with
other work all of them are slower. PostgreSQL and the server (Gunicorn, as in the product) run for this alone.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page

from deploy import services

ROOT = Path(__file__).resolve().parents[2]
PORT = 8971
ADDRESS = f"http://127.0.0.1:{PORT}"
FILE = f"{ADDRESS}/static/review/mark.svg"
WARM_UP = 3
SETTLE = 800
"""Milliseconds for which somebody looks at a mail before they decide; keys pressed sooner are not taken (see keys.js)."""
TIMES = """
() => new Promise((done) => {
  const before = document.getElementById("item").dataset.draft;
  const said = {};
  const painted = (name) => requestAnimationFrame(() => setTimeout(() => {
    said[name] ??= performance.now() - window.pressed;
    if (said.there) done(said);
  }));
  addEventListener("keydown", (event) => (window.pressed = event.timeStamp), { capture: true, once: true });
  const look = () => {
    const [item, ahead] = [document.getElementById("item"), document.getElementById("item-ahead")];
    if (ahead || (item && item.dataset.draft !== before)) painted("read");
    if (!ahead && item && item.dataset.draft !== before) {
      observer.disconnect();
      painted("there");
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.querySelector("main"), { childList: true });
  setTimeout(() => done(said), 10_000);
})
"""
BARE = """
async ([address, n]) => {
  const times = [];
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    await (await fetch(`${address}?${i}`, { cache: "no-store" })).text();
    times.push(performance.now() - began);
  }
  return times;
}
"""
POSTS = """
() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/approve/"))
  .map((one) => [one.responseEnd - one.requestStart, one.encodedBodySize, one.decodedBodySize])
"""


def main() -> None:
    """Measure and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=30, help="how many mails are decided")
    parser.add_argument("--conversations", type=int, default=2000, help="made-up history behind the queue")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="countersign-next-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        try:
            os.environ |= {
                "DATABASE_URL": services.start_postgres(Path(folder) / "postgres"),
                "REDIS_URL": "redis://127.0.0.1:1/0",
                "COUNTERSIGN_DATA": f"{folder}/data",
                "DJANGO_SETTINGS_MODULE": "deploy.settings",
                "SECRET_KEY": "only for measuring",
                "LOG_LEVEL": "ERROR",
            }
            cookies = _fill(options)
            with _server():
                _measure(cookies, options.decisions)
        finally:
            services.stop_postgres(Path(folder) / "postgres")


def _fill(options: argparse.Namespace) -> dict[str, str]:
    """Make history and a reviewer, and say the cookies with which they are signed in."""
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    from tests.bench.visits import Browser

    call_command("migrate", verbosity=0)
    call_command("make_load", conversations=options.conversations, waiting=options.decisions * 4, stdout=sys.stderr)
    user = User.objects.create_user("reviewer")
    user.groups.add(Group.objects.get_or_create(name="reviewer")[0])
    return dict(cookie.split("=", 1) for cookie in Browser(user).cookies.split("; "))


@contextmanager
def _server() -> Iterator[None]:
    """The web side as the product runs it (see `up`)."""
    command = [sys.executable, "-m", "gunicorn", "deploy.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2", "--threads", "4"]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT)
    try:
        _wait_for_port()
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for_port() -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{ADDRESS} does not answer.")


def _measure(cookies: dict[str, str], n: int) -> None:
    from tests.browser.chromium import chromium

    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": ADDRESS} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(f"{ADDRESS}/queue/?gate=passed")
        page.keyboard.press("j")
        page.wait_for_selector("#item[data-draft]")
        found = [_decide(page) for _ in range(WARM_UP + n)][WARM_UP:]
        posts = page.evaluate(POSTS)[WARM_UP:]
        bare = page.evaluate(BARE, [FILE, n])
    tell("key to the next mail, to be read", [one["read"] for one in found])
    tell("key to the next mail, to be decided", [one["there"] for one in found])
    tell("the server's answer to it", [post[0] for post in posts])
    tell("a bare file, for comparison", bare)
    sizes = [median(post[place] for post in posts) for place in (1, 2)]
    sys.stdout.write(f"an answer has {sizes[0]:,.0f} bytes on the line, {sizes[1]:,.0f} as HTML\n")


def _decide(page: Page) -> dict[str, float]:
    page.wait_for_timeout(SETTLE)
    page.evaluate(f"window.found = ({TIMES})(); undefined")
    page.keyboard.press("a")
    found: dict[str, float] = page.evaluate("window.found")
    return found


def tell(name: str, milliseconds: list[float]) -> None:
    """A line of the table."""
    sys.stdout.write(f"{name:<40}p50 {median(milliseconds):>6.0f} ms   p95 {quantiles(milliseconds, n=20)[-1]:>6.0f} ms\n")


if __name__ == "__main__":
    main()
