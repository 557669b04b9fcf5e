import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_or_install
from tests.conftest import HTML

# All but the page at the top, which only sends the reader on to the first page of the book.
PAGES = sorted(p.relative_to(HTML).as_posix() for p in HTML.rglob("*.html") if "_static" not in p.parts)
PAGES.remove("index.html")
CHAPTERS = [p for p in PAGES if p.startswith("book/0")]
CEASEFIRE = "book/03-ceasefire-terms.html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the book on a server of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_or_install()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Visit:
    """A page opened in the browser, with all that it asked for and complained of."""

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def elsewhere(self) -> list[str]:
        """Requests that leave the book: to another host, or out of its folder."""
        return [url for url in self.requests if not url.startswith((self.base, "data:", "blob:"))]

    def scroll_through(self) -> None:
        """Scroll to the end like a reader, and wait until every chart is live."""
        height = self.page.evaluate("document.documentElement.scrollHeight")
        for y in range(0, height, 500):
            self.page.evaluate(f"window.scrollTo(0, {y})")
            self.page.wait_for_timeout(30)
        self.page.wait_for_function(
            "[...document.querySelectorAll('.fs-chart')].every(f => f.dataset.state === 'live')"
        )


@pytest.fixture(scope="session", params=["served", "from a folder"])
def base(request, site: Path) -> str:
    """Where the book is opened from: a server, or the folder itself (file://)."""
    if request.param == "served":
        return request.getfixturevalue("address")
    return site.as_uri() + "/"


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator:
    """Open a page of the book, served and from its folder; see `Visit`."""
    yield from visits(browser, base)


@pytest.fixture
def look_at(browser: Browser, address: str) -> Iterator:
    """Open a page for its looks, which are the same wherever it comes from; see `Visit`."""
    yield from visits(browser, address)


def visits(browser: Browser, base: str) -> Iterator:
    contexts: list[BrowserContext] = []

    def open_page(path: str, width: int = 1280, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.set_default_timeout(120_000)  # a busy machine is slow, not wrong
        opened = Visit(context.new_page(), base)
        opened.page.on("request", lambda r: opened.requests.append(r.url))
        opened.page.on(
            "console", lambda m: opened.complaints.append(m.text) if m.type in ("error", "warning") else None
        )
        opened.page.on("pageerror", lambda e: opened.complaints.append(str(e)))
        opened.page.goto(base + path)
        return opened

    yield open_page
    for context in contexts:
        context.close()
