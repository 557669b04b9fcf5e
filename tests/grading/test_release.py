"""Releasing: what students get has nothing secret, works with pandas and Altair alone, and fits the solution."""

import ast
import sys
import zipfile

import nbformat
import pytest

from foursources.grading import sandbox
from foursources.grading.collect import Submission
from foursources.grading.mark import BLANK, MARKED, Marker
from foursources.grading.release import release
from foursources.grading.source import Assignment, SourceError, assignments, student_version
from tests.conftest import ROOT
from tests.grading.lake import SECRETS, as_bytes, assignment, source

REAL = assignments()
PLANTED = "planted_mark_4711"


def unpacked(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(folder, change):
    """Return the assignment on the lake after a change to its source."""
    lake = assignment(folder)
    notebook = source()
    change({cell.id: cell for cell in notebook.cells})
    nbformat.write(notebook, lake.path)
    return lake


def test_a_zip_has_the_notebook_and_no_secret(tmp_path):
    files = unpacked(release(assignment(tmp_path), tmp_path / "out"))
    assert sorted(files) == ["lake/01-lake.ipynb", "lake/README.txt"]
    assert not [secret for secret in SECRETS for content in files.values() if secret.encode() in content]
    key = (tmp_path / "out" / "instructor" / "lake-key.ipynb").read_text(encoding="utf-8")
    sheet = (tmp_path / "out" / "instructor" / "lake-marking.md").read_text(encoding="utf-8")
    assert "SECRET_SOLUTION" in key and "SECRET_MODEL" in sheet and "SECRET_LEVEL" in sheet


def test_the_same_source_gives_the_same_zip(tmp_path):
    lake = assignment(tmp_path)
    assert release(lake, tmp_path / "a").read_bytes() == release(lake, tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("total", "int(depths.depth.sum())", "9", "cell check-total-more: the solution fails"),
        ("check-total-more", "total == 8", "1 == 1", "cell check-total-more: a blank notebook passes"),
        ("check-total-more", "assert total == 8", "assert total", "is no check"),
        ("check-total", "assert type", "x = 1\nassert type", "is no check"),
        ("written", "| **Fairness** | none | one | two |\n", "", "its rubric adds up to 2 points"),
        (
            "ask-total",
            "call the sum `total`.",
            "write\n\ntotal = int(depths.depth.sum())  # SECRET_SOLUTION",
            "also stands",
        ),
        ("total", "### END SOLUTION", "", "delimiter"),
        ("check-share-more", "### BEGIN HIDDEN TESTS\n", "", "delimiter"),
    ],
)
def test_a_source_that_does_not_fit_together_is_not_released(tmp_path, name, old, new, said):
    def change(cells):
        assert old in cells[name].source
        cells[name].source = cells[name].source.replace(old, new)

    lake = rewritten(tmp_path, change)
    with pytest.raises((SourceError, KeyError), match=said):
        release(lake, tmp_path / "out")
    assert not (tmp_path / "out" / "release").exists()


@pytest.mark.parametrize("real", REAL, ids=lambda a: a.id)
def test_an_assignment_of_the_course_is_released_without_what_was_planted(tmp_path, real):
    notebook = nbformat.from_dict(real.notebook)
    planted = 0
    for cell in notebook.cells:
        for end in ("### END SOLUTION", "### END HIDDEN TESTS"):
            if end in cell.source:
                comment = "#" if cell.cell_type == "code" else "|"
                lines = [
                    f"{comment} {PLANTED} {comment}" + "\n" + line if line.strip() == end else line
                    for line in cell.source.split("\n")
                ]
                cell.source = "\n".join(lines)
                planted += 1
    nbformat.write(notebook, tmp_path / real.path.name)
    changed = Assignment(
        real.id,
        real.title,
        real.chapter,
        real.outcomes,
        real.points,
        real.minutes,
        real.tables,
        tmp_path / real.path.name,
    )
    files = unpacked(release(changed, tmp_path / "out"))
    assert planted >= 9
    assert not [name for name, content in files.items() if PLANTED.encode() in content]
    assert set(files) == {
        f"{real.id}/{name}" for name in (real.path.name, "README.txt", *(f"data/{t}.csv" for t in real.tables))
    }


@pytest.mark.parametrize("real", REAL, ids=lambda a: a.id)
def test_the_solution_earns_full_marks_and_a_blank_release_none(real):
    marker = Marker(real)
    solved = marker.mark(Submission("1", "A", "a.ipynb", as_bytes(real.notebook)))
    assert (solved.status, sum(solved.points.values())) == (MARKED, real.auto_points)
    blank = marker.mark(Submission("2", "B", "b.ipynb", as_bytes(student_version(real.notebook))))
    assert (blank.status, sum(blank.points.values()), blank.errors) == (BLANK, 0, {})


@pytest.mark.parametrize("real", REAL, ids=lambda a: a.id)
def test_students_need_only_pandas_and_altair(real):
    code = "\n".join(cell.source for cell in student_version(real.notebook).cells if cell.cell_type == "code")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert imported - sys.stdlib_module_names <= {"pandas", "altair"}
    assert f"../{'book'}" not in "".join(cell.source for cell in student_version(real.notebook).cells)


@pytest.mark.parametrize("real", REAL, ids=lambda a: a.id)
def test_an_answer_that_fits_only_the_visible_checks_loses_points(real):
    """Ask of each task that its hidden checks look at more than the visible ones."""
    for task in real.tasks:
        visible = {e for c in real.checks if c.task == task and not c.hidden for e in c.expressions}
        hidden = {e for c in real.checks if c.task == task and c.hidden for e in c.expressions}
        assert hidden and not hidden & visible, task


def test_each_chapter_of_the_walk_has_its_assignment():
    chapters = sorted(f"book/{path.stem}" for path in (ROOT / "book").glob("0*.ipynb"))
    assert [real.chapter for real in REAL] == chapters
    assert all(60 <= real.minutes <= 120 and 3 <= len(real.outcomes) <= 5 for real in REAL)
    assert all(4 <= len(real.rubric(name)) <= 6 for real in REAL for name in real.written)


def test_points_that_do_not_add_up_are_named(tmp_path):
    lake = assignment(tmp_path)
    listed = tmp_path / "assignments.yml"
    listed.write_text(listed.read_text().replace("points: 11", "points: 10"))
    with pytest.raises(SourceError, match=r"gives 11 points; assignments\.yml says 10"):
        release(assignments(lake.id, tmp_path)[0], tmp_path / "out")


def test_an_unknown_assignment_is_named(tmp_path):
    with pytest.raises(SourceError, match="no assignment 'sea'; expected one of lake"):
        assignment(tmp_path) and assignments("sea", tmp_path)


def test_a_checked_source_runs_in_the_box_as_in_a_notebook():
    [first, *_] = REAL
    given = [(c.id, c.source) for c in first.notebook.cells if c.cell_type == "code"]
    assert sandbox.run(given, "", {}, first.tables).errors == {}
