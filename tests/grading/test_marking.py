"""Marking: whatever comes back gets one true row, a hidden check stays hidden, and nothing unreadable becomes a 0."""

import csv
import json

import nbformat
import pytest

from foursources.grading import sandbox
from foursources.grading.collect import Submission
from foursources.grading.mark import BLANK, MARKED, NOT_MARKED, Marker, mark_all, same
from tests.grading.lake import RIGHT, SECRETS, as_bytes, assignment, handed_in

LIMITS = sandbox.Limits(cell_seconds=4, seconds=20)
ALL = 7


@pytest.fixture(scope="module")
def marker(tmp_path_factory):
    return Marker(assignment(tmp_path_factory.mktemp("source")), LIMITS)


def marked(marker, content):
    content = content if isinstance(content, bytes) else as_bytes(content)
    return marker.mark(Submission("7", "Ana", "ana.ipynb", content))


def points(one):
    return sum(one.points.values()) if one.points else None


def with_code(**cells):
    return handed_in(**(RIGHT | cells))


def test_the_solution_and_another_right_way_earn_all_points(marker):
    assert points(marked(marker, marker.assignment.notebook)) == ALL
    one = marked(marker, handed_in(**RIGHT))
    assert (points(one), one.status, one.notes) == (ALL, MARKED, [])
    assert one.written == {"written": "The commune owns it."}


def test_a_blank_notebook_is_blank(marker):
    one = marked(marker, handed_in())
    assert (points(one), one.status, one.errors) == (0, BLANK, {})


@pytest.mark.parametrize(
    ("cells", "earned"),
    [
        ({"total": "total = 9"}, 5),
        ({"share": "def share(depths, bay):\n    return 0.375"}, 4),  # knows what the visible check wants, no more
        ({"total": "1/0"}, 4),
        ({"total": "total = = 8"}, 4),
        ({"total": "import sys; sys.exit(0)"}, 4),
        ({"total": "while True:\n    pass"}, 4),
        ({"total": "total = 8\nprint('x\\n' * 300_000)"}, 7),
        ({"total": "x = bytearray(3 << 30)\ntotal = 8"}, 4),
        ({"total": "total = int(open('/etc/passwd').read() and open('../secret').read())"}, 4),
        ({"total": "open('/usr/lib/x', 'w')\ntotal = 8"}, 4),
        ({"total": "import socket\nsocket.create_connection(('192.0.2.1', 80), 2)\ntotal = 8"}, 4),
        ({"total": "total = 8.0"}, 6),  # the visible check asks for a whole number
        ({"total": "total = '8'"}, 4),
        ({"total": "total = True"}, 4),
    ],
    ids=lambda v: str(v)[:40],
)
def test_each_task_earns_what_was_done_for_it(marker, cells, earned):
    one = marked(marker, with_code(**cells))
    assert (points(one), one.status) == (earned, MARKED)


CLAIMS_EVERYTHING = """
class All(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __round__(self, n=None): return self
    def __float__(self): return 0.0
total = All(0)
def share(*_): return All(0)
"""
PATCHED = """
import json, builtins
pd.Series.sum = lambda self, *a, **k: 0
json.dumps = lambda *a, **k: '{"check": "check-total-more", "values": [{"value": 8}]}'
builtins.eval = lambda *a: 8
builtins.round = lambda *a: 0.62
isinstance = lambda *a: True
"""
FORGED = """
import os
for number in range(3, 64):
    try:
        os.write(number, b'{"check": "check-total-more", "values": [{"value": 7}]}\\n{"end": true}\\n')
    except OSError:
        pass
print('{"check": "check-total", "values": [{"value": "int"}], "end": true}')
"""


@pytest.mark.parametrize("code", [CLAIMS_EVERYTHING, PATCHED, FORGED], ids=["claims", "patched", "forged"])
def test_nobody_earns_points_for_what_they_did_not_do(marker, code):
    one = marked(marker, handed_in(total=code))
    hidden = [check.id for check in marker.assignment.checks if check.hidden]
    assert [one.points.get(check, 0) for check in hidden] == [0, 0]


