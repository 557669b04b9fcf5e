"""The way of an assignment as a lecturer goes it: release, grade, mark by hand, export, on the command line."""

import csv
import io
import subprocess
import sys
import zipfile

import nbformat
import pytest

from foursources.grading import tables
from foursources.grading.source import assignments
from tests.conftest import ROOT

[ASSIGNMENT] = assignments("start-here")


def foursources(*words, good=True):
    done = subprocess.run(
        [sys.executable, "-m", "foursources", *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is good, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A folder after `release` and `grade`: one student solved it, one wrote only text, one sent a broken file."""
    folder = tmp_path_factory.mktemp("term")
    foursources("release", "--only", ASSIGNMENT.id, "--out", folder / "out")
    with zipfile.ZipFile(folder / "out" / "release" / f"{ASSIGNMENT.id}.zip") as archive:
        released = nbformat.reads(archive.read(f"{ASSIGNMENT.id}/{ASSIGNMENT.path.name}").decode(), as_version=4)
    next(cell for cell in released.cells if cell.id == "written").source = "I trace P1.\n\n=1+1"
    export = io.BytesIO()
    with zipfile.ZipFile(export, "w") as archive:
        archive.writestr(f"sargsyanaram_11_1_{ASSIGNMENT.path.name}", nbformat.writes(ASSIGNMENT.notebook))
        archive.writestr(f"hasanovali_12_2_{ASSIGNMENT.path.name}", nbformat.writes(released))
        archive.writestr(f"oneil_13_3_{ASSIGNMENT.path.name}", "{")
    (folder / "submissions.zip").write_bytes(export.getvalue())
    (folder / "canvas.csv").write_text(
        f'Student,ID,SIS Login ID,Section,{ASSIGNMENT.id} (77)\n    Points Possible,,,,24\n"Sargsyan, Aram",11,a,x,\n'
        '"Həsənov, Əli",12,b,x,\n"O\'Neil, Ana",13,c,x,\n"Absent, Ben",14,d,x,\n',
        encoding="utf-8",
    )
    said = foursources(
        *("grade", folder / "submissions.zip", "--assignment", ASSIGNMENT.id, "--out", folder / "marks"),
        *("--roster", folder / "canvas.csv"),
    )
    return folder, said


def test_the_command_says_who_was_not_marked_and_why(term):
    _, said = term
    assert "4 students: 2 marked, 2 not marked" in said or "2 not marked, 2 marked" in said
    assert "O'Neil, Ana: the file is damaged, or no notebook" in said and "Absent, Ben: nothing handed in" in said


def test_marks_by_hand_and_grades_go_back_into_the_gradebook(term):
    folder, _ = term
    table = folder / "marks" / "to_mark.csv"
    rows = tables.read(table)
    criteria = [name for names in tables.criterion_columns(ASSIGNMENT).values() for name in names]
    for row in rows:
        if row["student"] == "11":
            row.update(dict.fromkeys(criteria, "2"))
        if row["student"] == "12":
            assert row["answer"] == "I trace P1.\n\n=1+1"
            row.update(dict.fromkeys(criteria[:-1], "1"))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    said = foursources("export", "--marks", table, "--template", folder / "canvas.csv", "--out", folder / "final.csv")
    assert "1 of 4 students have a grade" in said and "Həsənov, Əli" in said
    with (folder / "final.csv").open(encoding="utf-8-sig", newline="") as file:
        filled = list(csv.reader(file))
    full = f"{ASSIGNMENT.auto_points + ASSIGNMENT.written_points:g}"
    assert [row[4] for row in filled[2:]] == [full, "", "", ""]


def test_a_mistake_on_the_command_line_is_explained(term, tmp_path):
    folder, _ = term
    out = tmp_path / "out"
    said = foursources("grade", folder / "nowhere", "--assignment", ASSIGNMENT.id, "--out", out, good=False)
    assert "nowhere is not there" in said and "Traceback" not in said
    said = foursources("grade", folder / "submissions.zip", "--assignment", "sea", "--out", out, good=False)
    assert "no assignment 'sea'; expected one of start-here" in said and "Traceback" not in said


def test_the_bank_is_written_for_an_lms(tmp_path):
    said = foursources("questions", "--out", tmp_path)
    assert said.count("-moodle.xml") == said.count("-canvas.zip") == len(assignments())
