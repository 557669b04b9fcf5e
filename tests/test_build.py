"""Building: a broken notebook fails the build and says where; what changed is made again, and only that."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from foursources import publish
from tests.conftest import ROOT

BUILD = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-W", "-n", "--keep-going", "."]


def notebook(*sources: str) -> str:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{i}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for i, source in enumerate(sources)
    ]
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A chapter"}
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": [title, *cells], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def book(tmp_path: Path):
    """A book of two pages and a chapter with the configuration of the course; returns a function that builds it."""
    for name in ("_config.yml", "references.bib", "book/_static", "book/_templates", "book/sources.md"):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": "book/chapter"}, {"file": "book/sources"}]}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (tmp_path / "book" / "index.md").write_text("# A book\n\n```{bibliography}\n```\n", encoding="utf-8")

    def build(*sources: str) -> tuple[int, str]:
        if sources:
            (tmp_path / "book" / "chapter.ipynb").write_text(notebook(*sources), encoding="utf-8")
        done = subprocess.run(
            BUILD, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout)

    build.folder = tmp_path
    return build


def test_a_cell_that_raises_fails_the_build_with_notebook_cell_and_traceback(book):
    status, said = book("towns = ['Aghdam']", "towns[3]")
    assert status != 0
    assert "book/chapter.ipynb: WARNING: Executing notebook failed: CellExecutionError" in said
    assert "------------------\ntowns[3]\n" in said, "the cell"
    assert "IndexError: list index out of range" in said and "Traceback" in said


def test_a_chart_without_a_source_fails_the_build(book):
    status, said = book(
        "import altair as alt, pandas as pd, foursources\n"
        "rows = pd.DataFrame({'n': [1]})\n"
        "alt.Chart(rows).mark_point().encode(x='n:Q').properties(title='One', description='One mark.')"
    )
    assert status != 0
    assert "book/chapter.ipynb" in said and "ChartError: The chart 'One' has no source: set it with" in said


def test_a_warning_on_standard_error_fails_the_build(book):
    status, said = book("import warnings; warnings.warn('this will change')")
    assert status != 0 and "stderr was found in the cell outputs" in said


def test_a_chapter_made_from_the_template_builds_and_nothing_is_made_twice(book):
    shutil.copy(ROOT / "book" / "_template.ipynb", book.folder / "book" / "chapter.ipynb")
    status, said = book()
    assert status == 0, said
    status, said = book()
    assert status == 0 and "no targets are out of date" in said


PARTS = ("data/places.csv", "exercises/questions/a.yml", "foursources/charts.py", "book/_static/charts.js")


def test_all_pages_are_made_again_when_something_that_they_depend_on_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(publish, "ROOT", tmp_path)
    for name in PARTS:
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("before", encoding="utf-8")
    env = SimpleNamespace(found_docs={"book/index", "book/chapter"})
    assert set(publish.rerun_with_new_inputs(None, env)) == env.found_docs
    for name in PARTS:
        assert publish.rerun_with_new_inputs(None, env) == []
        (tmp_path / name).write_text("after", encoding="utf-8")
        assert set(publish.rerun_with_new_inputs(None, env)) == env.found_docs, name
