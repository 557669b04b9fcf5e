"""Assignment sources: one notebook holds tasks, solutions, checks, model answer and rubric, in nbgrader's format.

nbgrader's metadata and delimiters are used as they are (Jupyter et al., *nbgrader*, JOSE 2019), so that an institution
that runs nbgrader needs nothing else. On top of them two rules make marking safe: a check says only
``assert EXPRESSION == LITERAL, "message"``, so that EXPRESSION can be evaluated in a sandbox and compared outside; and
a cell named ``helpers`` holds only functions, so that it can be run again right before the checks.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import yaml

from foursources.data import DATA

EXERCISES = DATA.parent / "exercises"
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION$.*?^[ \t]*### END SOLUTION$", re.M | re.S)
HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS$.*?^[ \t]*### END HIDDEN TESTS$\n?", re.M | re.S)
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"
"""What stands in place of a solution: nbgrader's own words, so that both ways to release give the same notebook."""

_BOOK_LINK = re.compile(r"\[([^\]]*)\]\(\.\./book/[^)]*\)")
_RUBRIC = re.compile(r"^\|\s*\*\*(?P<name>[^|*]+)\*\*\s*\|(?P<levels>.+)\|\s*$", re.M)


class SourceError(ValueError):
    """An assignment source cannot be used; the message names file, cell and what was expected."""


@dataclass(frozen=True)
class Criterion:
    """A row of a rubric: its name and what earns 0, 1, 2 … points."""

    name: str
    levels: tuple[str, ...]

    @property
    def most(self) -> int:
        """Return the points of the highest level."""
        return len(self.levels) - 1


@dataclass(frozen=True)
class Check:
    """A cell of checks, which gives all of its points or none, as in nbgrader.

    Attributes
    ----------
    id, task : str
        ``grade_id`` of the cell, and of the solution cell before it.
    points : float
    hidden : bool
        Whether its asserts stand between the delimiters of hidden tests.
    asserts : list of tuple
        For each assert the expression, as source code, and the message.
    """

    id: str
    task: str
    points: float
    hidden: bool
    asserts: tuple[tuple[str, str], ...]

    @property
    def expressions(self) -> list[str]:
        """Return what the sandbox evaluates."""
        return [expression for expression, _ in self.asserts]


@dataclass(frozen=True)
class Assignment:
    """One entry of ``exercises/assignments.yml`` with its notebook.

    Attributes
    ----------
    id, title, chapter : str
    outcomes : list of str
    points, minutes : int
    tables : list of str
        Tables of ``data/`` that the notebook reads.
    path : pathlib.Path
        The source notebook.
    """

    id: str
    title: str
    chapter: str
    outcomes: tuple[str, ...]
    points: float
    minutes: int
    tables: tuple[str, ...]
    path: Path

    @cached_property
    def notebook(self) -> nbformat.NotebookNode:
        """Return the source notebook, with solutions."""
        return nbformat.read(self.path, as_version=4)

    def cells(self, **marks: object) -> Iterator[nbformat.NotebookNode]:
        """Yield the cells whose nbgrader metadata has these values."""
        for cell in self.notebook.cells:
            mark = cell.metadata.get("nbgrader", {})
            if all(mark.get(name) == value for name, value in marks.items()):
                yield cell

    def cell(self, grade_id: str) -> nbformat.NotebookNode:
        """Return one cell by its ``grade_id``."""
        found = next(self.cells(grade_id=grade_id), None)
        if found is None:
            raise SourceError(f"{self.path.name}: there is no cell {grade_id!r}.")
        return found

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """Return the ``grade_id`` of each cell in which a student writes code, in order."""
        return tuple(grade_id(c) for c in self.cells(solution=True, grade=False) if c.cell_type == "code")

    @cached_property
    def written(self) -> tuple[str, ...]:
        """Return the ``grade_id`` of each cell in which a student writes text that a person marks."""
        return tuple(grade_id(c) for c in self.cells(solution=True, grade=True))

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Return the checks in order, each with the task before it."""
        found, task = [], ""
        for cell in self.notebook.cells:
            mark = cell.metadata.get("nbgrader", {})
            if grade_id(cell) in self.tasks:
                task = grade_id(cell)
            elif mark.get("grade") and not mark.get("solution"):
                hidden = bool(HIDDEN.search(cell.source))
                asserts = tuple(self._asserts(cell))
                found.append(Check(grade_id(cell), task, mark["points"], hidden, asserts))
        return tuple(found)

    def rubric(self, written: str) -> tuple[Criterion, ...]:
        """Return the criteria by which a written answer is marked.

        Raises
        ------
        SourceError
            If the cell has no rubric, or its points are not those of the rubric.
        """
        cell = self.cell(written)
        rows = [(row["name"].strip(), row["levels"]) for row in _RUBRIC.finditer(cell.source)]
        criteria = tuple(Criterion(name, tuple(level.strip() for level in text.split("|"))) for name, text in rows)
        points = sum(criterion.most for criterion in criteria)
        if not criteria or points != cell.metadata.nbgrader["points"]:
            raise SourceError(
                f"{self.path.name}, cell {written!r}: its rubric adds up to {points} points and its metadata have "
                f"{cell.metadata.nbgrader['points']}; expected the same, from rows `| **Name** | 0 | 1 | 2 |`."
            )
        return criteria

    def asked(self, name: str) -> str:
        """Return the Markdown that asks for a task or a written answer: the cell named ``ask-`` and its name."""
        return self.cell(f"ask-{name}").source

    @property
    def auto_points(self) -> float:
        """Return the points that checks give."""
        return sum(check.points for check in self.checks)

    @property
    def written_points(self) -> float:
        """Return the points that a person gives."""
        return sum(self.cell(name).metadata.nbgrader["points"] for name in self.written)

    def _asserts(self, cell: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
        for line in ast.parse(cell.source).body:
            test = line.test if isinstance(line, ast.Assert) else None
            if not (
                isinstance(test, ast.Compare)
                and len(test.ops) == 1
                and isinstance(test.ops[0], ast.Eq)
                and isinstance(line.msg, ast.Constant)
            ):
                raise SourceError(
                    f"{self.path.name}, cell {grade_id(cell)!r}, line {line.lineno}: `{ast.unparse(line)}` is no "
                    'check; expected `assert EXPRESSION == LITERAL, "message"`.'
                )
            yield ast.unparse(test.left), line.msg.value


def grade_id(cell: nbformat.NotebookNode) -> str:
    """Return the name of a cell in nbgrader's metadata, or nothing."""
    mark = cell.metadata.get("nbgrader")
    name = mark.get("grade_id") if isinstance(mark, dict) else ""
    return name if isinstance(name, str) else ""


