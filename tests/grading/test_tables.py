"""Grades: merged only where both parts are known, in a plain table and in gradebooks, and no cell is a formula."""

import csv

import pytest

from foursources.grading import tables
from foursources.grading.mark import MARKED, NOT_MARKED, Marked, write_grades
from tests.grading.lake import assignment

NAMES = ['O\'Neil, "Ana"', "=1+1", "Արամ", "Maro"]


@pytest.fixture
def lake(tmp_path):
    return assignment(tmp_path)


@pytest.fixture
def marks(lake, tmp_path):
    """The tables after marking: three marked, one not; returns a function that enters marks by hand."""
    one = {check.id: check.points for check in lake.checks}
    marked = [
        Marked(str(n), name, f"{n}.ipynb", MARKED, [], dict(one), written={"written": '=HYPERLINK("x")\nsecond, line'})
        for n, name in enumerate(NAMES[:3], 11)
    ]
    marked.append(Marked("14", NAMES[3], "14.ipynb", NOT_MARKED, ["the file is empty"]))
    write_grades(tmp_path / "grades.csv", lake, marked)
    tables.write_to_mark(tmp_path / "to_mark.csv", lake, marked)

    def enter(**by_student):
        rows = tables.read(tmp_path / "to_mark.csv")
        for row in rows:
            row.update(by_student.get(f"s{row['student']}", {}))
        with (tmp_path / "to_mark.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")  # as Excel saves it in many countries
            writer.writeheader()
            writer.writerows(rows)
        return tables.final(tmp_path / "grades.csv", tmp_path / "to_mark.csv", lake)

    return enter


E0, E1 = "Evidence (0-2)", "Fairness (0-2)"


def test_no_cell_of_a_table_is_a_formula(marks, tmp_path):
    for name in ("grades.csv", "to_mark.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "-")]
    assert tables.read(tmp_path / "to_mark.csv")[0]["answer"].startswith("=HYPERLINK")


def test_a_grade_needs_both_parts_and_is_never_a_zero_by_itself(marks):
    rows = {row["student"]: row for row in marks(s11={E0: "2", E1: "1,5"}, s12={E0: "2"})}
    assert (rows["11"]["checks"], rows["11"]["written"], rows["11"]["total"]) == ("7", "3.5", "10.5")
    assert (rows["12"]["written"], rows["12"]["total"]) == ("", "")
    assert (rows["14"]["checks"], rows["14"]["total"]) == ("", "")
    assert {row["out_of"] for row in rows.values()} == {"11"}


def test_a_person_can_give_points_where_the_program_could_not(marks):
    rows = {row["student"]: row for row in marks(s14={E0: "0", E1: "0", tables.BY_HAND: "4"})}
    assert rows["14"]["total"] == "4"


@pytest.mark.parametrize("wrong", ["3", "-1", "two", "2/2"])
def test_a_mark_out_of_range_is_named_with_its_row_and_column(marks, wrong):
    with pytest.raises(ValueError, match=r"row 3 \(=1\+1\), column 'Evidence \(0-2\)'.*from 0 to 2"):
        marks(s12={E0: wrong})


def test_grades_go_into_a_gradebook_of_canvas_and_of_moodle(marks, lake, tmp_path):
    rows = marks(s11={E0: "2", E1: "2"}, s13={E0: "1", E1: "1"})
    canvas = tmp_path / "canvas.csv"
    canvas.write_text(
        'Student,ID,SIS Login ID,Section,The lake (4711),Other (5)\n"    Points Possible",,,,11,5\n'
        '"O\'Neil, ""Ana""",11,a,one,,3\n=1+1,12,b,one,9,\nԱրամ,13,c,one,,\n',
        encoding="utf-8",
    )
    left = tables.export(rows, tmp_path / "out.csv", lake, canvas)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        filled = list(csv.reader(file))
    assert [row[4] for row in filled] == ["The lake (4711)", "11", "11", "9", "9"]
    assert [row[5] for row in filled] == ["Other (5)", "5", "3", "", ""], "other columns stay"
    assert filled[2][0] == NAMES[0] and filled[3][0] == "'=1+1"
    assert left == ["Maro (14) is not in canvas.csv; enter the grade by hand."]
    moodle = tmp_path / "moodle.csv"
    moodle.write_text("Identifier,Full name,Grade,Maximum Grade\nParticipant 11,Ana,,11\nParticipant 12,B,,11\n")
    tables.export(rows, tmp_path / "out.csv", lake, moodle)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["Grade"] for row in csv.DictReader(file)] == ["11", ""]


def test_a_template_that_does_not_fit_is_refused(marks, lake, tmp_path):
    rows = marks()
    for text, said in (("a,b\n1,2\n", "no gradebook"), ("Student,ID,Other (3)\nA,1,\n", "0 columns are called")):
        (tmp_path / "t.csv").write_text(text)
        with pytest.raises(ValueError, match=said):
            tables.export(rows, tmp_path / "out.csv", lake, tmp_path / "t.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_renamed_column_is_refused(marks, lake, tmp_path):
    text = (tmp_path / "to_mark.csv").read_text(encoding="utf-8-sig").replace(E0, "Evidence")
    (tmp_path / "to_mark.csv").write_text(text, encoding="utf-8-sig")
    with pytest.raises(ValueError, match="do not rename the columns"):
        tables.final(tmp_path / "grades.csv", tmp_path / "to_mark.csv", lake)


@pytest.mark.parametrize("words", ["one\u2028two", "one\x0btwo\x85three", "a\r\nb", "'=quoted", "long " * 60_000])
def test_marks_stay_with_an_answer_of_any_characters(lake, tmp_path, words):
    marked = [Marked("11", "Ana", "11.ipynb", MARKED, [], {"check-total": 1}, written={"written": words})]
    path = tmp_path / "to_mark.csv"
    tables.write_to_mark(path, lake, marked)
    rows = tables.read(path)
    assert len(rows) == 1
    rows[0].update({E0: "2", E1: "1"})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    tables.write_to_mark(path, lake, marked)
    [again] = tables.read(path)
    assert (again[E0], again[E1], again["changed"]) == ("2", "1", "")


@pytest.mark.parametrize("text", ["=1", "+1", "@x", " =1", "\n=1", "\ufeff=1", "＝1", "a;=1", "a\t=1", "-x"])
def test_what_a_spreadsheet_might_run_is_made_text_and_comes_back(text):
    assert tables.safe(text) == f"'{text}" and tables.unsafe(tables.safe(text)) == text
