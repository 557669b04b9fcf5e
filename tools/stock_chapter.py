"""The stock version of the book, for `tools/bench.py`: default settings, stock charts and widgets, files of CDNs."""

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

CDN = Path(__file__).resolve().parent.parent / "_build" / "bench" / "cdn"

ADDRESSES = (
    re.compile(r"https://(?:cdn\.jsdelivr\.net/npm|unpkg\.com)/((?:@[^/]+/)?[^/@?]+)(?:@([^/?]+))?/?([^?]*)"),
    re.compile(r"https://cdnjs\.cloudflare\.com/ajax/libs/([^/]+)/([^/]+)/([^?]+)"),
)
"""Addresses of CDNs: name, version and file of a package."""

NPM_NAMES = {"require.js": "requirejs"}
"""Packages that npm knows by another name than a CDN."""

STOCK_CONFIG = ("title", "author", "only_build_toc_files", "execute", "bibtex_bibfiles")

STOCK_CELL = """
import ipywidgets
from IPython.display import display

from foursources.selfcheck import find

alt.renderers.enable("default")
alt.theme.enable("default")
charts.source = lambda line, table=None: {}  # stock charts carry no source line and no table


def show(result):
    display(Markdown(result) if isinstance(result, str) else result)


def explore(function, name, labels=None, **choices):
    return ipywidgets.interactive(lambda **chosen: show(function(**chosen)), **choices)


def selfcheck(question, answer=None):
    return Markdown(find(question).prompt)


check = selfcheck
"""
"""Ends the first cell of a stock notebook: Altair and ipywidgets as they come, questions as text."""


def make_stock(book: Path) -> Path:
    """Give a copy of the book the default settings of Jupyter Book, and its notebooks stock charts and widgets."""
    own = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    stock = {key: own[key] for key in STOCK_CONFIG}
    (book / "_config.yml").write_text(yaml.safe_dump(stock), encoding="utf-8")
    for path in book.glob("book/*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and "begin()" in "".join(cell["source"]):
                cell["source"] = "".join(cell["source"]) + STOCK_CELL
        path.write_text(json.dumps(notebook), encoding="utf-8")
    return book


@dataclass
class Cdn:
    """Local copies of the files that stock pages load from other hosts, out of npm packages fetched once.

    Attributes
    ----------
    used : dict of str to str
        The version of each package that was used.
    readable : set of str
        Addresses of minified files that a package holds in readable form only.
    """

    used: dict[str, str] = field(default_factory=dict)
    readable: set[str] = field(default_factory=set)

    def find(self, url: str) -> Path | None:
        """Return the file that stands for an address, or None where no package has it."""
        found = next(filter(None, (address.match(url) for address in ADDRESSES)), None)
        if found is None:
            return None
        name, version, file = found.groups()
        name = NPM_NAMES.get(name, name)
        folder = self._fetch(f"{name}@{version or 'latest'}")
        if folder is None:
            return None
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        self.used[name] = about["version"]
        path = folder / (file or about.get("jsdelivr") or about.get("unpkg") or about["main"])
        if not path.is_file() and ".min." in path.name:
            self.readable.add(url)
            path = path.with_name(path.name.replace(".min.", "."))
        return path

    def _fetch(self, package: str) -> Path | None:
        folder = CDN / package
        if not folder.exists():
            with tempfile.TemporaryDirectory() as temp:
                command = ["npm", "pack", "--silent", "--pack-destination", temp, package]
                if not shutil.which("npm") or subprocess.run(command, cwd=temp, capture_output=True).returncode:
                    return None
                with tarfile.open(next(Path(temp).glob("*.tgz"))) as archive:
                    archive.extractall(temp, filter="data")
                folder.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(next(path for path in Path(temp).iterdir() if path.is_dir()), folder)
        return folder
