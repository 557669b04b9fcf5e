"""Collecting: who handed in what, from the exports of Canvas and Moodle, nested, flat or zipped."""

import io
import zipfile

import pytest

from foursources.grading.collect import collect
from tests.grading.lake import RIGHT, as_bytes, handed_in

RIGHT_FILE, OTHER = as_bytes(handed_in(**RIGHT)), as_bytes(handed_in())


def put(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


CANVAS = {"sargsyanaram_11_501_01-lake.ipynb": RIGHT_FILE, "hasanovali_LATE_12_502_01-lake.ipynb": OTHER}
MOODLE = {
    "Aram Sargsyan_11_assignsubmission_file_/01-lake.ipynb": RIGHT_FILE,
    "Əli Həsənov_12_assignsubmission_file_/my homework.ipynb": OTHER,
}
MOODLE_FLAT = {
    "Aram Sargsyan_11_assignsubmission_file_01-lake.ipynb": RIGHT_FILE,
    "Əli Həsənov_12_assignsubmission_file_my homework.ipynb": OTHER,
}


@pytest.mark.parametrize("files", [CANVAS, MOODLE, MOODLE_FLAT], ids=["canvas", "moodle", "moodle flat"])
@pytest.mark.parametrize("form", ["folder", "zip", "zip in a folder"])
def test_students_are_found_by_the_ids_of_the_lms(tmp_path, files, form):
    if form == "folder":
        where = put(tmp_path, files)
    else:
        where = put(tmp_path, {"submissions.zip": zipped(files)}) / "submissions.zip"
    found = collect(where if form != "zip in a folder" else tmp_path)
    if form == "zip in a folder" and files is CANVAS:
        assert {one.student for one in found} == {"11", "12"}
    assert sorted((one.student, one.content == RIGHT_FILE) for one in found) == [("11", True), ("12", False)]
    assert not [one for one in found if one.problem]


def test_anywhere_else_the_folder_or_the_file_names_the_student(tmp_path):
    put(
        tmp_path, {"Ana/notebook.ipynb": RIGHT_FILE, "ben.ipynb": OTHER, "Cyril/work.zip": zipped({"a/b.ipynb": OTHER})}
    )
    assert [one.student for one in collect(tmp_path)] == ["Ana", "ben", "Cyril"]


def test_a_later_attempt_counts_and_two_files_without_order_do_not(tmp_path):
    put(tmp_path, {"a_1_5_01-lake.ipynb": OTHER, "a_1_6_01-lake-1.ipynb": RIGHT_FILE})
    [one] = collect(tmp_path)
    assert (one.content, one.problem) == (RIGHT_FILE, "")
    put(tmp_path, {"Ben/a.ipynb": OTHER, "Ben/b.ipynb": RIGHT_FILE, "Eve/a.ipynb": OTHER, "Eve/copy.ipynb": OTHER})
    ben = next(one for one in collect(tmp_path) if one.name == "Ben")
    assert "Ben/a.ipynb and Ben/b.ipynb" in ben.problem and "keep the one to mark" in ben.problem
    assert not next(one for one in collect(tmp_path) if one.name == "Eve").problem


def test_what_is_no_submission_is_left_out(tmp_path):
    junk = {".ipynb_checkpoints/x-checkpoint.ipynb": OTHER, "__MACOSX/._01.ipynb": b"", "notes.txt": b"x"}
    put(tmp_path, junk | {"ana.ipynb": RIGHT_FILE})
    assert [one.student for one in collect(tmp_path)] == ["ana"]


def test_a_broken_zip_keeps_its_student_and_a_zip_writes_nothing_outside(tmp_path):
    outside = zipped({"../../outside.ipynb": RIGHT_FILE})
    put(tmp_path / "in", {"a_1_5_work.zip": b"PK broken", "b_2_6_work.zip": outside})
    found = {one.student: one for one in collect(tmp_path / "in")}
    assert set(found) == {"1", "2"} and found["1"].content == b"" and found["2"].content == RIGHT_FILE
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    "roster",
    [
        "id,name\n11,Aram Sargsyan\n13,Maro\n",
        "id;name\n11;Aram Sargsyan\n13;Maro\n",
        '\ufeffStudent,ID,SIS Login ID,The lake (9)\n    Points Possible,,,7\n"Sargsyan, Aram",11,as,\nMaro,13,m,\n',
        "Identifier,Full name,Grade\nParticipant 11,Aram Sargsyan,\nParticipant 13,Maro,\n",
    ],
    ids=["commas", "semicolons", "canvas", "moodle"],
)
def test_a_roster_names_who_handed_in_nothing_and_who_is_not_on_it(tmp_path, roster):
    put(tmp_path / "in", CANVAS)
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    found = {one.student: one for one in collect(tmp_path / "in", tmp_path / "roster.csv")}
    assert set(found) == {"11", "12", "13"}
    assert "Sargsyan" in found["11"].name and not found["11"].note
    assert "not on the roster" in found["12"].note and found["12"].content
    assert found["13"].problem == "nothing handed in"


def test_errors_say_what_was_expected(tmp_path):
    with pytest.raises(ValueError, match="is not there"):
        collect(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="holds no notebook"):
        collect(tmp_path)
    put(tmp_path, {"a.ipynb": OTHER, "roster.txt": b"who,what\n1,2\n"})
    with pytest.raises(ValueError, match="expected id and name"):
        collect(tmp_path, tmp_path / "roster.txt")


def test_only_the_name_that_the_lms_wrote_says_whose_a_file_is(tmp_path):
    inner = zipped({"victim_9_1_hw-9.ipynb": OTHER})
    put(
        tmp_path,
        {
            "victim_9_8_hw.ipynb": RIGHT_FILE,
            "evil_5_7_hw.zip": inner,
            "Evil Two_6_assignsubmission_file_/x_9_1_hw-9.ipynb": OTHER,
            "Week_7_assignsubmission_file_/week_1_2_final.ipynb": OTHER,
        },
    )
    found = {one.student: one for one in collect(tmp_path)}
    assert set(found) == {"9", "5", "6", "7"} and found["9"].content == RIGHT_FILE


def test_what_is_no_notebook_still_gets_its_row(tmp_path):
    put(tmp_path, {"a_1_5_essay.pdf": b"%PDF", "b_2_6_work.ipynb.txt": b"{}", "c_3_7_01.ipynb": RIGHT_FILE})
    inside = zipped({"readme.txt": b"x"})
    put(tmp_path, {"d_4_8_work.zip": inside, "c_3_7_extra.pdf": b"%PDF"})
    found = {one.student: one.problem for one in collect(tmp_path)}
    assert found["3"] == "" and "without a notebook" in found["4"]
    assert "no notebook" in found["1"] and "no notebook" in found["2"]


def test_a_zip_of_each_student_inside_the_zip_of_all_is_opened(tmp_path):
    put(tmp_path, {"all.zip": zipped({"ana_1_5_work.zip": zipped({"x.ipynb": RIGHT_FILE}), "b_2_6_n.ipynb": OTHER})})
    assert {one.student for one in collect(tmp_path / "all.zip")} == {"1", "2"}


def test_a_zip_that_unpacks_to_more_than_fits_is_refused(tmp_path):
    put(tmp_path, {"a_1_5_bomb.zip": zipped({"x.ipynb": b"0" * (30 << 20)}), "b_2_6_n.ipynb": RIGHT_FILE})
    found = {one.student: one for one in collect(tmp_path)}
    assert "more than 20 MB" in found["1"].problem and found["2"].content == RIGHT_FILE
