"""Take the picture of the book that the README shows: `make screenshot`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import ARGUMENTS, find_or_install  # noqa: E402

PAGE = ROOT / "_build" / "html" / "book" / "03-ceasefire-terms.html"


def main() -> None:
    """Open the chapter at its first chart and save what a reader sees."""
    path = find_or_install()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(PAGE.as_uri())
        figure = page.locator(".fs-chart").first
        figure.evaluate("f => window.scrollTo(0, f.getBoundingClientRect().top + window.scrollY - 170)")
        page.wait_for_function("f => f.dataset.state === 'live'", arg=figure.element_handle())
        page.wait_for_timeout(300)
        page.screenshot(path=ROOT / "screenshot.png")
        browser.close()


if __name__ == "__main__":
    main()