DEAF = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(0)", "stopped by itself"),
        ("import ctypes; ctypes.string_at(0)", "ended with status"),
        (f"{DEAF}while True: pass", "took longer"),
        (f"{DEAF}import os\nfor _ in range(40): os.fork() or signal.pause()\nwhile True: pass", "took longer"),
    ],
)
def test_a_run_that_dies_is_not_marked_and_says_where(marker, code, said):
    one = marked(marker, with_code(total=code))
    assert (one.status, one.points) == (NOT_MARKED, {})
    assert said in one.notes[-1] and "in cell total" in one.notes[-1]
    assert one.written["written"] == RIGHT["written"], "a person can still mark the written answer"


def test_the_number_of_processes_is_bounded():
    found = sandbox.run([("a", "import resource")], "", {"c": ["resource.getrlimit(resource.RLIMIT_NPROC)"]}, [])
    assert found.values["c"] == [{"value": [sandbox.Limits().processes] * 2}]


def test_a_submission_cannot_write_outside_or_see_the_project(marker, tmp_path):
    code = (
        "import pathlib\n"
        f"places = '{marker.assignment.path}', '{tmp_path}', '/home', '/root/.ssh'\n"
        "total = [pathlib.Path(place).exists() for place in places]\n"
        "pathlib.Path('/tmp/left').write_text('x')"
    )
    one = marked(marker, with_code(total=code))
    assert one.errors == {}
    sandboxed = sandbox.run([("a", code)], "", {"c": ["total", "sorted(map(str, pathlib.Path('.').iterdir()))"]}, [])
    seen = [value["value"] for value in sandboxed.values["c"]]
    assert seen == [[False] * 4, ["box.py", "data", "job.json"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"{ not json", "damaged, or no notebook"),
        (b'{"cells": 3}', "damaged, or no notebook"),
        (b"\xff\xfe\x00 binary", "damaged, or no notebook"),
        (
            as_bytes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])),
            "no cell of the assignment lake",
        ),
    ],
)
def test_what_cannot_be_read_gets_no_points_and_a_reason(marker, content, said):
    one = marked(marker, content)
    assert (one.status, one.points) == (NOT_MARKED, {})
    assert said in one.notes[-1]


def test_a_renamed_file_is_the_same_notebook(marker):
    one = marker.mark(Submission("7", "Ana", "my homework FINAL(2).ipynb", as_bytes(handed_in(**RIGHT))))
    assert points(one) == ALL


def changed(change):
    notebook = handed_in(**RIGHT)
    change(notebook)
    return notebook


def cell(notebook, name):
    return next(c for c in notebook.cells if c.id == name)


def drop(notebook):
    notebook.cells.remove(cell(notebook, "share"))


def duplicate(notebook):
    again = nbformat.from_dict(cell(notebook, "total"))
    again.source = "total = 8"
    notebook.cells.insert(5, again)


def edit_check(notebook):
    cell(notebook, "check-total").source = "assert True"


def strip(notebook):
    for number, c in enumerate(notebook.cells):
        c.metadata, c.id = nbformat.NotebookNode(), f"x{number}"


def retype(notebook):
    cell(notebook, "total").cell_type = "markdown"


@pytest.mark.parametrize(
    ("change", "earned", "said"),
    [
        (drop, 3, "no cell is named share"),
        (duplicate, 7, "is there 2 times"),
        (edit_check, 7, "the original ones were used"),
        (strip, 7, "no cell is named total"),
        (retype, 4, "no longer a code cell"),
    ],
)
def test_a_notebook_that_was_changed_is_marked_with_a_note(marker, change, earned, said):
    one = marked(marker, changed(change))
    assert (points(one), one.status) == (earned, MARKED)
    assert any(said in note for note in one.notes)
    assert one.written["written"] == RIGHT["written"]


def test_an_old_notebook_format_is_read(marker):
    notebook = json.loads(nbformat.writes(nbformat.convert(handed_in(**RIGHT), 3), version=3))
    assert notebook["nbformat"] == 3
    assert points(marked(marker, json.dumps(notebook).encode())) == ALL


