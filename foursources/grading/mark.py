"""Mark submissions: run each in the sandbox, compare its values with those of the solution, and write what came out."""

import csv
import hashlib
import json
import math
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from rich.progress import Progress

from foursources.data import DATA
from foursources.grading import feedback, sandbox, tables
from foursources.grading.collect import Submission
from foursources.grading.source import TEXT_STUB, Assignment, grade_id, student_version

MARKED, BLANK, NOT_MARKED = "marked", "blank", "not marked"


class UnsolvedError(RuntimeError):
    """The solution of an assignment does not pass its own checks; nothing can be marked by it."""


@dataclass
class Marked:
    """What is known of one submission after marking.

    Attributes
    ----------
    student, name, file : str
    status : str
        `MARKED`, `BLANK` (nothing was written), or `NOT_MARKED`; a note says why.
    notes : list of str
        What the instructor should know.
    points : dict
        Points of each check; empty where the submission was not marked, so that no grade comes from it.
    seen : dict
        For each check the values or errors of its expressions.
    passed : dict
        For each check whether each of its expressions has the value of the solution.
    errors : dict
        For each task whose code raised, the last line of the error.
    written : dict
        For each written task the answer; empty where none was found.
    again : bool
        Whether to run it again next time: what died may have met a busy machine.
    """

    student: str
    name: str
    file: str = ""
    status: str = NOT_MARKED
    notes: list[str] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    passed: dict[str, list[bool]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    again: bool = False


class Marker:
    """Marks submissions of one assignment.

    Parameters
    ----------
    assignment : Assignment
    limits : sandbox.Limits, optional
        What one submission may use.
    boxed : bool, optional
        Whether to run code in bubblewrap.

    Raises
    ------
    UnsolvedError
        If the solution does not pass its own checks.
    """

    def __init__(
        self,
        assignment: Assignment,
        limits: sandbox.Limits | None = None,
        boxed: bool = True,
    ) -> None:
        self.assignment, self.limits, self.boxed = assignment, limits or sandbox.Limits(), boxed
        released = student_version(assignment.notebook)
        self.stubs = {grade_id(cell): cell.source.strip() for cell in released.cells}
        self.given = [c for c in assignment.cells(locked=True, solution=False, grade=False) if c.cell_type == "code"]
        self.helpers = "\n".join(c.source for c in self.given if grade_id(c) == "helpers")
        # Names are taken from the source only; a cell of the same name in a submission stands for what is given here.
        self.not_run = {grade_id(c) for c in self.given} | {check.id for check in assignment.checks}
        reference = self._run(assignment.notebook)
        wrong = [name for name, found in reference.values.items() if any("error" in value for value in found)]
        if reference.died or reference.errors or wrong:
            said = reference.died or "; ".join(text for _, text in reference.errors.values()) or f"checks {wrong}"
            raise UnsolvedError(f"{assignment.path.name}: the solution does not run to its end: {said}.")
        self.expected = {check: [value["value"] for value in found] for check, found in reference.values.items()}

    def fingerprint(self, content: bytes) -> str:
        """Return a digest of everything that a mark depends on."""
        parts = [content, self.assignment.path.read_bytes(), repr((self.limits, self.boxed)).encode()]
        parts += [(DATA / f"{table}.csv").read_bytes() for table in self.assignment.tables]
        parts += [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
        return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def mark(self, submission: Submission) -> Marked:
        """Mark one submission; whatever is wrong with it becomes a status and a note, never a zero."""
        marked = Marked(submission.student, submission.name, submission.file)
        if submission.note:
            marked.notes.append(submission.note)
        if submission.problem:
            marked.notes.append(submission.problem)
            return marked
        try:
            notebook = submission.notebook()
        except ValueError as error:
            marked.notes.append(str(error))
            return marked
        found = {name for cell in notebook.cells for name in self._names(cell)}
        own = {name for task in self.assignment.tasks if task != "chart" for name in (task, f"ask-{task}")}
        if not found & own:
            marked.notes.append(f"no cell of the assignment {self.assignment.id} is in it; is it the right file?")
            return marked
        marked.notes += self._oddities(notebook)
        marked.written = {name: self._written(notebook, name) for name in self.assignment.written}
        outcome = self._run(notebook)
        if outcome.died:
            marked.notes.append(f"{outcome.died}, in cell {outcome.last}; look at the notebook")
            marked.again = True
            return marked
        marked.status = BLANK if self._blank(notebook) and not any(marked.written.values()) else MARKED
        marked.errors = {cell: text for cell, (_, text) in outcome.errors.items() if text != "NotImplementedError"}
        for check in self.assignment.checks:
            seen = outcome.values.get(check.id, [])
            seen += [{"error": "not evaluated"}] * (len(check.asserts) - len(seen))
            right = [
                "value" in value and same(value["value"], expected)
                for value, expected in zip(seen, self.expected[check.id], strict=False)
            ]
            marked.seen[check.id], marked.passed[check.id] = seen, right
            marked.points[check.id] = check.points if all(right) else 0
        return marked

    def _run(self, notebook: nbformat.NotebookNode) -> sandbox.Outcome:
        cells = [(grade_id(cell), cell.source) for cell in self.given]
        checks = {self.stubs[check.id] for check in self.assignment.checks}
        for number, cell in enumerate(notebook.cells, 1):
            names = self._names(cell)
            if cell.cell_type == "code" and not names & self.not_run and cell.source.strip() not in checks:
                cells.append((min(names & set(self.assignment.tasks), default=f"number {number}"), cell.source))
        visible, hidden = (
            {check.id: check.expressions for check in self.assignment.checks if check.hidden is which}
            for which in (False, True)
        )
        return sandbox.run(
            cells, self.helpers, visible, self.assignment.tables, hidden, limits=self.limits, boxed=self.boxed
        )

    def _names(self, cell: nbformat.NotebookNode) -> set[str]:
        """Return the names by which a cell may be known: nbgrader's, the cell's own, or that of an equal given text."""
        names = {grade_id(cell), cell.get("id", "")} & set(self.stubs)
        return names or {name for name, source in self.stubs.items() if source == cell.source.strip() != TEXT_STUB}

    def _blank(self, notebook: nbformat.NotebookNode) -> bool:
        given = set(self.stubs.values())
        return all(cell.source.strip() in {*given, ""} for cell in notebook.cells if cell.cell_type == "code")

    def _oddities(self, notebook: nbformat.NotebookNode) -> Iterator[str]:
        for task in (*self.assignment.tasks, *self.assignment.written):
            kind = self.assignment.cell(task).cell_type
            cells = [cell for cell in notebook.cells if task in self._names(cell)]
            if not cells:
                yield f"no cell is named {task}; what stands elsewhere in the notebook counts"
            elif len(cells) > 1:
                yield f"the cell {task} is there {len(cells)} times; all were read, in order"
            if any(cell.cell_type != kind for cell in cells):
                yield f"the cell {task} is no longer a {kind} cell"
        for check in self.assignment.checks:
            changed = [
                c for c in notebook.cells if check.id in self._names(c) and c.source.strip() != self.stubs[check.id]
            ]
            if changed:
                yield f"the checks {check.id} were changed; the original ones were used"

    def _written(self, notebook: nbformat.NotebookNode, name: str) -> str:
        """Return a written answer: of the cell with its name, or else of the cell behind the question."""
        cells = [cell for cell in notebook.cells if name in self._names(cell)]
        if not cells:
            asked = self.stubs[f"ask-{name}"]
            behind = [n + 1 for n, cell in enumerate(notebook.cells[:-1]) if cell.source.strip() == asked]
            cells = [notebook.cells[n] for n in behind]
        answers = [cell.source.strip() for cell in cells]
        return "\n\n".join(a.replace(TEXT_STUB, "").strip() for a in answers if a.replace(TEXT_STUB, "").strip())


def same(value: object, expected: object) -> bool:
    """Say whether two values of plain data are the same; numbers may differ in the ninth digit, kinds may not.

    Examples
    --------
    >>> same([1, 0.1 + 0.2], [1.0, 0.3]), same(True, 1), same("1", 1)
    (True, False, False)
    """
    if isinstance(value, bool) or isinstance(expected, bool):
        return value is expected
    if isinstance(value, int) and isinstance(expected, int):
        return value == expected
    if isinstance(value, (int, float)) and isinstance(expected, (int, float)):
        if abs(value) > 1e300:
            return False
        return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(same, value, expected))
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(same(value[key], expected[key]) for key in value)
    return type(value) is type(expected) and value == expected


def mark_all(marker: Marker, submissions: Sequence[Submission], out: Path, workers: int = 2) -> list[Marked]:
    """Mark submissions side by side and write ``grades.csv``, ``to_mark.csv`` and a feedback page for each student.

    What was marked before with the same submission, source, data and limits is not run again.

    Parameters
    ----------
    marker : Marker
    submissions : sequence of Submission
    out : pathlib.Path
        Folder for the results; it is made where it is missing.
    workers : int, optional
        How many submissions run at a time.
    """
    known = out / ".marked"
    known.mkdir(parents=True, exist_ok=True)

    def one(submission: Submission) -> Marked:
        kept = known / f"{marker.fingerprint(repr(submission).encode())}.json"
        try:
            return Marked(**json.loads(kept.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            pass  # not marked before, or the file is damaged
        try:
            marked = marker.mark(submission)
            # Half of a surrogate pair is text that no file can hold.
            text = json.dumps(asdict(marked), ensure_ascii=False).encode("utf-8", "replace").decode()
        except Exception as error:  # whatever a notebook does to this program, the other students get their marks
            note = f"this program failed on it ({type(error).__name__}); look at the notebook"
            return Marked(submission.student, submission.name, submission.file, notes=[note])
        if not marked.again:
            part = kept.with_suffix(f".{threading.get_ident()}")
            part.write_text(text, encoding="utf-8")
            part.replace(kept)
        return Marked(**json.loads(text))

    with Progress() as bar, ThreadPoolExecutor(max_workers=workers) as pool:
        shown = bar.add_task(f"Marking {marker.assignment.id}", total=len(submissions))
        jobs = {pool.submit(one, submission): place for place, submission in enumerate(submissions)}
        results: dict[int, Marked] = {}
        for job in as_completed(jobs):
            results[jobs[job]] = job.result()
            bar.advance(shown)
    marked = [results[place] for place in range(len(submissions))]
    write_grades(out / "grades.csv", marker.assignment, marked)
    tables.write_to_mark(out / "to_mark.csv", marker.assignment, marked)
    _write_feedback(out / "feedback", marker.assignment, marked)
    return marked


def write_grades(path: Path, assignment: Assignment, marked: Iterable[Marked]) -> None:
    """Write one row for each student: status, notes, points of each check and their sum; blank where not marked."""
    checks = [check.id for check in assignment.checks]
    heads = ["assignment", "student", "name", "file", "status", "notes", *checks, "checks", "checks_of", "written_of"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(heads)
        for one in marked:
            given = [f"{one.points[check]:g}" if one.points else "" for check in checks]
            total = f"{sum(one.points.values()):g}" if one.points else ""
            text = [one.student, one.name, one.file, one.status, "; ".join(one.notes)]
            rows.writerow(
                [
                    assignment.id,
                    *map(tables.safe, text),
                    *given,
                    total,
                    f"{assignment.auto_points:g}",
                    f"{assignment.written_points:g}",
                ]
            )


def _write_feedback(folder: Path, assignment: Assignment, marked: Iterable[Marked]) -> None:
    folder.mkdir(exist_ok=True)
    used: set[str] = set()
    for one in marked:
        if not one.file:
            continue  # nothing was handed in, so there is nothing to say
        stem = re.sub(r"[^\w-]+", "-", f"{one.name}-{one.student}" if one.name != one.student else one.name).strip("-")
        name = stem.encode()[:120].decode("utf-8", "ignore") or "student"
        while name.casefold() in used:
            name += "-2"
        used.add(name.casefold())
        (folder / f"{name}.html").write_text(feedback.page(assignment, one), encoding="utf-8")
