"""Measure the book, and beside it the same pages built with stock Jupyter Book: `make bench`.

It builds two copies of the book in a temporary folder and reads a chapter of each in Chromium. Stock pages load from
other hosts; those addresses are answered from npm packages kept in `_build/bench/cdn`. Every figure is only printed:
this is a benchmark, not a test.
"""

import json
import mimetypes
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from stock_chapter import Cdn, make_stock  # noqa: E402

from tests.browser.chromium import ARGUMENTS, find_or_install  # noqa: E402

CHAPTER = "book/03-ceasefire-terms"
HOME = "http://book.invalid/"
WINDOW = {"width": 1280, "height": 900}

Figures = dict[str, float | str]

ROWS: dict[str, tuple[float | str | None, str]] = {
    "clean build, seconds": (120, ".1f"),
    "build after an edit of one sentence, seconds": (15, ".1f"),
    "HTML of the chapter, bytes": (300_000, ",d"),
    "loaded before scrolling, bytes": (1_500_000, ",d"),
    "requests before scrolling": (None, "d"),
    "loaded after scrolling to the end, bytes": (None, ",d"),
    "requests to other hosts": (0, "d"),
    "first chart visible without JavaScript": ("yes", ""),
    "explorer, new content, median ms": (50, ".1f"),
    "explorer, new content, worst ms": (50, ".1f"),
    "explorer, next animation frame, median ms": (None, ".1f"),
    "explorer, next animation frame, worst ms": (None, ".1f"),
}
"""What is measured, with its limit and the form in which it is printed."""

# Goes through all states of the explorers, and tells how long each took and how many contents each explorer showed.
EXPLORE = """async (explorers) => {
  const times = [], shown = [];
  for (const explorer of explorers) {
    const selects = [...explorer.querySelectorAll("select")].map((select) =>
      [...select.options].map((_, i) => () => ((select.selectedIndex = i), select)));
    const groups = Object.groupBy(explorer.querySelectorAll("[type=radio]"), (radio) => radio.name);
    const radios = Object.values(groups).map((group) => group.map((r) => () => ((r.checked = true), r)));
    const states = [...selects, ...radios].reduce((all, c) => all.flatMap((s) => c.map((set) => [...s, set])), [[]]);
    const contents = new Set();
    for (const state of states) {
      const [control] = state.map((set) => set());
      contents.add(explorer.innerText);
      const start = performance.now();
      control.dispatchEvent(new Event("change", { bubbles: true }));
      const changed = performance.now();
      await new Promise(requestAnimationFrame);
      times.push([changed - start, performance.now() - start]);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    shown.push(contents.add(explorer.innerText).size);
  }
  return { times, shown };
}"""

# A headless browser does not ask for it; and Playwright stops requests for one that the page does not name.
FAVICON = "Promise.all([...document.querySelectorAll('link[rel~=icon]')].map((link) => fetch(link.href)))"


def copy_book(target: Path) -> Path:
    """Copy the files of the book, without what is installed or built."""
    return shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".*", "_build", "__pycache__"))