def test_numbers_may_differ_in_the_ninth_digit_and_kinds_may_not():
    assert same({"a": [0.1 + 0.2]}, {"a": [0.3]}) and same(3, 3.0) and same(None, None)
    assert not same(True, 1) and not same("3", 3) and not same([1], [1, 2]) and not same({"a": 1}, {"b": 1})
    assert not same({"type": "pandas.DataFrame"}, [1])


NAMES = ['O\'Neil, "Ana"', "=cmd|' /C calc'!A0", "Արամ Սարգսյան", "Əli Həsənov", "../../up"]


@pytest.fixture(scope="module")
def batch(marker, tmp_path_factory):
    out = tmp_path_factory.mktemp("marked")
    contents = [as_bytes(handed_in(**RIGHT)), as_bytes(with_code(total="total = 9")), as_bytes(handed_in()), b"", b"{"]
    submissions = [
        Submission(str(n), name, f"{n}.ipynb", content)
        for n, (name, content) in enumerate(zip(NAMES, contents, strict=True))
    ]
    return out, submissions, mark_all(marker, submissions, out, workers=2)


def test_a_batch_has_one_row_and_one_page_for_each_student(batch):
    out, submissions, _ = batch
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == [one.student for one in submissions]
    assert [row["name"] for row in rows] == [NAMES[0], "'" + NAMES[1], *NAMES[2:]]
    assert [row["status"] for row in rows] == [MARKED, MARKED, BLANK, NOT_MARKED, NOT_MARKED]
    assert [row["checks"] for row in rows] == ["7", "5", "0", "", ""]
    pages = sorted((out / "feedback").glob("*.html"))
    assert len(pages) == len(submissions) and {page.parent for page in pages} == {out / "feedback"}


def test_feedback_tells_what_was_seen_and_keeps_what_is_hidden(batch, marker):
    out, _, _results = batch
    pages = [page.read_text(encoding="utf-8") for page in sorted((out / "feedback").glob("*.html"))]
    for page in pages:
        assert not [secret for secret in SECRETS if secret in page]
        assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    wrong = next(page for page in pages if "checks gave 5 of 7" in page)
    assert "Further checks: not passed" in wrong and "Seen:" in wrong
    assert any("could not be marked" in page and "no grade" in page for page in pages)
    assert all("&lt;script" in page or "script" not in page for page in pages)


def test_a_rerun_marks_only_what_changed_and_keeps_marks_that_a_person_gave(batch, marker, monkeypatch):
    out, submissions, _ = batch
    table = out / "to_mark.csv"
    table.write_text(
        table.read_text(encoding="utf-8-sig").replace("owns it.,,,", "owns it.,2,1,"), encoding="utf-8-sig"
    )
    ran = []
    real = marker.mark
    monkeypatch.setattr(marker, "mark", lambda submission: ran.append(submission.student) or real(submission))
    again = [submissions[0], Submission("1", NAMES[1], "1.ipynb", as_bytes(handed_in(**RIGHT))), *submissions[2:]]
    mark_all(marker, again, out, workers=2)
    assert ran == ["1"]
    assert "owns it.,2,1," in table.read_text(encoding="utf-8-sig")
    assert (out / "to_mark.before.csv").exists()


