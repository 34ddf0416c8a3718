"""Take the pictures of the README: the demo's own pages, as they are.

python -m tests.browser.pictures docs/images
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Final
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS

DESK: Final = {"width": 1280, "height": 900}
PORT: Final = 8017


def take(folder: Path) -> list[str]:
    """Open a fresh demo and write its pictures into a folder; give their names."""
    folder.mkdir(parents=True, exist_ok=True)
    with demo() as url, sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=ARGUMENTS,
        )
        for name, page in pages(chromium, url):
            page.wait_for_load_state("networkidle")
            page.evaluate("document.fonts.ready")
            page.screenshot(path=folder / f"{name}.png")
            page.context.close()
        chromium.close()
    return sorted(one.name for one in folder.glob("*.png"))


@contextmanager
def demo() -> Iterator[str]:
    """Serve a demo nobody has touched; give its address."""
    program = Path(sys.executable).with_name("beredning")
    with TemporaryDirectory() as folder:
        serving = subprocess.Popen(
            [program, "demo", "--out", folder, "--port", str(PORT), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert serving.stdout is not None
        try:
            url = str(json.loads(serving.stdout.readline())["url"])
            _wait(url)
            yield url
        finally:
            serving.terminate()
            serving.wait(20)


def _wait(url: str) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - an address of this machine
                return
        except OSError:
            sleep(0.1)
    raise TimeoutError(url)


def pages(chromium: Browser, url: str) -> Iterator[tuple[str, Page]]:
    """Give each page worth a picture, with its name."""
    yield "vem-ar-du", visitor(chromium, url)
    yield "mitt-arbete", as_one_who(chromium, url, "mer tid")
    sent_back = as_one_who(chromium, url, "fått tillbaka")
    sent_back.locator("main a[href^='/arenden/']").first.click()
    yield "arende", sent_back
    leader = as_one_who(chromium, url, "Leder omgången")
    leader.locator("a[href^='/omgangar/']").first.click()
    yield "omgang", leader
    leader = as_one_who(chromium, url, "Leder omgången")
    leader.goto("/logg")
    yield "handelser", leader


def visitor(chromium: Browser, url: str) -> Page:
    """Give a fresh browser before the first page."""
    page = chromium.new_context(base_url=url, locale="sv-SE", viewport=DESK).new_page()
    page.goto("/")
    return page


def as_one_who(chromium: Browser, url: str, words: str) -> Page:
    """Give the browser of whoever the demo tells this of."""
    page = visitor(chromium, url)
    page.locator("main .face", has_text=words).first.click()
    return page


if __name__ == "__main__":
    sys.stdout.write("\n".join(take(Path(sys.argv[1]))) + "\n")