def edit_sentence(book: Path) -> None:
    """Change the first sentence of the chapter."""
    path = book / f"{CHAPTER}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    text = notebook["cells"][0]
    text["source"] = "".join(text["source"]).replace(". ", ", in other words. ", 1)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def build(book: Path, *options: str) -> float:
    """Build a copy of the book with its own copy of the package; return the seconds it took."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", *options, "."]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=book, env=os.environ | {"PYTHONPATH": str(book)}, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode or any(book.glob("_build/html/reports/**/*.err.log")):
        sys.exit(f"A copy of the book could not be built, so there is nothing to measure.\n{done.stderr}")
    return seconds


@dataclass
class Host:
    """Answers every request of a page: from a built book, or from the local copies of other hosts.

    Attributes
    ----------
    log : list of (str, int)
        Address and bytes of each answer.
    missing : set of str
        Addresses answered with 404.
    """

    book: Path
    cdn: Cdn
    log: list[tuple[str, int]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)

    def answer(self, route: Route) -> None:
        """Answer one request of the page."""
        url = route.request.url
        own = url.startswith(HOME)
        path = self.book / "_build" / "html" / unquote(urlsplit(url).path[1:]) if own else self.cdn.find(url)
        if path and path.is_file():
            body = path.read_bytes()
            self.log.append((url, len(body)))
            if own and path.suffix == ".html":  # a local copy in readable form has another digest
                body = re.sub(rb' integrity="[^"]*"', b"", body)
            kind = mimetypes.guess_type(path.name)[0]
            route.fulfill(body=body, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})
        else:
            self.log.append((url, 0))
            self.missing.add(url)
            route.fulfill(status=404)

    def open(self, browser: Browser, **options: object) -> Page:
        """Open the chapter and wait until it asks for nothing more."""
        page = browser.new_page(viewport=WINDOW, **options)
        page.route("**/*", self.answer)
        page.goto(f"{HOME}{CHAPTER}.html", wait_until="networkidle", timeout=300_000)
        return page

    def loaded(self) -> int:
        """Return how many bytes the page has got so far."""
        return sum(size for _, size in self.log)


def measure(browser: Browser, host: Host, *options: str) -> Figures:
    """Build one copy of the book, read its chapter, and return all figures."""
    clean = build(host.book, *options)
    edit_sentence(host.book)
    figures: Figures = dict(zip(ROWS, (clean, build(host.book, *options)), strict=False))
    figures["HTML of the chapter, bytes"] = (host.book / f"_build/html/{CHAPTER}.html").stat().st_size
    page = host.open(browser)
    page.evaluate(FAVICON)
    figures["loaded before scrolling, bytes"] = host.loaded()
    figures["requests before scrolling"] = len(host.log)
    scroll_through(page)
    figures["loaded after scrolling to the end, bytes"] = host.loaded()
    figures["requests to other hosts"] = sum(not url.startswith((HOME, "data:", "blob:")) for url, _ in host.log)
    figures |= explorer_figures(page)
    plain = host.open(browser, java_script_enabled=False)
    drawing = plain.locator(".fs-drawing, [id^=altair-viz]").first.locator("svg:visible")
    figures["first chart visible without JavaScript"] = "yes" if drawing.count() else "no"
    return figures


def scroll_through(page: Page) -> None:
    """Scroll to the end like a reader, and wait until every chart is live."""
    for y in range(0, page.evaluate("document.documentElement.scrollHeight"), 500):
        page.evaluate(f"window.scrollTo({{ top: {y}, behavior: 'instant' }})")
        page.wait_for_timeout(50)
    page.wait_for_function("!document.querySelector('.fs-chart:not([data-state=live], [data-state=static])')")
    page.wait_for_timeout(1000)


def explorer_figures(page: Page) -> Figures:
    """Return how fast the explorers of a page change their content, or that they do not."""
    result = page.locator(".fs-explorer, .cell_output:has(.widget-dropdown)").evaluate_all(EXPLORE)
    names = [name for name in ROWS if name.startswith("explorer")]
    if min(result["shown"], default=0) < 2:
        return dict.fromkeys(names, "dead (no kernel)" if result["shown"] else "no explorer")
    kinds = zip(*result["times"], strict=True)
    return dict(zip(names, (f(kind) for kind in kinds for f in (statistics.median, max)), strict=False))


def print_table(own: Figures, stock: Figures) -> None:
    """Print each figure with its limit, whether this book keeps it, and the figure of stock Jupyter Book."""
    line = "{:<46}{:>11}{:>13} {:<6}{:>20}"
    print(line.format("", "limit", "this book", "", "stock Jupyter Book" if stock else "").rstrip())
    for name, (limit, form) in ROWS.items():
        kept = limit is None or (own[name] == limit if isinstance(own[name], str) else own[name] <= limit)
        verdict = "" if limit is None else "ok" if kept else "over"
        shown = [v if isinstance(v, str) else format(v, form) for v in (own[name], stock.get(name, ""))]
        bound = "" if limit is None else limit if isinstance(limit, str) else f"{limit:,}"
        print(line.format(name, bound, shown[0], verdict, shown[1]).rstrip())


def main() -> None:
    """Measure both books and print the table."""
    cdn, path = Cdn(), find_or_install()
    with tempfile.TemporaryDirectory() as temp, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        print("Measuring; this takes a few minutes …", file=sys.stderr)
        hosts = [Host(copy_book(Path(temp, "own")), cdn)]
        own, stock = measure(browser, hosts[0], "-W", "-n", "--keep-going"), {}
        if shutil.which("npm"):
            hosts.append(Host(make_stock(copy_book(Path(temp, "stock"))), cdn))
            stock = measure(browser, hosts[1])
        else:
            print("The column of stock Jupyter Book needs npm: install Node.js to see it.")
        browser.close()
    print_table(own, stock)
    if cdn.used:
        print("Local copies:", ", ".join(f"{name} {version}" for name, version in sorted(cdn.used.items())))
    for url in sorted(cdn.readable):
        print("Counted in readable form, as npm has no minified one:", url)
    for url in sorted(set().union(*(host.missing for host in hosts))):
        print("Answered with 404:", url)


if __name__ == "__main__":
    main()
