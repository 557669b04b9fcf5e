"""The bank of questions, and what `check` says about an answer computed in Python."""

import re

import pandas as pd
import pytest
import yaml

from foursources import check, load, selfcheck
from foursources.selfcheck import QUESTIONS, QuestionError, find, read_bank, validate

GOOD = {
    "id": "q",
    "kind": "choice",
    "prompt": "Which?",
    "explanation": "Because.",
    "evidence": "Here.",
    "options": [
        {"text": "This", "correct": True, "feedback": "Yes, this."},
        {"text": "That", "correct": False, "feedback": "Not that."},
    ],
}


def bank(folder, *questions):
    (folder / "bank.yml").write_text(yaml.safe_dump(list(questions)), encoding="utf-8")
    return list(validate(folder))


def test_the_bank_of_the_course_is_valid():
    assert list(validate()) == []
    assert {q.kind for q in read_bank().values()} == {"choice", "choices", "number", "match"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"feedbak": "x"}, "bank.yml, question q: the key 'feedbak' is unknown; expected id, kind, prompt"),
        (
            {
                "options": [
                    {"text": "A", "correct": False, "feedback": "f"},
                    {"text": "B", "correct": False, "feedback": "f"},
                ]
            },
            "bank.yml, question q: no option is correct; expected `correct: true` on at least one.",
        ),
        (
            {
                "options": [
                    {"text": "A", "correct": True, "feedback": "f"},
                    {"text": "B", "correct": True, "feedback": "f"},
                ]
            },
            "bank.yml, question q: every option is correct; expected at least one with `correct: false`.",
        ),
        (
            {"options": [GOOD["options"][0], {"text": "That", "correct": False}]},
            "bank.yml, question q, options 2: 'feedback' is missing or empty; expected text.",
        ),
        (
            {"options": [GOOD["options"][0], {"text": "That", "correct": "no", "feedback": "f"}]},
            "bank.yml, question q, options 2, correct: found 'no', expected true or false.",
        ),
        (
            {"kind": "essay"},
            "bank.yml, question q, kind: found 'essay', expected one of choice, choices, number, match.",
        ),
        ({"prompt": ""}, "bank.yml, question q: 'prompt' is missing or empty; expected text."),
        ({"kind": "number", "options": None}, "bank.yml, question q: the key 'options' is unknown"),
        (
            {"options": ["This"]},
            "bank.yml, question q, options 1: found 'This', expected the keys text, correct, feedback.",
        ),
    ],
)
def test_each_kind_of_broken_question_gives_a_clear_error(tmp_path, change, said):
    problems = bank(tmp_path, GOOD | change)
    assert problems and problems[0].startswith(said), problems


def test_a_second_question_of_the_same_id_is_refused(tmp_path):
    assert bank(tmp_path, GOOD, GOOD) == [
        "bank.yml, question q: the id is taken by a question in bank.yml; expected a new one."
    ]


def test_text_that_is_not_yaml_is_refused(tmp_path):
    (tmp_path / "bank.yml").write_text("- id: [", encoding="utf-8")
    assert next(validate(tmp_path)).startswith("bank.yml: this is not YAML")
    with pytest.raises(QuestionError):
        find("q", tmp_path)


def test_an_unknown_question_is_refused_with_the_names_of_those_that_exist():
    with pytest.raises(QuestionError, match=r"no question 'nope'.*calendar-dates"):
        selfcheck("nope")


@pytest.mark.parametrize("question", read_bank().values(), ids=lambda q: q.id)
def test_every_question_shows_feedback_evidence_and_answer_without_a_script(question):
    html = question.html()
    assert "<fieldset><legend>" in html and html.count("<details>") == 1
    assert len(re.findall(r"<(?:input|select)\b", html)) == len(re.findall(r"<label for=", html))
    told = re.findall(r'<div class="fs-said"><strong>(Yes|No)\.</strong> \w', html)
    assert told == ["Yes" if option["correct"] else "No" for option in question.options]
    assert 'href="' in html.split("Evidence:")[1], "the evidence has no link"


@pytest.mark.parametrize(
    ("question", "answer", "passed", "said"),
    [
        ("calendar-dates", 3, True, "3 provisions is right"),
        ("calendar-dates", 4, False, "One provision sets two of them"),
        ("calendar-dates", 12, False, "too large"),
        ("calendar-dates", ..., False, "no answer yet"),
        ("calendar-dates", None, False, "no answer yet"),
        ("calendar-dates", "three", False, "is a str; expected one number"),
        ("calendar-dates", float("nan"), False, "NaN"),
        ("personnel-per-carrier", 1960 / 90, True, "is right"),
        ("personnel-per-carrier", 1960 / 380, False, "not by the armoured personnel carriers"),
        ("days-to-handover", {"Aghdam": 10}, False, "Nothing is said about Kalbajar"),
        ("days-to-handover", {"Agdam": 10}, False, "not an item of the question"),
        ("days-to-handover", 10, False, "expected a dictionary"),
        ("needs-agreement", [1, 2], True, "That is right"),
        ("needs-agreement", [1], False, "still missing"),
        ("needs-agreement", [1, 3], False, "Provision 9a"),
        ("stipulated", 2, True, "That is right"),
        ("stipulated", 9, False, "from 1 to 4"),
    ],
)
def test_check_says_what_is_wrong(question, answer, passed, said):
    verdict = check(question, answer)
    assert verdict.passed is passed and said in repr(verdict)


def test_check_never_says_what_is_right():
    for wrong in (1, 2, 4, 5, 7, 100):
        assert "3" not in repr(check("calendar-dates", wrong)).replace("provision 3", "")


def test_a_computed_series_of_days_is_accepted():
    dates = load("provision_dates")
    days = (dates.set_index("label").date - pd.Timestamp("2020-11-10")).dt.days
    answer = days.drop(["Ceasefire, begins"]).rename(
        {"Aghdam, handover": "Aghdam", "Kashatagh/Lachin, handover": "Kashatagh/Lachin"}
    )
    handovers = ["Aghdam", "Kalbajar/Karvachar, first date", "Kalbajar/Karvachar, moved date", "Kashatagh/Lachin"]
    assert check("days-to-handover", answer[handovers]).passed
    assert not check("days-to-handover", answer[handovers] + 1).passed


def test_questions_live_where_the_guide_says():
    assert QUESTIONS.is_dir()
