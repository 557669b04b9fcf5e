"""Make what students get and what only the instructor gets, from one source; refuse where they do not fit together."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import nbformat

from foursources.data import DATA
from foursources.grading import sandbox
from foursources.grading.source import Assignment, SourceError, grade_id, student_version

_WHEN = (2020, 1, 1, 0, 0, 0)  # one date in all zips, so that the same source gives the same file
_README = """{title}

Open {notebook} in JupyterLab or in any notebook service that has pandas and Altair, with the folder data beside it.
Work from top to bottom. Save, and hand in this one file.
"""


def release(assignment: Assignment, out: Path, boxed: bool = True) -> Path:
    """Write the zip for students, and the key and the marking sheet for the instructor; return the zip.

    Parameters
    ----------
    assignment : Assignment
    out : pathlib.Path
        Folder that gets ``release/`` and ``instructor/``.
    boxed : bool, optional
        Whether to try the source in bubblewrap.

    Raises
    ------
    SourceError
        If solution, checks and stub do not fit together, or something secret would go out.
    """
    released = student_version(assignment.notebook)
    for problem in (*_secrets(assignment, released), *_drift(assignment, released, boxed)):
        raise SourceError(f"{assignment.path.name}: {problem}")
    zipped = out / "release" / f"{assignment.id}.zip"
    zipped.parent.mkdir(parents=True, exist_ok=True)
    files = {assignment.path.name: nbformat.writes(released).encode()}
    files["README.txt"] = _README.format(title=assignment.title, notebook=assignment.path.name).encode()
    files |= {f"data/{table}.csv": (DATA / f"{table}.csv").read_bytes() for table in assignment.tables}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{assignment.id}/{name}", _WHEN), content, zipfile.ZIP_DEFLATED)
    zipped.write_bytes(packed.getvalue())
    instructor = out / "instructor"
    instructor.mkdir(exist_ok=True)
    shutil.copy(assignment.path, instructor / f"{assignment.id}-key.ipynb")
    (instructor / f"{assignment.id}-marking.md").write_text(marking_sheet(assignment), encoding="utf-8")
    return zipped


def marking_sheet(assignment: Assignment) -> str:
    """Return the points of each task, the model answer and the rubric, in Markdown."""
    lines = [f"# {assignment.title}: marking", "", "| Cell | Task | Points | Kind |", "|---|---|--:|---|"]
    for check in assignment.checks:
        kind = "only in your copy" if check.hidden else "students see it"
        lines.append(f"| {check.id} | {check.task} | {check.points:g} | {kind} |")
    for name in assignment.written:
        text = re.sub(r"^### (?:BEGIN|END) SOLUTION$", "", assignment.cell(name).source, flags=re.M).strip()
        points = sum(criterion.most for criterion in assignment.rubric(name))
        lines += ["", f"## {name}: {points} points by a person", "", text]
    total = assignment.auto_points + assignment.written_points
    return "\n".join([*lines, "", f"In all: {total:g} points.", ""])


def _secrets(assignment: Assignment, released: nbformat.NotebookNode) -> list[str]:
    """Look for a line of a solution or a hidden check in the released notebook."""
    text = nbformat.writes(released)
    problems = ["a delimiter of nbgrader is left in the released notebook"] * bool(
        re.search(r"### (?:BEGIN|END) (?:SOLUTION|HIDDEN)", text)
    )
    public = {line.strip() for cell in released.cells for line in cell.source.splitlines()}
    for cell, stub in zip(assignment.notebook.cells, released.cells, strict=True):
        gone = [line.strip() for line in cell.source.splitlines() if line not in stub.source.splitlines()]
        kept = [line for line in gone if len(line) > 25 and line[-1] not in "([{" and line in public]
        problems += [f"cell {grade_id(cell)}: the line {line!r} of the solution also stands elsewhere" for line in kept]
    return problems


def _drift(assignment: Assignment, released: nbformat.NotebookNode, boxed: bool) -> list[str]:
    """Run the source as it stands, with its asserts, and the stub; say where they do not do what they must."""
    given = [(grade_id(c), c.source) for c in assignment.notebook.cells if c.cell_type == "code"]
    solved = sandbox.run(given, "", {}, assignment.tables, boxed=boxed)
    problems = [f"cell {cell}: the solution fails: {text}" for cell, (_, text) in solved.errors.items()]
    if solved.died:
        problems.append(f"the solution does not run to its end: {solved.died}, in cell {solved.last}")
    stub = [(grade_id(c), c.source) for c in released.cells if c.cell_type == "code"]
    with_checks = {check.id: assignment.cell(check.id).source for check in assignment.checks}
    blank = sandbox.run(
        [(name, with_checks.get(name, source)) for name, source in stub], "", {}, assignment.tables, boxed=boxed
    )
    earned = [check.id for check in assignment.checks if check.id not in blank.errors]
    problems += [f"cell {check}: a blank notebook passes this check" for check in earned]
    total = assignment.auto_points + assignment.written_points
    if assignment.points != total:
        problems.append(f"it gives {total:g} points; assignments.yml says {assignment.points:g}")
    for task in assignment.tasks:
        checks = [check for check in assignment.checks if check.task == task]
        if {check.hidden for check in checks} != {True, False}:
            problems.append(f"cell {task}: expected one cell of visible and one of hidden checks after it")
        assignment.asked(task)
    for name in assignment.written:
        assignment.rubric(name)
        assignment.asked(name)
    return problems
