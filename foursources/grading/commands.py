"""The commands of an instructor: release, grade, export, questions."""

import argparse
from collections import Counter
from pathlib import Path

from foursources.data import DATA
from foursources.grading import lms, sandbox, tables
from foursources.grading.collect import collect
from foursources.grading.mark import Marker, mark_all
from foursources.grading.release import release
from foursources.grading.source import assignments

BUILD = DATA.parent / "_build"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands and their options."""
    unsafe = {"action": "store_true", "help": "run code without bubblewrap, with all your rights"}
    made = commands.add_parser("release", help="make the zips for students, and keys and marking sheets for you")
    made.add_argument("--only", metavar="ID", help="one assignment of exercises/assignments.yml")
    made.add_argument("--out", type=Path, default=BUILD, help="folder for release/ and instructor/ (default: _build)")
    made.add_argument("--unsafe-no-sandbox", **unsafe)
    marked = commands.add_parser("grade", help="mark what students handed in")
    marked.add_argument("submissions", type=Path, help="folder or zip as Canvas or Moodle exports it")
    marked.add_argument("--assignment", required=True, metavar="ID")
    marked.add_argument("--out", required=True, type=Path, help="folder for grades.csv, to_mark.csv and feedback/")
    marked.add_argument("--roster", type=Path, help="CSV with id and name, or a gradebook of Canvas or Moodle")
    marked.add_argument("--workers", type=int, default=2, help="submissions that run at a time (default: 2)")
    marked.add_argument("--unsafe-no-sandbox", **unsafe)
    exported = commands.add_parser("export", help="merge checks and written answers into final grades")
    exported.add_argument("--marks", required=True, type=Path, metavar="to_mark.csv")
    exported.add_argument("--grades", type=Path, metavar="grades.csv", help="default: beside the marks")
    exported.add_argument("--template", type=Path, help="gradebook that Canvas or Moodle exported, to fill in")
    exported.add_argument("--out", required=True, type=Path, metavar="final.csv")
    asked = commands.add_parser("questions", help="write the self-checks for an LMS: Moodle XML, and QTI for Canvas")
    asked.add_argument("--out", required=True, type=Path, help="folder for the files")


def run(chosen: argparse.Namespace) -> list[str]:
    """Run the chosen command; return what keeps it from being done."""
    return {"release": _release, "grade": _grade, "export": _export, "questions": _questions}[chosen.command](chosen)


def _release(chosen: argparse.Namespace) -> list[str]:
    for assignment in assignments(chosen.only):
        print(release(assignment, chosen.out, boxed=not chosen.unsafe_no_sandbox))
    print(f"Keys and marking sheets, for you alone, are in {chosen.out / 'instructor'}.")
    return []


def _grade(chosen: argparse.Namespace) -> list[str]:
    boxed = not chosen.unsafe_no_sandbox
    if boxed:
        sandbox.require()
    [assignment] = assignments(chosen.assignment)
    submissions = collect(chosen.submissions, chosen.roster)
    marked = mark_all(Marker(assignment, boxed=boxed), submissions, chosen.out, max(1, chosen.workers))
    counts = Counter(one.status for one in marked)
    print(f"{len(marked)} students: " + ", ".join(f"{n} {status}" for status, n in counts.items()) + ".")
    for one in marked:
        if one.status == "not marked":
            print(f"- {one.name}: {'; '.join(one.notes)}.")
    print(f"Now fill in {chosen.out / 'to_mark.csv'}; grades.csv and feedback/ are beside it.")
    return []


def _export(chosen: argparse.Namespace) -> list[str]:
    grades = chosen.grades or chosen.marks.with_name("grades.csv")
    found = {row["assignment"] for row in tables.read(grades)}
    if len(found) != 1:
        return [f"{grades}: expected the grades of one assignment; found {', '.join(sorted(found)) or 'none'}."]
    [assignment] = assignments(found.pop())
    rows = tables.final(grades, chosen.marks, assignment)
    for note in tables.export(rows, chosen.out, assignment, chosen.template):
        print(note)
    open_rows = [row["name"] for row in rows if not row["total"]]
    print(f"{chosen.out}: {len(rows) - len(open_rows)} of {len(rows)} students have a grade.")
    if open_rows:
        print(f"Not finished, left blank: {'; '.join(open_rows)}.")
    return []


def _questions(chosen: argparse.Namespace) -> list[str]:
    for path in lms.write(chosen.out):
        print(path)
    return []
