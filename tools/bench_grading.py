"""Measure how long thirty ordinary submissions of one assignment take on two cores: part of `make bench`.

Ordinary means: most solved, some with one wrong task, one blank, one with an error. The time is only printed.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from foursources.grading.collect import collect  # noqa: E402
from foursources.grading.mark import Marker, mark_all  # noqa: E402
from foursources.grading.source import Assignment, assignments, grade_id, student_version  # noqa: E402

LIMIT = 90
STUDENTS = 30


def submission(assignment: Assignment, number: int) -> nbformat.NotebookNode:
    """Return what the student of this number hands in."""
    if number == 0:
        return student_version(assignment.notebook)
    notebook = nbformat.from_dict(assignment.notebook)
    wrong = assignment.tasks[number % len(assignment.tasks)] if number % 5 == 0 else ""
    for cell in notebook.cells:
        if grade_id(cell) == wrong:
            cell.source = "result = 1 / 0"
    notebook.metadata["student"] = number  # so that no two are the same
    return notebook


def main() -> None:
    """Mark thirty submissions of the assignment that reads the most data, and print the time."""
    assignment = max(assignments(), key=lambda a: sum((ROOT / "data" / f"{t}.csv").stat().st_size for t in a.tables))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for number in range(STUDENTS):
            path = folder / "in" / f"student{number}_{1000 + number}_{5000 + number}_{assignment.path.name}"
            nbformat.write(submission(assignment, number), path)
        start = time.perf_counter()
        marked = mark_all(Marker(assignment), collect(folder / "in"), folder / "out", workers=2)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        mark_all(Marker(assignment), collect(folder / "in"), folder / "out", workers=2)
        again = time.perf_counter() - start
        shutil.rmtree(folder / "out")
    full = sum(sum(one.points.values()) == assignment.auto_points for one in marked)
    print(f"{STUDENTS} submissions of {assignment.id}, two workers: {seconds:.1f} s (limit {LIMIT})")
    print(f"with full marks: {full}")
    print(f"the same again, nothing changed: {again:.1f} s")


if __name__ == "__main__":
    main()
