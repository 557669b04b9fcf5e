"""The bank for an LMS: every question with its feedback, in files that Moodle and Canvas can read."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from foursources.grading import lms
from foursources.selfcheck import QUESTIONS, read_bank

BANK = read_bank()
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return lms.write(tmp_path_factory.mktemp("lms"))


@pytest.fixture(scope="module")
def moodle(files):
    trees = [ElementTree.parse(path).getroot() for path in files if path.suffix == ".xml"]
    return {
        q.findtext("name/text"): q for tree in trees for q in tree.findall("question") if q.get("type") != "category"
    }


@pytest.fixture(scope="module")
def canvas(files):
    items = {}
    for path in (path for path in files if path.suffix == ".zip"):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            assert sorted(archive.namelist()) == ["imsmanifest.xml", "quiz.xml"]
            manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
            assert manifest.find(".//{*}resource").get("href") == "quiz.xml"
            items |= {i.get("ident"): i for i in ElementTree.fromstring(archive.read("quiz.xml")).iter(f"{QTI}item")}
    return items


def test_each_chapter_has_a_file_for_each_system(files):
    chapters = sorted(path.stem for path in QUESTIONS.glob("*.yml"))
    assert sorted(path.name for path in files) == sorted(
        name for chapter in chapters for name in (f"{chapter}-moodle.xml", f"{chapter}-canvas.zip")
    )


def test_every_question_is_there_with_all_of_its_feedback(moodle, canvas):
    assert set(moodle) == set(canvas) == set(BANK)
    for name, question in BANK.items():
        said = [part["feedback"] for part in (*question.options, *question.mistakes, *question.pairs)]
        for tree in (moodle[name], canvas[name]):
            text = "".join(tree.itertext())
            plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))
            parts = [question.explanation, *said]
            for part in parts:
                words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", lms._words(part)))
                assert words in plain, (name, part)


def test_right_answers_are_right_in_moodle(moodle):
    for name, question in BANK.items():
        answers = [(a.get("fraction"), a) for a in moodle[name].findall("answer")]
        if question.kind == "choice":
            assert [share == "100" for share, _ in answers] == [o["correct"] for o in question.options]
        elif question.kind == "choices":
            right = sum(float(share) for share, _ in answers if float(share) > 0)
            assert right == pytest.approx(100, abs=0.01)
            assert [float(share) > 0 for share, _ in answers] == [o["correct"] for o in question.options]
        elif question.kind == "number":
            share, first = answers[0]
            assert (share, float(first.findtext("text"))) == ("100", question.answer)
            assert float(first.findtext("tolerance")) == question.tolerance
        else:
            subs = [(s.findtext("answer/text")) for s in moodle[name].findall("subquestion")]
            assert subs == [*(p["match"] for p in question.pairs), *map(str, question.distractors)]


def test_right_answers_are_right_in_canvas(canvas):
    for name, question in BANK.items():
        item = canvas[name]
        scored = [c for c in item.iter(f"{QTI}respcondition") if c.find(f"{QTI}setvar") is not None]
        equal = [[e.text for e in c.iter(f"{QTI}varequal")] for c in scored]
        if question.kind == "choice":
            assert equal == [[str(n)] for n, o in enumerate(question.options, 1) if o["correct"]]
        elif question.kind == "choices":
            wrong = {e.text for no in scored[0].iter(f"{QTI}not") for e in no.iter(f"{QTI}varequal")}
            assert wrong == {str(n) for n, o in enumerate(question.options, 1) if not o["correct"]}
        elif question.kind == "number":
            low, high = (float(scored[0].find(f".//{QTI}{v}").text) for v in ("vargte", "varlte"))
            assert low <= question.answer <= high and high - low == pytest.approx(2 * question.tolerance)
        else:
            points = sum(float(c.findtext(f"{QTI}setvar")) for c in scored)
            assert points == pytest.approx(100, abs=0.1) and len(scored) == len(question.pairs)


def test_no_link_of_the_book_is_left_and_other_addresses_stay(moodle, canvas):
    for tree in (*moodle.values(), *canvas.values()):
        links = re.findall(r'href="([^"]*)"', "".join(tree.itertext()))
        assert not [link for link in links if not link.startswith("http")]
    assert any('href="http' in "".join(tree.itertext()) for tree in moodle.values())
