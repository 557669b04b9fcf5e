"""The tables that an instructor fills in and takes away: written answers to mark, and grades for a gradebook."""

import csv
import io
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foursources.grading.source import Assignment

if TYPE_CHECKING:
    from foursources.grading.mark import Marked

_FORMULA = re.compile(r"(?:^[\s\ufeff]*|[;\t\r\n]\s*)[=+\-@＝＋－＠]\s*[^\s-]|^[\t\r]")
_FIXED = ["student", "name", "status", "question", "answer"]
BY_HAND = "checks by hand"
"""Column for the points of the checks where the program could not mark: it goes before what the program found."""


def safe(text: str) -> str:
    """Return text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe("=1+1"), safe("a = b")
    ("'=1+1", 'a = b')
    """
    return f"'{text}" if _FORMULA.search(text) else text


def unsafe(text: str) -> str:
    """Undo `safe`."""
    return text[1:] if text.startswith("'") and _FORMULA.search(text[1:]) else text


def criterion_columns(assignment: Assignment) -> dict[str, dict[str, int]]:
    """Return for each written task its columns, such as ``Evidence (0-2)``, and the most that each can earn."""
    return {
        written: {f"{criterion.name} (0-{criterion.most})": criterion.most for criterion in assignment.rubric(written)}
        for written in assignment.written
    }


def write_to_mark(path: Path, assignment: Assignment, marked: Iterable["Marked"]) -> None:
    """Write the written answers with an empty column for each criterion; marks that are there already stay.

    Where a marked answer has changed since, its row says so. The file as it was is kept beside it.
    """
    columns = criterion_columns(assignment)
    criteria = list(dict.fromkeys(name for names in columns.values() for name in names))
    before = {}
    if path.exists():
        shutil.copy(path, path.with_suffix(".before.csv"))
        before = {(row["student"], row["question"]): row for row in read(path)}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        kept = [*criteria, BY_HAND, "comment"]
        rows = csv.DictWriter(file, [*_FIXED, *kept, "changed"], extrasaction="ignore")
        rows.writeheader()
        for one in marked:
            for question in columns:
                answer = one.written.get(question, "")
                old = before.pop((one.student, question), {})
                given = {name: old.get(name, "") for name in kept}
                changed = any(given.values()) and old.get("answer", "").split() != unsafe(safe(answer)).split()
                row = {
                    "student": one.student,
                    "name": one.name,
                    "status": one.status,
                    "question": question,
                    "answer": answer,
                }
                row |= given
                row["changed"] = "the answer changed after it was marked" if changed else ""
                rows.writerow({key: safe(value) for key, value in row.items()})
        for old in before.values():  # marks of a student whose file is no longer there
            if any(old.get(name) for name in kept):
                old["changed"] = "there is no longer a submission of this student"
                rows.writerow({key: safe(value) for key, value in old.items()})


def read(path: Path) -> list[dict[str, str]]:
    """Read a table that may have been through a spreadsheet: with a byte-order mark, or semicolons."""
    text, mark = _text(path)
    csv.field_size_limit(1 << 26)  # a written answer may be long
    found = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    return [{key: unsafe(value or "") for key, value in row.items() if key is not None} for row in found]


@dataclass
class ByHand:
    """What a person entered for one student: points of written answers (None while one is blank), and of checks."""

    written: float | None = 0.0
    checks: float | None = None
    comment: str = ""