def student_version(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    r"""Return a copy of a source without solutions and hidden tests, as nbgrader makes it.

    Links to the book become their words: students have the notebook alone.

    Examples
    --------
    >>> cell = nbformat.v4.new_code_cell("x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION")
    >>> cell.metadata["nbgrader"] = {"solution": True, "grade": False}
    >>> print(student_version(nbformat.v4.new_notebook(cells=[cell])).cells[0].source)
    x = 1
    # YOUR CODE HERE
    raise NotImplementedError()
    """
    released = nbformat.from_dict(notebook)
    for cell in released.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            stub = CODE_STUB if cell.cell_type == "code" else TEXT_STUB
            cell.source = SOLUTION.sub(lambda m, stub=stub: re.sub("^", m[1], stub, flags=re.M), cell.source)
        if mark.get("grade") and not mark.get("solution"):
            cell.source = HIDDEN.sub("", cell.source).rstrip("\n")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = _BOOK_LINK.sub(r"\1", cell.source)
    return released


def assignments(only: str | None = None, folder: Path = EXERCISES) -> list[Assignment]:
    """Read ``exercises/assignments.yml`` and return the assignments, or one of them.

    Raises
    ------
    SourceError
        If there is no such assignment, or an entry lacks something.
    """
    listed = folder / "assignments.yml"
    entries = yaml.safe_load(listed.read_text(encoding="utf-8"))
    found = []
    for entry in entries:
        missing = {"id", "notebook", "chapter", "title", "outcomes", "points", "minutes", "tables"} - set(entry)
        if missing:
            raise SourceError(f"{listed.name}: entry {entry.get('id', entry)!r} lacks {', '.join(sorted(missing))}.")
        path = folder / entry["notebook"]
        if not path.exists():
            raise SourceError(f"{listed.name}: entry {entry['id']!r} names {entry['notebook']}, which is not there.")
        found.append(
            Assignment(
                entry["id"],
                entry["title"],
                entry["chapter"],
                tuple(entry["outcomes"]),
                entry["points"],
                entry["minutes"],
                tuple(entry["tables"]),
                path,
            )
        )
    if only is None:
        return found
    if only not in {a.id for a in found}:
        raise SourceError(f"There is no assignment {only!r}; expected one of {', '.join(a.id for a in found)}.")
    return [a for a in found if a.id == only]
