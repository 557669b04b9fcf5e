"""Find a Chromium or Chrome that Playwright can drive; get one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


def installed() -> str | None:
    """Return the path of a Chromium or Chrome on this machine, or of the one that Playwright has downloaded.

    None, too, where Playwright itself does not start: its driver needs libatomic1, which a bare Debian lacks.
    """
    if subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True).returncode:
        return None
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return next(filter(None, map(shutil.which, NAMES)), None) or (own if Path(own).exists() else None)


def find_or_install() -> str:
    """Return the path of a browser, after trying Playwright's own download and then Debian's packages.

    Call it before Playwright is started: it starts and stops its own.

    Raises
    ------
    RuntimeError
        If there is no browser and neither way brings one; the message says what to install.
    """
    if found := installed():
        return found
    apt = [*([] if os.geteuid() == 0 else ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]), "apt-get"]
    download = [sys.executable, "-m", "playwright", "install"]
    for command in (
        [*download, "--with-deps", "chromium"],
        [*download, "chromium"],
        [*apt, "update"],
        [*apt, "install", "-y", "libatomic1", "chromium"],
        [*apt, "install", "-y", "libatomic1"],  # Ubuntu has no package of Chromium: with this, the download can run
        [*download, "chromium"],
    ):
        print("No working Chromium found; trying:", " ".join(command), flush=True)
        try:
            subprocess.run(command, check=False, timeout=600, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error)
        if found := installed():
            return found
    raise RuntimeError(
        "The browser tests need Chromium or Chrome and could not install one: install it (on Debian and Ubuntu, "
        "`sudo apt-get install chromium libatomic1`) so that `chromium` or `google-chrome` is on the PATH, "
        "then run `make test` again."
    )


if __name__ == "__main__":
    try:
        find_or_install()
    except RuntimeError as error:
        sys.exit(str(error))
