"""Try the assignment sources with nbgrader: `python tools/with_nbgrader.py PATH/TO/nbgrader [ID]`.

nbgrader lives in an environment of its own, because the book does not need it:
`python -m venv ENV && ENV/bin/pip install nbgrader pandas altair`. For each source this makes nbgrader's release and
compares its code with ours, then lets nbgrader mark the solution and the blank release: full marks, and none. Nothing
is changed in the project.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from foursources.grading.source import assignments, student_version  # noqa: E402


def main(nbgrader: str) -> int:
    """Print one line for each assignment; return 1 if nbgrader and the project differ."""
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        course = Path(name)
        (course / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'four-sources'\n"
            f"c.CourseDirectory.root = {str(course)!r}\nc.ExecutePreprocessor.timeout = 120\n"
        )
        env = {**os.environ, "PATH": f"{Path(nbgrader).parent}:{os.environ['PATH']}"}

        def run(*words: str) -> None:
            done = subprocess.run([nbgrader, *words], cwd=course, env=env, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"nbgrader {' '.join(words)} failed:\n{done.stderr[-3000:]}")

        for one in assignments(sys.argv[2] if len(sys.argv) > 2 else None):
            source = course / "source" / one.id
            source.mkdir(parents=True)
            shutil.copy(one.path, source)
            (source / "data").mkdir()
            for table in one.tables:
                shutil.copy(ROOT / "data" / f"{table}.csv", source / "data")
            run("generate_assignment", one.id, "--create")
            theirs = nbformat.read(course / "release" / one.id / one.path.name, as_version=4)
            ours = student_version(one.notebook)
            code = [[c.source.strip() for c in made.cells if c.cell_type == "code"] for made in (theirs, ours)]
            for student, files in (("solved", source), ("blank", course / "release" / one.id)):
                shutil.copytree(files, course / "submitted" / student / one.id)
            run("autograde", one.id)
            scores = _scores(course / "gradebook.db", one.id)
            right = code[0] == code[1] and scores == {"solved": one.auto_points, "blank": 0}
            wrong += not right
            print(f"{one.id}: same code {code[0] == code[1]}, marks {json.dumps(scores)} of {one.auto_points:g}")
    return int(bool(wrong))


def _scores(database: Path, assignment: str) -> dict[str, float]:
    query = """
        select s.student_id, sum(g.auto_score) from grade g
        join submitted_notebook n on g.notebook_id = n.id
        join submitted_assignment s on n.assignment_id = s.id
        join assignment a on s.assignment_id = a.id
        where a.name = ? and g.auto_score is not null group by s.student_id
    """
    with sqlite3.connect(database) as known:
        return dict(known.execute(query, [assignment]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
