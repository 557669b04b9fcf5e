"""Find a Chromium or Chrome; get one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


def installed() -> str | None:
    """Return the path of a Chromium or Chrome on this machine, or of the one that Playwright has downloaded."""
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def find_or_install() -> str:
    """Return the path of a browser, after trying Playwright's own download and then Debian's package.

    Raises
    ------
    RuntimeError
        If there is no browser and neither way brings one; the message says what to install.
    """
    if found := installed():
        return found
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    attempts = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    attempts += [[*root, "apt-get", "update"], [*root, "apt-get", "install", "-y", "chromium"]]
    for command in attempts:
        print("No Chromium found; trying:", " ".join(command), flush=True)
        try:
            subprocess.run(command, check=False, timeout=600, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error)
        if found := installed():
            return found
    raise RuntimeError(
        "The browser tests need Chromium or Chrome and could not install one: install it (on Debian and Ubuntu, "
        "`sudo apt-get install chromium`) so that `chromium` or `google-chrome` is on the PATH, then `make test` again."
    )
