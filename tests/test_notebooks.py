"""Notebooks as they are stored: no outputs, cells with names, code that fits on a screen."""

import json
import re
from collections import Counter

import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted(
    p for folder in ("book", "exercises") for p in (ROOT / folder).rglob("*.ipynb") if "checkpoint" not in p.name
)


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def cells(request):
    return json.loads(request.param.read_text(encoding="utf-8"))["cells"]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_no_outputs_and_no_execution_counts(cells):
    assert [c["id"] for c in cells if c.get("outputs") or c.get("execution_count")] == []


def test_cell_ids_are_names_and_unique(cells):
    ids = [c["id"] for c in cells]
    assert [name for name, n in Counter(ids).items() if n > 1] == []
    # Jupyter makes up ids such as 1a2b3c4d; a name survives copying and shows what a diff is about.
    assert [i for i in ids if not re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)*", i) or re.fullmatch(r"[0-9a-f]{8}", i)] == []


def test_no_cell_has_more_than_25_lines_of_code(cells):
    long = {
        c["id"]: n for c in cells if c["cell_type"] == "code" and (n := len("".join(c["source"]).splitlines())) > 25
    }
    assert long == {}


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.parent.name == "book"], ids=lambda p: p.stem)
def test_code_is_folded_unless_reading_it_is_the_point(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    folded = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
    open_cells = [
        c["id"] for c in cells if c["cell_type"] == "code" and not folded & set(c["metadata"].get("tags", []))
    ]
    assert [i for i in open_cells if not i.startswith("read-")] == [], "name a cell that is to be read `read-…`"
