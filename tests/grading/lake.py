"""An invented assignment on a lake, and what students might hand in."""

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from foursources.grading.source import Assignment, assignments, student_version

SECRETS = ("SECRET_SOLUTION", "SECRET_HIDDEN", "SECRET_MODEL", "SECRET_LEVEL")


def mark(cell, name, grade=False, solution=False, points=None):
    cell.id = name
    cell.metadata["nbgrader"] = {
        "grade": grade,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def source() -> nbformat.NotebookNode:
    cells = [
        mark(new_markdown_cell("# The lake"), "title"),
        mark(
            new_code_cell("import pandas as pd\ndepths = pd.DataFrame({'bay': ['a', 'b'], 'depth': [3, 5]})"), "setup"
        ),
        mark(new_code_cell("def rounded(value):\n    return round(float(value), 2)"), "helpers"),
        mark(new_markdown_cell("Add up all depths; call the sum `total`."), "ask-total"),
        mark(
            new_code_cell(
                "# Put the sum here.\n### BEGIN SOLUTION\ntotal = int(depths.depth.sum())  # SECRET_SOLUTION\n"
                "### END SOLUTION"
            ),
            "total",
            solution=True,
        ),
        mark(
            new_code_cell("assert type(total).__name__ == 'int', 'total is a whole number'"),
            "check-total",
            True,
            points=1,
        ),
        mark(
            new_code_cell(
                "# More checks run when your work is marked.\n### BEGIN HIDDEN TESTS\n"
                "assert total == 8, 'SECRET_HIDDEN sum'\n### END HIDDEN TESTS"
            ),
            "check-total-more",
            True,
            points=2,
        ),
        mark(new_markdown_cell("Write a function `share(depths, bay)`."), "ask-share"),
        mark(
            new_code_cell(
                "### BEGIN SOLUTION\ndef share(depths, bay):\n    at = depths.depth[depths.bay == bay].sum()\n"
                "    return at / depths.depth.sum()\n### END SOLUTION"
            ),
            "share",
            solution=True,
        ),
        mark(
            new_code_cell("assert rounded(share(depths, 'a')) == 0.38, 'the share of bay a is its depth by the sum'"),
            "check-share",
            True,
            points=1,
        ),
        mark(
            new_code_cell(
                "# More checks run when your work is marked.\n### BEGIN HIDDEN TESTS\n"
                "assert rounded(share(depths, 'b')) == 0.62, 'SECRET_HIDDEN other bay'\n"
                "assert rounded(share(depths.assign(depth=[1, 3]), 'a')) == 0.25, 'SECRET_HIDDEN other lake'\n"
                "### END HIDDEN TESTS"
            ),
            "check-share-more",
            True,
            points=3,
        ),
        mark(
            new_markdown_cell("Who owns the water? Write 50 words. You are marked on: evidence, fairness."),
            "ask-written",
        ),
        mark(
            new_markdown_cell(
                "### BEGIN SOLUTION\n**Model answer.** SECRET_MODEL\n\n**Rubric.**\n\n| Criterion | 0 | 1 | 2 |\n"
                "|---|---|---|---|\n| **Evidence** | none | one | SECRET_LEVEL |\n| **Fairness** | none | one | two |\n"
                "### END SOLUTION"
            ),
            "written",
            True,
            True,
            points=4,
        ),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return notebook


def assignment(folder) -> Assignment:
    nbformat.write(source(), folder / "01-lake.ipynb")
    entry = {"id": "lake", "notebook": "01-lake.ipynb", "chapter": "book/01", "title": "The lake", "outcomes": ["add"]}
    (folder / "assignments.yml").write_text(
        yaml.safe_dump([entry | {"points": 11, "minutes": 10, "tables": []}]), encoding="utf-8"
    )
    [found] = assignments("lake", folder)
    return found


RIGHT = {
    "total": "total = 8",
    "share": "def share(depths, bay):\n    return depths.depth[depths.bay == bay].sum() / depths.depth.sum()",
    "written": "The commune owns it.",
}


def handed_in(**written: str) -> nbformat.NotebookNode:
    """Return a released notebook in which a student wrote something in some cells."""
    notebook = student_version(source())
    for cell in notebook.cells:
        if cell.id in written:
            cell.source = written[cell.id]
    return notebook


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode()