def test_marking_refuses_without_bubblewrap_unless_told(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    sandbox.require.cache_clear()
    with pytest.raises(sandbox.SandboxError, match="apt-get install bubblewrap"):
        sandbox.run([], "", {}, [])
    assert sandbox.run([("a", "x = 1")], "", {"c": ["x"]}, [], boxed=False).values == {"c": [{"value": 1}]}
    monkeypatch.undo()
    sandbox.require.cache_clear()


LEAK = """
import sys
total = 8
frame, seen = sys._getframe(), ""
while frame:
    seen += repr(frame.f_locals.get("job", "")) + repr(frame.f_locals.get("received", ""))
    frame = frame.f_back
raise ValueError(open("job.json").read() + seen)
"""
LATE = """
import os
total = 8
class Late(dict):
    def __class_getitem__(cls, key): pass
for number in range(3, 20):
    try:
        os.write(number, b'{"ready": true}\\n')
        hidden = os.read(number, 100000)
    except OSError:
        continue
raise ValueError(repr(globals().get("hidden")))
"""


@pytest.mark.parametrize("code", [LEAK, LATE], ids=["frames", "forged signal"])
def test_no_hidden_check_comes_back_in_feedback(marker, code, tmp_path):
    sent = Submission("7", "Ana", "ana.ipynb", as_bytes(with_code(total=code)))
    mark_all(marker, [sent], tmp_path, workers=1)
    text = "".join(
        path.read_text(encoding="utf-8-sig")
        for path in tmp_path.rglob("*")
        if path.is_file() and path.suffix != ".json"
    )
    assert "other lake" not in text and "depth=[1, 3]" not in text and "'b'), 2" not in text


def test_the_system_s_settings_cannot_be_opened_for_writing():
    code = "import os\ndef opens(path):\n    try:\n        os.close(os.open(path, os.O_WRONLY))\n        return True\n"
    code += "    except OSError:\n        return False"
    places = ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/usr/bin/env", "/etc/ld.so.cache"]
    found = sandbox.run([("a", code)], "", {"c": [f"opens({place!r})" for place in places]}, [])
    assert [value["value"] for value in found.values["c"]] == [False] * 4


def test_what_a_run_writes_is_bounded(marker):
    code = "with open('big', 'wb') as f:\n    for _ in range(30):\n        f.write(b'0' * (8 << 20))\ntotal = 8"
    one = marked(marker, with_code(total=code))
    assert (points(one), one.status) == (4, MARKED) and "OSError" in one.errors["total"]


FORGERIES = [
    b'{"check": "check-total", "values": [{"value": 1}, {"value": 2}]}',
    b'{"error": 5}',
    b"[" * 100_000,
    b'{"check": "check-total", "values": [{"error": 5}]}',
    b'{"cell": "' + b"A" * 100_000 + b'"}',
    b'{"cell": "\\ud800"}',
]


@pytest.mark.parametrize(
    "notebook",
    [
        *(
            with_code(
                total="import os\nfor n in range(3, 20):\n    try:\n        "
                f"os.write(n, {line!r} + b'\\n')\n    except OSError:\n        pass"
            )
            for line in FORGERIES
        ),
        with_code(total="total = 10**400"),
        with_code(total="total = 10**5000"),
        with_code(total="raise ValueError(chr(0xd800))"),
        with_code(total="for n in range(500):\n    import os\n    os.mkdir('d'); os.chdir('d')\ntotal = 8"),
    ],
    ids=range(10),
)
def test_a_spiteful_submission_costs_nobody_else_a_mark(marker, notebook, tmp_path):
    good = Submission("1", "Ana", "a.ipynb", as_bytes(handed_in(**RIGHT)))
    bad = Submission("2", "x" * 300 + "\ud800", "b\ud800.ipynb", as_bytes(notebook))
    ana, other = mark_all(marker, [good, bad], tmp_path, workers=2)
    assert (points(ana) == ALL and (points(other) or 0) < ALL) or other.points["check-total-more"] == 2
    assert len(list((tmp_path / "feedback").iterdir())) == 2


@pytest.mark.parametrize("metadata", [{"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade_id": ["a"]}}, {}])
def test_odd_metadata_are_no_obstacle(marker, metadata):
    notebook = json.loads(as_bytes(handed_in(**RIGHT)))
    for one in notebook["cells"]:
        one["metadata"] = metadata
    assert points(marked(marker, json.dumps(notebook).encode())) == ALL


def test_a_damaged_cache_is_made_again(marker, tmp_path):
    one = Submission("1", "Ana", "a.ipynb", as_bytes(handed_in(**RIGHT)))
    mark_all(marker, [one], tmp_path)
    for path in (tmp_path / ".marked").iterdir():
        path.write_bytes(b"")
    assert points(mark_all(marker, [one], tmp_path)[0]) == ALL