def _text(path: Path) -> tuple[str, str]:
    """Return the text of a table, and what stands between its columns."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not in UTF-8: save it again as *CSV UTF-8*.") from None
    return text, max(",;\t", key=text.split("\n", 1)[0].count)


def entered(path: Path, assignment: Assignment) -> dict[str, ByHand]:
    """Return what was entered by hand in ``to_mark.csv``, for each student.

    Raises
    ------
    ValueError
        If a mark is no number or lies outside its criterion, with row and column; or a column is missing.
    """
    columns = criterion_columns(assignment)
    needed = {"student", "question", *(name for names in columns.values() for name in names)}
    rows = read(path)
    if rows and (missing := needed - set(rows[0])):
        raise ValueError(f"{path}: the column {', '.join(sorted(missing))} is missing; do not rename the columns.")
    found: dict[str, ByHand] = {}
    problems: list[str] = []

    def number(row: dict[str, str], line: int, column: str, most: float) -> float | None:
        cell = row.get(column, "").strip().replace(",", ".")
        try:
            given = float(cell) if cell else None
        except ValueError:
            given = -1.0
        if given is not None and not 0 <= given <= most:
            problems.append(
                f"{path}, row {line} ({row['name']}), column {column!r}: {row[column]!r}; expected a number from 0 to "
                f"{most:g}, or nothing while it is not marked."
            )
        return given

    for line, row in enumerate(rows, 2):
        if row["question"] not in columns:
            problems.append(f"{path}, row {line}: {row['question']!r} is no written task of {assignment.id}.")
            continue
        one = found.setdefault(row["student"], ByHand())
        points = [number(row, line, name, most) for name, most in columns[row["question"]].items()]
        one.written = None if one.written is None or None in points else one.written + sum(p or 0 for p in points)
        by_hand = number(row, line, BY_HAND, assignment.auto_points)
        one.checks = by_hand if by_hand is not None else one.checks
        one.comment = " ".join([one.comment, row.get("comment", "")]).strip()
    if problems:
        raise ValueError("\n".join(problems))
    return found


def final(grades: Path, marks: Path, assignment: Assignment) -> list[dict[str, str]]:
    """Merge the points of checks and of written answers; whatever is not yet known stays blank.

    Returns
    -------
    list of dict
        For each student ``student``, ``name``, ``status``, ``checks``, ``written``, ``total``, ``out_of`` and
        ``comment``.
    """
    by_hand = entered(marks, assignment)
    merged = []
    for row in read(grades):
        hand = by_hand.get(row["student"], ByHand(None))
        checks = hand.checks if hand.checks is not None else float(row["checks"]) if row["checks"] else None
        total = None if checks is None or hand.written is None else checks + hand.written
        shown = {"checks": checks, "written": hand.written, "total": total}
        merged.append(
            {name: row[name] for name in ("student", "name", "status")}
            | {name: "" if points is None else f"{points:g}" for name, points in shown.items()}
            | {"out_of": f"{assignment.auto_points + assignment.written_points:g}", "comment": hand.comment}
        )
    return merged


def export(rows: list[dict[str, str]], out: Path, assignment: Assignment, template: Path | None = None) -> list[str]:
    """Write final grades as a plain CSV, or into a gradebook that Canvas or Moodle exported; return what to know.

    Canvas is known by its columns ``Student`` and ``ID``; the column of the assignment by its title or id. Moodle is
    known by ``Identifier`` and ``Grade``. Rows of the gradebook without a grade here stay as they are.

    Raises
    ------
    ValueError
        If the template is neither, or has no column for the assignment.
    """
    if template is None:
        heads, lines = list(rows[0]) if rows else [], [list(row.values()) for row in rows]
        _write(out, heads, lines)
        return []
    text, mark = _text(template)
    heads, *lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    grades = {row["student"]: row["total"] for row in rows}
    if {"Student", "ID"} <= set(heads):
        key, target = heads.index("ID"), _canvas_column(heads, assignment, template)
    elif {"Identifier", "Grade"} <= set(heads):
        key, target = heads.index("Identifier"), heads.index("Grade")
    else:
        raise ValueError(
            f"{template}: no gradebook of Canvas (columns Student, ID) or Moodle (Identifier, Grade); found "
            f"{', '.join(heads[:6])}."
        )
    filled = set()
    for line in lines:
        student = re.sub(r"\D", "", line[key]) if len(line) > max(key, target) else ""
        if grades.get(student):
            line[target] = grades[student]
        filled.add(student)
    _write(out, heads, lines)
    left = [row for row in rows if row["student"] not in filled]
    return [f"{row['name']} ({row['student']}) is not in {template.name}; enter the grade by hand." for row in left]


def _canvas_column(heads: list[str], assignment: Assignment, template: Path) -> int:
    names = (assignment.title.casefold(), assignment.id.casefold())
    found = [n for n, head in enumerate(heads) if re.sub(r"\s*\(\d+\)$", "", head).strip().casefold() in names]
    if len(found) != 1:
        raise ValueError(
            f"{template}: {len(found)} columns are called {assignment.title!r} or {assignment.id!r}; expected one. "
            "Name the assignment so in Canvas, or rename the column."
        )
    return found[0]


def _write(out: Path, heads: list[str], lines: Iterable[Iterable[str]]) -> None:
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(heads)
        rows.writerows([[cell if _number(cell) else safe(cell) for cell in line] for line in lines])


def _number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(?:\.\d+)?", cell))
